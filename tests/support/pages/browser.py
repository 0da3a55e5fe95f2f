"""Debian's Chromium for the tests of pages, driven by Playwright, with no way to any host but the loopback.

`running` starts it; `visiting` opens a window for one visitor, with its own storage, and records every
complaint of the pages in it. A test of a page finds `Visitor.complaints` empty at its end.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect
from prerequisites import absent

ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Chromium reaches the loopback directly and all else through this proxy, where nothing listens.
    "--proxy-server=http://127.0.0.1:9",
)

PATIENCE_MS = 120_000
"""How long Playwright waits for a condition: the machine may be busy."""


def chromium() -> str:
    """The path of the browser."""
    return shutil.which("chromium") or absent("no Chromium found: apt-get install chromium")


@asynccontextmanager
async def running() -> AsyncIterator[Browser]:
    """A headless browser."""
    path = chromium()
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, headless=True, chromium_sandbox=False, args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visitor:
    """One visitor: a browser context, its first window, and what went wrong in any of its windows."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors on the console, uncaught exceptions, and requests for hosts other than this one."""

    def watch(self, page: Page) -> None:
        """Write down what `page` complains of."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("request", self._asked)

    def expect_failed_requests(self) -> None:
        """Forget the browser's own lines about requests that failed: the test made them fail."""
        self.complaints = [
            one for one in self.complaints if "Failed to load resource" not in one and "WebSocket" not in one
        ]

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {None, "127.0.0.1", "localhost"}:
            self.complaints.append(f"left the machine: {request.url}")


@asynccontextmanager
async def visiting(browser: Browser, **context_options: Any) -> AsyncIterator[Visitor]:  # noqa: ANN401 - Playwright's
    """A new visitor; the options are those of Playwright's `new_context`."""
    context = await browser.new_context(**context_options)
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = await context.new_page()
        visitor = Visitor(context, page)
        visitor.watch(page)
        yield visitor
    finally:
        await context.close()
