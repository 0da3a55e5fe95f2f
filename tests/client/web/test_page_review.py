"""The review of a proposal in a browser: what was understood is corrected, priced again, approved and compared."""

import asyncio
import json
import re

import pytest
from pages.browser import Visitor
from pages.consultant import completed, enter, home, open_review, priced, row, submit
from playwright.async_api import Page, Route, expect

from local.cognito.user_pool import TARGET
from local.stack import LocalStack

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

NOTES = """# Booking
- Users can book a room
- Users can cancel a booking
- Users receive a reminder by e-mail
# Reports
- Managers see how rooms are used
- Exports to Excel
"""

SENT = re.compile("reviewSession")


def sent_requirements(page: Page) -> list[dict[str, object]]:
    """What the page's reviews have said, in the order in which they were sent. It grows."""
    inputs: list[dict[str, object]] = []

    def note(asked: str | None) -> None:
        if asked and SENT.search(asked):
            inputs.append(json.loads(asked)["variables"]["input"])

    page.on("request", lambda request: note(request.post_data))
    return inputs


async def test_a_review_from_the_notes_to_both_versions(ada: Visitor, stack: LocalStack) -> None:
    """One goes out of scope, two are merged, a size and the team change; it is priced again, approved and compared."""
    page = ada.page
    inputs = sent_requirements(page)
    await enter(page, stack)
    await submit(page, "Reviewed", NOTES, review=True)
    await open_review(page)
    await row(page, "FR-2").get_by_role("textbox").focus()
    await expect(page.locator(".notes .lit")).to_have_text("- Users can cancel a booking")
    await row(page, "FR-3").get_by_role("checkbox", name="In scope").uncheck()
    for name in ("FR-1", "FR-2"):
        await row(page, name).get_by_role("checkbox", name="Select").check()
    await page.get_by_role("button", name="Merge (2)").click()
    await expect(row(page, "FR-2")).to_have_count(0)
    await expect(row(page, "FR-1").get_by_role("textbox")).to_be_focused()
    await row(page, "FR-4").get_by_role("combobox", name="Size").select_option("XL")
    await page.get_by_label("Team", exact=True).fill("1")
    await expect(page.get_by_text("1 removed, 3 changed, 1 term: not priced yet.")).to_be_visible()
    await page.get_by_role("button", name="Price again").click()
    await priced(page, 2)
    await expect(page.get_by_role("status").filter(has_text="Version 2: ")).to_have_count(1)
    await expect(page.get_by_role("group", name="Send the review")).to_contain_text("more), ")
    await expect(row(page, "FR-1")).to_contain_text("lines 2, 3")
    await page.get_by_role("button", name="Make the documents").click()
    await completed(page)
    first, second = inputs
    assert {name for name in first if first[name]} == {"revision", "requirements", "teamSize"}
    assert set(second) == {"revision", "approve"}, "what did not change is not sent again"
    await page.get_by_role("link", name="Compare versions").click()
    changes = page.get_by_role("region", name="Requirements")
    await expect(changes.get_by_text("FR-3, now OUT-1")).to_be_visible()
    await expect(changes).to_contain_text("FR-1 lines 2 → 2, 3")
    await expect(changes).to_contain_text("FR-4 size M → XL")
    await expect(changes).to_contain_text("Removed (1)FR-2 Users can cancel a booking")
    figures = page.get_by_role("region", name="Price and plan", exact=True)
    await expect(figures.get_by_role("row", name="Team")).to_contain_text("1")
    await expect(figures.get_by_role("link", name="Presentation")).to_have_count(1)
    assert ada.complaints == []


