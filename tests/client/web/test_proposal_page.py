"""The proposal in place: the session's page shows proposal.html in a frame without rights."""

import re

import pytest
from pages.browser import Visitor
from pages.consultant import completed, enter, submit
from playwright.async_api import expect

from local.stack import LocalStack

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


async def test_the_finished_proposal_can_be_read_in_place(ada: Visitor, stack: LocalStack) -> None:
    """The frame runs nothing, and the price in it is the one beside it."""
    await enter(ada.page, stack)
    await submit(ada.page, "In place")
    await completed(ada.page)
    frame = ada.page.locator("iframe[title='The proposal']")
    await expect(frame).to_have_attribute("sandbox", "")
    inside = ada.page.frame_locator("iframe[title='The proposal']")
    await expect(inside.get_by_text("Proposal for In place")).to_be_visible()
    digits = re.sub(r"[^\d.,]", "", await ada.page.locator(".costs .main dd").inner_text())
    await expect(inside.locator(".figures .value").first).to_contain_text(digits)
    for name in ("Download presentation", "Download statement of work", "Open the page"):
        await expect(ada.page.get_by_role("link", name=name)).to_be_visible()
    assert ada.complaints == []
