"""The consultant's page in a browser: the main job, from the notes to both documents."""

import docx
import pptx
import pytest
from pages.browser import Visitor
from pages.consultant import completed, download, enter, kept_log, shown_log, submit
from playwright.async_api import expect

from local.stack import LocalStack

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.slow
async def test_from_the_sign_in_to_both_documents(ada: Visitor, stack: LocalStack) -> None:
    """A consultant signs in, submits notes, watches the agent, and downloads a deck and a statement of work."""
    page = ada.page
    await enter(page, stack)
    session_id = await submit(page, "Acme Rooms")
    await completed(page)
    assert await page.get_by_role("progressbar", name="Progress").get_attribute("value") == "100"
    assert await shown_log(page) == await kept_log(stack, session_id)
    await expect(page.get_by_role("table")).to_contain_text("Software Engineer")
    deck = pptx.Presentation(str(await (await download(page, "Download presentation")).path()))
    words = docx.Document(str(await (await download(page, "Download statement of work")).path()))
    assert "Acme Rooms" in " ".join(shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame)
    assert any("Acme Rooms" in paragraph.text for paragraph in words.paragraphs)
    assert ada.complaints == []