async def test_a_sign_in_that_ends_during_a_review_costs_no_change(ada: Visitor, stack: LocalStack) -> None:
    """The API refuses the token, Cognito its renewal: the page asks who is there, and then sends the same review."""
    page, account = ada.page, stack.users.accounts[0]
    inputs = sent_requirements(page)
    await enter(page, stack)
    await submit(page, "Long thought", NOTES, review=True)
    await open_review(page)
    words = "Users can cancel a booking for free"
    await row(page, "FR-2").get_by_role("textbox").fill(words)
    await page.get_by_label("Discount").fill("10")
    pending = page.get_by_text("1 changed, 1 term: not priced yet.")
    await expect(pending).to_be_visible()

    tokens = await page.evaluate("JSON.parse(sessionStorage.getItem('scopesmith.user'))")
    revoked = await page.request.post(
        f"{home(stack)}cognito-idp",
        headers={"x-amz-target": f"{TARGET}.RevokeToken"},
        data={"ClientId": stack.users.client_id, "Token": tokens["refreshToken"]},
    )
    assert revoked.ok

    async def refuse(route: Route) -> None:
        if route.request.headers.get("authorization") == tokens["accessToken"]:
            await route.fulfill(status=401, json={"errors": [{"errorType": "UnauthorizedException", "message": "no"}]})
        else:
            await route.continue_()

    await page.route("**/graphql", refuse)
    send = page.get_by_role("button", name="Price again")
    await send.click()
    dialog = page.get_by_role("dialog", name="Sign in again")
    await expect(dialog).to_contain_text("Your sign-in has ended. Sign in again; nothing is lost.")
    await expect(dialog.get_by_label("E-mail address or user name")).to_have_value(account.username)
    await dialog.get_by_label("Password", exact=True).fill(account.password)
    await dialog.get_by_role("button", name="Sign in", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(row(page, "FR-2").get_by_role("textbox")).to_have_value(words)
    await expect(page.get_by_label("Discount")).to_have_value("10")
    await expect(pending).to_be_visible()
    await send.click()
    await priced(page, 2)
    await expect(row(page, "FR-2").get_by_role("textbox")).to_have_value(words)
    refused, accepted = inputs
    assert refused == accepted
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_unsent_changes_are_removed_at_the_sign_out_unless_they_are_kept(ada: Visitor, stack: LocalStack) -> None:
    """They hold the client's words, and the next user of the browser could read them."""
    page = ada.page
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('scopesmith.review.')).length"
    discount, leave = page.get_by_label("Discount"), page.get_by_role("button", name="Sign out", exact=True)
    await enter(page, stack)
    await submit(page, "Left unsent", NOTES, review=True)
    await open_review(page)
    address = page.url
    await discount.fill("10")
    for answer, count, value in (("Keep them and sign out", 1, "10"), ("Remove them and sign out", 0, "0")):
        await leave.click()
        await page.get_by_role("button", name=answer).click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        assert await page.evaluate(kept) == count
        await enter(page, stack, address=address)
        await expect(discount).to_have_value(value)
    assert ada.complaints == []


@pytest.mark.thorough
async def test_a_completed_proposal_is_revised_and_both_versions_keep_their_documents(
    ada: Visitor, stack: LocalStack
) -> None:
    """Without a change there is nothing to make; a discount makes the next version."""
    page = ada.page
    await enter(page, stack)
    await submit(page, "Revised", NOTES)
    await completed(page)
    await page.get_by_role("link", name="Revise").click()
    approve = page.get_by_role("button", name="Make the documents")
    await expect(approve).to_have_attribute("aria-disabled", "true")
    await page.get_by_label("Discount").fill("12.5")
    await approve.click()
    await expect(page.get_by_role("link", name="Compare versions")).to_be_visible(timeout=60_000)
    await completed(page)
    await page.get_by_role("link", name="Compare versions").click()
    await expect(page.get_by_text("The requirements are the same.")).to_be_visible()
    for version in (1, 2):
        async with page.expect_download() as coming:
            await page.get_by_role("link", name=re.compile(f"Presentation of version {version}")).click()
        assert (await (await coming.value).path()).read_bytes()[:2] == b"PK"
    await expect(page.get_by_role("row", name="Discount")).to_contain_text("+12.5")
    assert ada.complaints == []


