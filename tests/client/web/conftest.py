"""The fixtures of the page's tests: a stack, a browser, and a consultant who visits with it.

A module's `PACE`, if it has one, is how long the agent takes for a stage, and its `AGENT` is the service that the agent
speaks.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pages import browser
from pages.browser import Visitor
from playwright.async_api import Browser

from local.environment import Scripted
from local.stack import LocalStack, StackSettings, running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalStack]:
    """The module's own stack."""
    browser.chromium()
    settings = StackSettings(
        agent=getattr(request.module, "AGENT", Scripted.CONVERSE),
        pace=getattr(request.module, "PACE", 0.2),
        log=tmp_path_factory.mktemp("stack") / "log",
    )
    async with running(settings) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The module's browser."""
    async with browser.running() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def ada(chromium: Browser) -> AsyncIterator[Visitor]:
    """The test's own window, with no user signed in."""
    async with browser.visiting(chromium) as visitor:
        yield visitor
