"""Makes the README's pictures from a real run: the page at work, a slide of the deck, a page of the statement of work.

    uv run python tests/support/pictures.py

It starts the local stack, runs the sample assessment, photographs the page in headless Chromium, and renders both
documents. Besides the tests' packages it needs Chromium, LibreOffice (`soffice`) and Poppler (`pdftoppm`, `pdftotext`).
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from checkout import ROOT
from pages import browser, consultant
from playwright.async_api import Page, ViewportSize, expect

from client.api import connected
from client.endpoint import Endpoint, Token
from client.session import Submission
from local import sample
from local.stack import LocalStack, StackSettings, running

FOLDER = ROOT / ".github"

WINDOW: ViewportSize = {"width": 1280, "height": 800}
PACE = 4.0
"""Seconds for a stage: slow enough that the page is photographed while the agent works."""
STEPS = 3
"""How many of the agent's steps are done in the picture of the page; the next one is at work."""

SLIDE = "PLAN"
"""What the slide to show begins with: the line above its title, in capitals as it is drawn."""
DOTS_PER_INCH = {"slide": 72, "statement-of-work": 72}


def program(name: str) -> str:
    """The path of a program that must be installed."""
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"{name} is not on the PATH: install chromium, libreoffice and poppler-utils")
    return path


def run(*command: str | Path) -> str:
    """Run a program; what it printed."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words


async def submit(stack: LocalStack) -> str:
    """Submit the sample assessment as the first demo user; the session's id."""
    submission = Submission(**asdict(sample.assessment()))
    token = await stack.users.token(stack.users.accounts[0].username)
    async with connected(Endpoint.parse(stack.endpoint), Token(token)) as api:
        session = await api.submit(submission, "pictures")
    return session.id


async def photograph(page: Page, stack: LocalStack, folder: Path) -> tuple[Path, Path]:
    """Take the picture of the page at work, then download the deck and the statement of work."""
    await consultant.enter(page, stack)
    await page.goto(f"{stack.page}#/sessions/{await submit(stack)}")
    await consultant.steps_done(page, STEPS)
    await expect(page.get_by_role("list", name="Steps").locator("[aria-current=step]")).to_be_visible()
    await page.screenshot(path=FOLDER / "page.png", animations="disabled")
    await consultant.completed(page)
    deck, sow = folder / "deck.pptx", folder / "sow.docx"
    await (await consultant.download(page, "Download presentation")).save_as(deck)
    await (await consultant.download(page, "Download statement of work")).save_as(sow)
    return deck, sow


def pdf(document: Path) -> Path:
    """The document as LibreOffice lays it out."""
    profile = f"-env:UserInstallation={(document.parent / 'profile').as_uri()}"  # works beside an open LibreOffice
    run(program("soffice"), profile, "--headless", "--convert-to", "pdf", "--outdir", document.parent, document)
    return document.with_suffix(".pdf")


def page_titled(file: Path, title: str) -> int:
    """The number of the first page that begins with this title."""
    pages = run(program("pdftotext"), "-layout", file, "-").split("\f")
    for number, text in enumerate(pages, start=1):
        if text.strip().startswith(title):
            return number
    raise LookupError(f"no page of {file.name} begins with {title!r}: set SLIDE to a title that the deck has")


def draw(file: Path, number: int, name: str) -> None:
    """Write one page of a PDF as a PNG."""
    pages = ("-f", str(number), "-l", str(number), "-singlefile")
    run(program("pdftoppm"), "-png", "-r", str(DOTS_PER_INCH[name]), *pages, file, FOLDER / name)


async def main() -> None:
    """Make all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "functions.log"
        async with (
            running(StackSettings(pace=PACE, log=log)) as stack,
            browser.running() as chromium,
            browser.visiting(chromium, viewport=WINDOW, locale="en-GB") as visitor,
        ):
            deck, sow = await photograph(visitor.page, stack, Path(folder))
        slides = pdf(deck)
        draw(slides, page_titled(slides, SLIDE), "slide")
        draw(pdf(sow), 1, "statement-of-work")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