@pytest.mark.thorough
async def test_every_act_is_undone_and_done_again(ada: Visitor, stack: LocalStack) -> None:
    """Split, add, remove and a new work package, by buttons and by keyboard; the focus stays in the table."""
    page = ada.page
    await enter(page, stack)
    await submit(page, "Undone", NOTES, review=True)
    await open_review(page)
    texts = page.locator("tr[data-key] textarea")
    before = await texts.evaluate_all("all => all.map((one) => one.value)")
    await row(page, "FR-1").get_by_role("textbox").fill("Users can book a room. Guests can see it")
    await row(page, "FR-1").get_by_role("button", name="Split").click()
    await expect(row(page, "New requirement").get_by_role("textbox")).to_be_focused()
    await expect(row(page, "New requirement").get_by_role("textbox")).to_have_value("Guests can see it")
    await row(page, "FR-4").get_by_role("combobox", name="Package").select_option("New package …")
    await page.keyboard.type("Analytics")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("rowheader", name=re.compile("^Analytics"))).to_be_visible()
    await row(page, "FR-5").get_by_role("button", name="Remove").click()
    await expect(row(page, "FR-5")).to_have_count(0)
    assert await page.evaluate("document.activeElement.matches('tr[data-key] textarea')")
    await page.get_by_role("button", name="Add a requirement", exact=True).click()
    await expect(page.get_by_text("2 added, 1 removed, 2 changed: not priced yet.")).to_be_visible()
    after = await texts.evaluate_all("all => all.map((one) => one.value)")
    await row(page, "FR-4").get_by_role("checkbox", name="Select").focus()
    for _ in range(5):
        await page.keyboard.press("ControlOrMeta+z")
    await expect(page.get_by_text("Nothing has changed since this price.")).to_be_visible()
    assert await texts.evaluate_all("all => all.map((one) => one.value)") == before
    await expect(page.get_by_role("status").filter(has_text="Undone: change of FR-1.")).to_have_count(1)
    for _ in range(5):
        await page.keyboard.press("ControlOrMeta+Shift+z")
    assert await texts.evaluate_all("all => all.map((one) => one.value)") == after
    assert ada.complaints == []


async def test_unsent_changes_are_there_after_a_reload(ada: Visitor, stack: LocalStack) -> None:
    page = ada.page
    await enter(page, stack)
    await submit(page, "Reloaded", NOTES, review=True)
    await open_review(page)
    await row(page, "FR-1").get_by_role("textbox").fill("Users can book a desk")
    await page.get_by_label("Start", exact=True).fill("2027-06-01")
    await page.reload()
    await expect(page.get_by_text("Your changes of last time are here again.")).to_be_visible()
    await expect(row(page, "FR-1").get_by_role("textbox")).to_have_value("Users can book a desk")
    await expect(page.get_by_label("Start", exact=True)).to_have_value("2027-06-01")
    await page.get_by_role("button", name="Drop my changes").click()
    await page.reload()
    await expect(row(page, "FR-1").get_by_role("textbox")).to_have_value("Users can book a room")
    await expect(page.get_by_text("Nothing has changed since this price.")).to_be_visible()
    assert ada.complaints == []


async def test_two_tabs_in_conflict_see_both_sides(ada: Visitor, stack: LocalStack) -> None:
    """The slower tab is told what the other has made; its own changes go on top of it, or are dropped."""
    page = ada.page
    await enter(page, stack, stay=True)
    await submit(page, "Contested", NOTES, review=True)
    await open_review(page)
    other = await ada.context.new_page()
    ada.watch(other)
    await other.goto(page.url)
    await row(other, "FR-1").get_by_role("textbox").fill("Users can book a desk")
    await other.get_by_label("Discount").fill("5")
    await row(page, "FR-1").get_by_role("combobox", name="Size").select_option("XL")
    await page.get_by_role("button", name="Price again").click()
    await priced(page, 2)
    conflict = other.get_by_role("region", name="This proposal was changed elsewhere")
    await expect(conflict.get_by_text("Both have changed FR-1: on top, yours count.")).to_be_visible()
    await expect(conflict).to_contain_text("Discount: 0 % → 5 %")
    await expect(conflict).to_contain_text("FR-1 size M → XL")
    await other.reload()
    await conflict.get_by_role("button", name="Put mine on top of version 2").click()
    await expect(row(other, "FR-1").get_by_role("textbox")).to_have_value("Users can book a desk")
    await expect(row(other, "FR-1").get_by_role("combobox", name="Size")).to_have_value("XL")
    await row(page, "FR-2").get_by_role("textbox").fill("Users can cancel")
    await other.get_by_role("button", name="Price again").click()
    await priced(other, 3)
    await page.get_by_role("button", name="Take theirs and drop mine").click()
    await priced(page, 3)
    await expect(row(page, "FR-2").get_by_role("textbox")).to_have_value("Users can cancel a booking")
    await expect(page.get_by_text("Nothing has changed since this price.")).to_be_visible()
    assert ada.complaints == []


