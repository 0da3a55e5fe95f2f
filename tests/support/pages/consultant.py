"""What a consultant does on the page, and what the page then shows: words for the browser tests of `client/web`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from playwright.async_api import Download, Locator, Page, expect

from local.stack import LocalStack

EVENTS = "query ($id: ID!) { events(sessionId: $id, limit: 1000) { items { sequence type tool text } } }"

SUBMIT = "mutation ($input: AssessmentInput!) { submitAssessment(input: $input) { id } }"
CANCEL = "mutation ($id: ID!) { cancelSession(id: $id) { status } }"


def home(stack: LocalStack) -> str:
    """The page's address, with a slash at its end."""
    return stack.endpoint.removesuffix("graphql")


async def sign_in(page: Page, username: str, password: str, *, stay: bool = False) -> None:
    """Fill in the form that asks who is there; `stay` keeps the user signed in."""
    await page.get_by_label("E-mail address or user name").fill(username)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_label("Keep me signed in").set_checked(stay)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def enter(page: Page, stack: LocalStack, user: int = 0, address: str = "", *, stay: bool = False) -> None:
    """Open the page and sign in as one of the demo users."""
    await page.goto(address or home(stack))
    account = stack.users.accounts[user]
    await sign_in(page, account.username, account.password, stay=stay)
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()


async def enter_by_key(page: Page, stack: LocalStack) -> None:
    """Open the page and use the API key."""
    await page.goto(home(stack))
    await page.get_by_text("Use an API key instead").click()
    await page.get_by_label("API key").fill(stack.api_key)
    await page.get_by_role("button", name="Use the key").click()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()


async def submit_and_cancel(stack: LocalStack, clients: Sequence[str]) -> None:
    """Submit briefs with the API key, one after the other, and have none of them worked on."""
    async with aiohttp.ClientSession(headers={"x-api-key": stack.api_key}) as http:

        async def send(query: str, variables: dict[str, object]) -> Any:  # noqa: ANN401 - whatever the API answers
            async with http.post(stack.endpoint, json={"query": query, "variables": variables}) as response:
                return (await response.json())["data"]

        for client in clients:
            made = await send(SUBMIT, {"input": {"clientName": client, "requirements": "- Users can book a room"}})
            await send(CANCEL, {"id": made["submitAssessment"]["id"]})


async def submit(
    page: Page, client: str, notes: str = "- Users can book a room\n- Exports to Excel", *, review: bool = False
) -> str:
    """Submit a brief; the new session's id."""
    await page.get_by_role("link", name="New proposal").first.click()
    await page.get_by_label("Client").fill(client)
    await page.get_by_label("Meeting notes").fill(notes)
    await page.get_by_label("Review before the documents are made").set_checked(review)
    await page.get_by_role("button", name="Create the proposal").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(client)
    return page.url.rpartition("/")[2]


async def open_review(page: Page) -> None:
    """Wait until the session that is shown waits for a review, and open the review."""
    await page.get_by_role("link", name="Review the proposal").click(timeout=60_000)
    await expect(page.get_by_role("heading", name="Requirements")).to_be_visible()


async def priced(page: Page, version: int) -> None:
    """Wait until the review shows the price of a version."""
    await expect(page.get_by_role("heading", name=f"Price of version {version}")).to_be_visible(timeout=60_000)


def row(page: Page, name: str) -> Locator:
    """The requirement's row in the review, by its id, or by "New requirement"."""
    about = page.locator(".about").get_by_text(name, exact=True)
    return page.get_by_role("row").filter(has=about)


async def completed(page: Page) -> None:
    """Wait until the session is shown as completed."""
    await expect(page.get_by_text("Completed: both documents are ready.")).to_be_visible(timeout=60_000)


async def steps_done(page: Page, count: int) -> None:
    """Wait until so many steps are done."""
    await expect(page.get_by_role("list", name="Steps").locator(".done").nth(count - 1)).to_be_visible(timeout=60_000)


async def download(page: Page, name: str) -> Download:
    """Click a document's link; what is downloaded."""
    async with page.expect_download() as coming:
        await page.get_by_role("link", name=name).click()
    return await coming.value


@dataclass(frozen=True)
class Log:
    """The agent's log as texts, each kind in its order."""

    reasoning: list[str]
    tools: list[str]
    answer: str
    count: int


async def shown_log(page: Page) -> Log:
    """The log as the page shows it."""
    found: dict[str, Any] = await page.evaluate(
        """() => {
            const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
            return {
                reasoning: texts(".event.reasoning p").map((text) => text.replace("Reasoning: ", "")),
                tools: [...document.querySelectorAll(".event.tool strong")].map((one) => one.title),
                answer: texts(".answer-text p").join("\\n"),
                count: parseInt(document.querySelector(".log .card-head span").textContent.replace(/\\D/g, "") || "0"),
            };
        }"""
    )
    return Log(**found)


async def kept_log(stack: LocalStack, session_id: str, user: int = 0) -> Log:
    """The log as the API has it."""
    token = await stack.users.token(stack.users.accounts[user].username)
    request = {"query": EVENTS, "variables": {"id": session_id}}
    async with (
        aiohttp.ClientSession() as http,
        http.post(stack.endpoint, json=request, headers={"authorization": token}) as response,
    ):
        items = (await response.json())["data"]["events"]["items"]
    chunks = "".join(item["text"] for item in items if item["type"] == "CHUNK")
    return Log(
        reasoning=[item["text"].strip() for item in items if item["type"] == "REASONING"],
        tools=[item["tool"] for item in items if item["type"] == "TOOL_CALL"],
        answer="\n".join(line for line in chunks.split("\n") if line),
        count=len(items),
    )
