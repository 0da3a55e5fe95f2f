"""The playground in a browser: GraphiQL on the local stack, without any other network.

GraphiQL is not part of the repository: without it these tests are skipped, and say how to install it.
"""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from checkout import ROOT
from pages import browser
from pages.browser import Visitor
from playwright.async_api import Browser, Locator, Page, Response, expect
from prerequisites import absent
from stacks.local import module_stack

from local.stack import LocalStack, StackSettings

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

BUILT = ROOT / "client" / "playground" / "built" / "graphiql.js"
INSTALL = "uv run python -m client.playground"

COMPLETION_MS = 90_000

expect.set_options(timeout=browser.PATIENCE_MS)


def built() -> None:
    """Skip the tests when the playground is not installed."""
    if not BUILT.exists():
        absent(f"the playground is not installed: {INSTALL}")


# A run lasts long enough for a slow browser to subscribe before its end.
stack = module_stack(StackSettings(pace=2.0), built)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with browser.running() as chromium:
        yield chromium


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(stack: LocalStack, chromium: Browser) -> AsyncIterator[Visitor]:
    permissions = ["clipboard-read", "clipboard-write"]
    async with browser.visiting(chromium, viewport={"width": 1280, "height": 900}, permissions=permissions) as visitor:
        yield visitor


def url(stack: LocalStack, brought: str = "") -> str:
    return stack.endpoint.removesuffix("/graphql") + "/playground" + brought


async def choose(page: Page, tab: str) -> None:
    await page.get_by_role("tab", name=tab, exact=True).get_by_role("button", name=tab).first.click()


async def write(page: Page, pane: str, value: object) -> None:
    """Replace what the pane, Variables or Headers, holds."""
    await page.get_by_role("button", name=pane, exact=True).click()
    await page.get_by_role("region", name=pane).get_by_role("textbox").focus()
    await page.keyboard.press("ControlOrMeta+a")
    # Pasted: what is typed, the editor completes with brackets and quotes of its own.
    await page.evaluate("text => navigator.clipboard.writeText(text)", json.dumps(value))
    await page.keyboard.press("ControlOrMeta+v")


async def run(page: Page) -> Locator:
    """Run the tab's operation; the pane with its answer."""
    await page.get_by_role("button", name="Execute query").click()
    return page.get_by_role("region", name="Result Window")


def submitted(response: Response) -> bool:
    """Whether it answers a submit; the schema may be asked for at any time."""
    return "submitAssessment(" in (response.request.post_data or "")


async def test_a_query_a_mutation_and_a_subscription_to_the_end_with_the_typed_key(
    stack: LocalStack, visitor: Visitor
) -> None:
    """With the key in the Headers pane, the samples list, submit, and show the pushes of a run up to COMPLETED."""
    page = visitor.page
    await page.goto(url(stack))
    await choose(page, "Sessions")
    await expect(await run(page)).to_contain_text("No credentials")
    await write(page, "Headers", {"x-api-key": stack.api_key})
    await expect(await run(page)).to_contain_text('"items": []')

    await choose(page, "Submit")
    async with page.expect_response(submitted) as answered:
        await expect(await run(page)).to_contain_text("PENDING")
    session_id = (await (await answered.value).json())["data"]["submitAssessment"]["id"]

    await choose(page, "OnProgress")
    await write(page, "Variables", {"sessionId": session_id})
    pushed = await run(page)
    await expect(pushed).to_contain_text(session_id)
    await expect(pushed).to_contain_text("COMPLETED", timeout=COMPLETION_MS)
    # The schema could not be read without a key; it was when one was typed.
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    await expect(page.get_by_role("link", name="Subscription", exact=True)).to_be_visible()
    assert visitor.complaints == []


async def test_the_first_sample_runs_as_it_is_shown(stack: LocalStack, visitor: Visitor) -> None:
    """With the key that a link brings, the first click submits, on the first visit and the second."""
    page = visitor.page
    for _ in range(2):
        await page.goto("about:blank")
        await page.goto(url(stack, f"#x-api-key={stack.api_key}"))
        await expect(await run(page)).to_contain_text("PENDING")
        await expect(page.get_by_role("tab")).to_have_count(7)
    assert visitor.complaints == []


async def test_the_schema_is_read_with_a_users_token(stack: LocalStack, visitor: Visitor) -> None:
    """A token that a link brings reads the schema, which the explorer shows, and is taken out of the address."""
    page = visitor.page
    token = await stack.users.token("ada@example.com")
    await page.goto(url(stack, f"#Authorization={token}"))
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    await page.get_by_role("link", name="Subscription", exact=True).click()
    await expect(page.get_by_role("link", name="onProgress")).to_be_visible()
    assert token not in page.url
    await choose(page, "Sessions")
    await expect(await run(page)).to_contain_text('"items": []')
    stored = await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert token not in stored
    assert visitor.complaints == []


async def test_the_pages_own_sign_in_is_used_where_no_credentials_are_typed(
    stack: LocalStack, visitor: Visitor
) -> None:
    """Who is signed in on the page queries and subscribes in the playground without typing a token."""
    page = visitor.page
    await page.goto(stack.page)
    account = stack.users.accounts[0]
    await page.evaluate(
        """async ([name, password]) => {
            const { signIn } = await import("/sign-in/auth.js");
            const { loadConfig } = await import("/api/config.js");
            await signIn(await loadConfig(), name, password);
        }""",
        [account.username, account.password],
    )
    await page.goto(url(stack))
    await choose(page, "Sessions")
    await expect(await run(page)).to_contain_text('"items": []')
    await choose(page, "OnProgress")
    await write(page, "Variables", {"sessionId": "no-such-session"})
    await expect(await run(page)).to_contain_text("NotFound")
    assert visitor.complaints == []


async def test_a_refused_key_is_told_for_requests_and_subscriptions(stack: LocalStack, visitor: Visitor) -> None:
    """A wrong key shows AppSync's error for a query, and the refusal of a subscription."""
    page = visitor.page
    await page.goto(url(stack, "#x-api-key=da2-wrong"))
    await choose(page, "Sessions")
    await expect(await run(page)).to_contain_text("UnauthorizedException")
    await choose(page, "OnProgress")
    await expect(await run(page)).to_contain_text("Unauthorized")
    visitor.expect_failed_requests()
    assert visitor.complaints == []


async def test_where_it_is_not_installed_the_page_says_the_command(stack: LocalStack, visitor: Visitor) -> None:
    """Without GraphiQL the page is plain text with the command that installs it."""
    page = visitor.page
    await page.route("**/built/**", lambda route: route.fulfill(status=404))
    await page.goto(url(stack))
    await expect(page.get_by_role("heading", name="not installed")).to_be_visible()
    await expect(page.get_by_text(INSTALL)).to_be_visible()
    visitor.expect_failed_requests()
    assert visitor.complaints == []