@pytest.mark.thorough
async def test_a_review_that_the_api_refuses_is_kept_and_explained(ada: Visitor, stack: LocalStack) -> None:
    """A tab that has missed somebody else's review gets a conflict from the API, and explains it with both sides."""
    page = ada.page
    await enter(page, stack, stay=True)
    await submit(page, "Missed", NOTES, review=True)
    await open_review(page)
    other = await ada.context.new_page()
    ada.watch(other)
    go_on = asyncio.Event()

    async def deaf(route: Route) -> None:
        if "query State(" in (route.request.post_data or ""):
            await go_on.wait()
        await route.continue_()

    await other.route("**/graphql", deaf)
    await other.route_web_socket(re.compile("realtime"), lambda _: None)
    await other.goto(page.url)
    await row(other, "FR-1").get_by_role("combobox", name="Size").select_option("S")
    await page.get_by_label("Team", exact=True).fill("1")
    await page.get_by_role("button", name="Price again").click()
    await priced(page, 2)
    await other.get_by_role("button", name="Price again").click()
    await expect(other.get_by_role("heading", name="This proposal was changed elsewhere")).to_be_focused()
    go_on.set()
    await other.get_by_role("button", name="Put mine on top of version 2").click()
    await other.unroute_all(behavior="ignoreErrors")
    await expect(row(other, "FR-1").get_by_role("combobox", name="Size")).to_have_value("S")
    await expect(other.get_by_label("Team", exact=True)).to_have_value("1")
    ada.expect_failed_requests()
    assert ada.complaints == []


@pytest.mark.thorough
async def test_a_doubtful_reading_is_said_on_the_review_and_the_proposal(ada: Visitor, stack: LocalStack) -> None:
    async def doubtful(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        if told["data"].get("proposal"):
            told["data"]["proposal"]["confidence"] = 0.4
        await route.fulfill(response=answer, json=told)

    page = ada.page
    await enter(page, stack)
    await page.route("**/graphql", doubtful)
    await submit(page, "Doubtful", NOTES, review=True)
    words = page.get_by_text("The analysis is only 40 % sure that it has understood the notes.")
    await expect(words).to_be_visible(timeout=60_000)
    await open_review(page)
    await expect(words).to_be_visible()
    await page.unroute_all(behavior="wait")
    assert ada.complaints == []


@pytest.mark.thorough
async def test_the_list_shows_first_what_waits_and_a_deleted_proposal_is_gone(ada: Visitor, stack: LocalStack) -> None:
    """What waits stands above newer ones and can be shown alone; deleting asks first, and another tab sees it."""
    page = ada.page
    await enter(page, stack, user=1, stay=True)
    session_id = await submit(page, "Waits", NOTES, review=True)
    await expect(page.get_by_role("link", name="Review the proposal")).to_be_visible(timeout=60_000)
    await submit(page, "Newer", NOTES)
    await completed(page)
    await page.get_by_role("link", name="My proposals").click()
    names = page.get_by_role("list", name="My proposals").get_by_role("link")
    await expect(names).to_have_text(["Waits", "Newer"])
    await page.get_by_role("button", name="Waiting for me (1)").click()
    await expect(names).to_have_text(["Waits"])
    other = await ada.context.new_page()
    ada.watch(other)
    await other.goto(f"{page.url.partition('#')[0]}#/sessions/{session_id}/review")
    await expect(other.get_by_role("heading", name="Requirements")).to_be_visible()
    await names.click()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Waits")
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("button", name="Delete for good").click()
    await expect(names).to_have_text(["Newer"])
    await expect(other.get_by_role("heading", name="No such proposal")).to_be_visible()
    assert ada.complaints == []
