"""The consultant's page while a session runs: reloads, lost connections, other tabs, other users, cancel and retry."""

import json
import re

import pytest
from pages import browser
from pages.browser import Visitor
from pages.consultant import (
    completed,
    enter,
    enter_by_key,
    home,
    kept_log,
    shown_log,
    steps_done,
    submit,
    submit_and_cancel,
)
from playwright.async_api import Browser, Route, expect
from stacks import doorway

from local.stack import LocalStack

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

RECORD_BUTTON = """() => {
    const now = document.querySelector(".session-now");
    window.said = [];
    const observer = new MutationObserver(() => window.said.push(now.querySelector("button").textContent));
    observer.observe(now, { childList: true, subtree: true, characterData: true, attributes: true });
}"""

PACE = 0.6

MISSING = "This proposal does not exist or is not yours."


async def test_a_reload_in_mid_run_leads_back_to_the_same_session(ada: Visitor, stack: LocalStack) -> None:
    """The address says where one is: after a reload the log is there again, whole, and goes on."""
    await enter(ada.page, stack)
    session_id = await submit(ada.page, "Reloaded")
    await expect(ada.page.get_by_text("Live", exact=True)).to_be_visible()
    await steps_done(ada.page, 1)
    await ada.page.reload()
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("Reloaded")
    await completed(ada.page)
    assert await shown_log(ada.page) == await kept_log(stack, session_id)
    assert ada.complaints == []


async def test_a_server_away_in_mid_run_is_said_and_caught_up_with(ada: Visitor, stack: LocalStack) -> None:
    """The page says that it is cut off and keeps what it shows; once it is back, it shows each event once."""
    async with doorway.before(stack.endpoint) as door:
        await enter(ada.page, stack, address=door.url)
        session_id = await submit(ada.page, "Cut off")
        await steps_done(ada.page, 1)
        before = await shown_log(ada.page)
        door.become("shut")
        await expect(ada.page.get_by_text("Offline: trying again")).to_be_visible()
        assert (await shown_log(ada.page)).reasoning[: len(before.reasoning)] == before.reasoning
        door.become("open")
        await completed(ada.page)
        assert await shown_log(ada.page) == await kept_log(stack, session_id)
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_without_a_socket_the_page_polls_and_returns_to_push(ada: Visitor, stack: LocalStack) -> None:
    """Where WebSockets do not pass, the session is read every two seconds, and the page says so."""
    async with doorway.before(stack.endpoint) as door:
        await enter(ada.page, stack, address=door.url)
        session_id = await submit(ada.page, "No sockets")
        await expect(ada.page.get_by_text("Live", exact=True)).to_be_visible()
        door.become("no sockets")
        await expect(ada.page.get_by_text("Connection lost: checking every 2 seconds")).to_be_visible()
        await steps_done(ada.page, 2)
        door.become("open")
        await completed(ada.page)
        assert await shown_log(ada.page) == await kept_log(stack, session_id)
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_a_second_tab_is_signed_in_and_sees_the_same_and_signs_out_with_the_first(
    ada: Visitor, stack: LocalStack
) -> None:
    """One sign-in of a user who stays signed in holds for all tabs, and so does its end."""
    await enter(ada.page, stack, stay=True)
    session_id = await submit(ada.page, "Two tabs")
    other = await ada.context.new_page()
    ada.watch(other)
    await other.goto(ada.page.url)
    for page in (ada.page, other):
        await completed(page)
        assert await shown_log(page) == await kept_log(stack, session_id)
    await ada.page.get_by_role("button", name="Sign out").click()
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(other.get_by_text("Two tabs")).to_have_count(0)
    assert ada.complaints == []


async def test_another_user_sees_nothing_of_it(ada: Visitor, chromium: Browser, stack: LocalStack) -> None:
    """Another's session is not in the list, and its address says the same as one of no session."""
    await enter(ada.page, stack)
    await submit(ada.page, "Private")
    async with browser.visiting(chromium) as ben:
        await enter(ben.page, stack, user=1, address=ada.page.url)
        await expect(ben.page.get_by_text(MISSING)).to_be_visible()
        theirs = await ben.page.get_by_role("main").inner_text()
        await ben.page.goto(f"{home(stack)}#/sessions/nobodys")
        await expect(ben.page.get_by_text(MISSING)).to_be_visible()
        assert await ben.page.get_by_role("main").inner_text() == theirs
        await ben.page.get_by_role("link", name="My proposals").first.click()
        await expect(ben.page.get_by_text("No proposals yet.")).to_be_visible()
        assert ben.complaints == []


async def test_a_long_list_comes_a_page_at_a_time(ada: Visitor, stack: LocalStack) -> None:
    """Newest first; what a further page brings is added, and has the focus."""

    async def two_at_once(route: Route) -> None:
        asked = route.request.post_data_json
        if asked and "limit" in asked["variables"]:
            asked["variables"]["limit"] = 2
        await route.continue_(post_data=json.dumps(asked))

    page = ada.page
    clients = [f"Client {number}" for number in range(5)]
    await submit_and_cancel(stack, clients)
    await enter_by_key(page, stack)
    await page.route("**/graphql", two_at_once)
    await page.get_by_role("link", name="My proposals").click()
    names = page.get_by_role("list", name="My proposals").get_by_role("link")
    for count in (2, 4):
        await expect(names).to_have_count(count)
        await page.get_by_role("button", name="Show more").press("Enter")
        await expect(names.nth(count)).to_be_focused()
    assert await names.all_inner_texts() == clients[::-1]
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    assert ada.complaints == []


async def test_a_cancel_shows_even_before_any_run_took_the_session(ada: Visitor, stack: LocalStack) -> None:
    """Whether the worker ends the session or the API itself, the page need not wait for a push."""
    await enter(ada.page, stack)
    await submit(ada.page, "Too hasty")
    await ada.page.get_by_role("button", name="Cancel").click()
    # Less than the 25 seconds after which a silent session is read again.
    await expect(ada.page.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert ada.complaints == []


async def test_a_session_is_cancelled_run_again_and_completed(ada: Visitor, stack: LocalStack) -> None:
    """Cancel shows at once that it was asked for; a retry continues the same log to the documents."""
    page = ada.page
    await enter(page, stack)
    session_id = await submit(page, "Second thoughts")
    await steps_done(page, 1)
    await page.evaluate(RECORD_BUTTON)
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    assert "Cancelling …" in await page.evaluate("window.said")
    await expect(page.get_by_role("button", name="Run it again")).to_be_focused()
    await page.get_by_role("link", name="My proposals").click()
    line = page.get_by_role("listitem").filter(has_text="Second thoughts")
    await expect(line).to_contain_text("Cancelled")
    await line.get_by_role("link").click()
    await page.get_by_role("button", name="Run it again").click()
    await expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    await page.get_by_role("link", name="My proposals").click()
    await expect(line.get_by_role("progressbar")).to_be_visible()
    await expect(line).to_contain_text("Completed")  # the list keeps itself fresh while a session runs
    await line.get_by_role("link").click()
    await completed(page)
    assert await shown_log(page) == await kept_log(stack, session_id)
    assert ada.complaints == []


TWO_CALLS_AT_ONCE = """async () => {
    const { Timeline } = await import(new URL("views/session/timeline.js", location.origin + "/").href);
    const timeline = new Timeline();
    document.body.replaceChildren(timeline.element);
    const event = (sequence, type, toolCallId, text) => ({
        sequence, type, tool: "Weather", toolCallId, text, truncated: false, timestamp: "2026-11-22T12:00:00.000Z",
    });
    timeline.add([
        event(1, "TOOL_CALL", "c-1", "{}"),
        event(2, "TOOL_CALL", "c-2", "{}"),
        event(3, "TOOL_RESPONSE", "c-2", "second"),
        event(4, "TOOL_RESPONSE", "c-1", "first"),
    ]);
    return [...document.querySelectorAll(".event .gist")].map((one) => one.textContent);
}"""


async def test_calls_of_one_tool_at_a_time_are_each_shown_with_their_own_answer(
    ada: Visitor, stack: LocalStack
) -> None:
    await enter(ada.page, stack)
    assert await ada.page.evaluate(TWO_CALLS_AT_ONCE) == ["first", "second"]


async def test_what_the_models_cost_stands_below_the_log(ada: Visitor, stack: LocalStack) -> None:
    """A model without a price shows its tokens only, and a session that asked no model shows nothing."""
    usage: dict[str, object] = {"inputTokens": 0, "outputTokens": 0, "cacheReadInputTokens": 0, "modelCost": 0.0}

    async def with_usage(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        if "usage" in (told["data"].get("session") or {}):
            told["data"]["session"]["usage"] = usage | {"modelCostCurrency": "USD"}
        await route.fulfill(response=answer, json=told)

    await enter(ada.page, stack)
    await submit(ada.page, "Costly")
    await completed(ada.page)
    await expect(ada.page.locator(".usage")).to_have_text(re.compile(r"^Model: [\d,]+ tokens in, [\d,]+ out$"))
    await ada.page.route("**/graphql", with_usage)
    await ada.page.reload()
    await completed(ada.page)
    await expect(ada.page.locator(".usage")).to_be_hidden()
    usage |= {"inputTokens": 2345, "outputTokens": 678, "cacheReadInputTokens": 10_000, "modelCost": 0.07}
    await ada.page.reload()
    await expect(ada.page.locator(".usage")).to_have_text("Model: 12,345 tokens in, 678 out, $0.07")
    assert ada.complaints == []
