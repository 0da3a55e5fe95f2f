"""What is typed into the consultant's page: wrong passwords and input, an ended sign-in, an API key, hostile text."""

import asyncio

import pytest
from pages.browser import Visitor
from pages.consultant import completed, download, enter, home, sign_in, submit
from playwright.async_api import Page, Route, expect

from local.cognito.user_pool import Account
from local.environment import Scripted
from local.stack import LocalStack

AGENT = Scripted.BEDROCK
"""An agent that reads the client's name and says it, so that hostile text comes back in its words too."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}'

END_THE_SIGN_IN = """() => {
    const tokens = JSON.parse(sessionStorage.getItem("scopesmith.user"));
    sessionStorage.setItem("scopesmith.user", JSON.stringify({ ...tokens, expiresAt: 0, refreshToken: "ended" }));
}"""


async def typed_in_vain(page: Page, label: str, value: str, complaint: str) -> None:
    """A value that the page refuses: it stays, is marked, is explained, and has the focus."""
    field = page.get_by_label(label)
    await field.fill(value)
    await page.get_by_role("button", name="Create the proposal").click()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_value(value)
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description(complaint)


async def test_a_wrong_password_is_said_and_may_be_typed_again(ada: Visitor, stack: LocalStack) -> None:
    await ada.page.goto(home(stack))
    await sign_in(ada.page, stack.users.accounts[0].username, "not this one")
    await expect(ada.page.get_by_role("alert")).to_have_text("The user name or the password is wrong.")
    await sign_in(ada.page, stack.users.accounts[0].username, stack.users.accounts[0].password)
    await expect(ada.page.get_by_role("heading", name="New proposal")).to_be_visible()
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_a_first_sign_in_asks_for_a_password_of_ones_own(ada: Visitor, stack: LocalStack) -> None:
    """A user whom an administrator has just created sets a password, and is signed in."""
    temporary = stack.users.accounts[0].password
    await stack.users.add(Account("carla@example.com", temporary), invited=True)
    await ada.page.goto(home(stack))
    await sign_in(ada.page, "carla@example.com", temporary)
    await ada.page.get_by_label("New password", exact=True).fill(f"{temporary}-2")
    await ada.page.get_by_label("New password again").fill("something else")
    await ada.page.get_by_role("button", name="Set the password").click()
    await expect(ada.page.get_by_role("alert")).to_have_text("The two passwords differ. Type them again.")
    await ada.page.get_by_label("New password again").fill(f"{temporary}-2")
    await ada.page.get_by_role("button", name="Set the password").click()
    await expect(ada.page.get_by_text("carla@example.com")).to_be_visible()
    assert ada.complaints == []


async def test_a_second_factor_is_asked_for_and_may_be_mistyped(ada: Visitor, stack: LocalStack) -> None:
    """A user with an authenticator app gives its code; a wrong one is said and typed again."""
    account = stack.users.accounts[0]
    granted = await stack.users.cognito.call("AdminInitiateAuth", **stack.users.sign_in(account))

    async def cognito(route: Route) -> None:
        # The local pool has no second factor: its part is played here.
        asked = route.request.post_data_json or {}
        if "ChallengeResponses" not in asked:
            challenge = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s", "ChallengeParameters": {}}
            await route.fulfill(json=challenge)
        elif asked["ChallengeResponses"]["SOFTWARE_TOKEN_MFA_CODE"] == "123456":
            await route.fulfill(json=granted)
        else:
            await route.fulfill(status=400, json={"__type": "CodeMismatchException", "message": "Code mismatch"})

    await ada.page.route("**/cognito-idp", cognito)
    await ada.page.goto(home(stack))
    await sign_in(ada.page, account.username, account.password)
    await ada.page.get_by_label("Code").fill("000000")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_role("alert")).to_contain_text("The code is wrong.")
    await ada.page.get_by_label("Code").fill("123456")
    await ada.page.keyboard.press("Enter")
    await expect(ada.page.get_by_role("heading", name="New proposal")).to_be_visible()
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_an_api_key_opens_the_page_for_this_tab_alone(ada: Visitor, stack: LocalStack) -> None:
    await ada.page.goto(home(stack))
    await ada.page.get_by_text("Use an API key instead").click()
    await ada.page.get_by_label("API key").fill("da2-nobodys")
    await ada.page.get_by_role("button", name="Use the key").click()
    await expect(ada.page.get_by_text("The API does not accept this key.")).to_be_visible()
    await ada.page.get_by_label("API key").fill(stack.api_key)
    await ada.page.get_by_role("button", name="Use the key").click()
    await submit(ada.page, "By key")
    await completed(ada.page)
    await ada.page.reload()
    await completed(ada.page)
    other = await ada.context.new_page()
    await other.goto(ada.page.url)
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_wrong_input_is_explained_at_its_field_and_never_lost(ada: Visitor, stack: LocalStack) -> None:
    """The limits are checked before anything is sent, and a fault that only the API finds is shown at its field too."""
    page = ada.page
    await enter(page, stack)
    await typed_in_vain(page, "Client", "   ", "3 of 200 characters. Fill in: client.")
    await page.get_by_label("Client").fill("Acme")
    long = "Too long by 1: at most 200 characters."
    await page.get_by_label("Meeting notes").fill("- Users can book a room")
    await typed_in_vain(page, "Project", "p" * 201, f"201 of 200 characters. {long}")
    await page.get_by_label("Project").fill("\N{GRINNING FACE}" * 200)  # characters, not UTF-16's halves
    await typed_in_vain(page, "Team size", "1001", "People, from 1 to 1,000. Give a whole number from 1 to 1,000.")
    await page.get_by_label("Team size").fill("4")
    half = 'input => { input.value = "half \\ud83d"; input.dispatchEvent(new Event("input")); }'
    await page.get_by_label("Industry").evaluate(half)
    await page.get_by_role("button", name="Create the proposal").click()
    industry = page.get_by_label("Industry")
    await expect(industry).to_be_focused()
    assert "half of a surrogate pair" in (await page.locator("#field-industry-fault").text_content() or "")
    await page.reload()
    await expect(page.get_by_label("Meeting notes")).to_have_value("- Users can book a room")
    await expect(page.get_by_label("Team size")).to_have_value("4")
    await page.get_by_label("Industry").fill("Hotels")
    await page.get_by_role("button", name="Create the proposal").click()
    await completed(page)
    await page.get_by_role("link", name="New proposal").click()
    await expect(page.get_by_label("Client")).to_have_value("")
    assert ada.complaints == []


async def test_whoever_leaves_while_a_brief_is_sent_is_not_pulled_back(ada: Visitor, stack: LocalStack) -> None:
    """The answer comes to a view that is gone: the session is made, the draft is done, and the other view stays."""
    page = ada.page
    go_on = asyncio.Event()

    async def slow(route: Route) -> None:
        if "submitAssessment" in (route.request.post_data or ""):
            await go_on.wait()
        await route.continue_()

    await enter(page, stack)
    await page.route("**/graphql", slow)
    await page.get_by_label("Client").fill("Left early")
    await page.get_by_label("Meeting notes").fill("- Users can book a room")
    await page.get_by_role("button", name="Create the proposal").press("Enter")
    await expect(page.get_by_role("button", name="Submitting …")).to_be_focused()
    await page.get_by_role("link", name="My proposals").click()
    async with page.expect_response(lambda answer: "submitAssessment" in (answer.request.post_data or "")):
        go_on.set()
    await page.wait_for_function("!Object.keys(localStorage).some((name) => name.startsWith('scopesmith.draft'))")
    await expect(page.get_by_role("heading", name="My proposals")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("link", name="Left early")).to_be_visible()
    await page.get_by_role("link", name="New proposal").first.click()
    await expect(page.get_by_label("Client")).to_have_value("")
    assert ada.complaints == []


async def test_the_sample_fills_the_form_and_what_was_there_comes_back(ada: Visitor, stack: LocalStack) -> None:
    page = ada.page
    await enter(page, stack)
    await page.get_by_label("Client").fill("Half typed")
    await page.get_by_role("button", name="Try a sample brief").click()
    await expect(page.get_by_label("Client")).to_have_value("Harbour & Hill Housing")
    await page.get_by_role("button", name="Bring back what I had").click()
    await expect(page.get_by_label("Client")).to_have_value("Half typed")
    assert ada.complaints == []


async def test_an_ended_sign_in_asks_again_and_goes_on_where_one_was(ada: Visitor, stack: LocalStack) -> None:
    """The session and the form stay on the page; after the sign-in the same request goes through."""
    page = ada.page
    account = stack.users.accounts[0]
    await enter(page, stack)
    await submit(page, "Long break")
    await completed(page)
    await page.evaluate(END_THE_SIGN_IN)
    await page.reload()
    dialog = page.get_by_role("dialog", name="Sign in again")
    await expect(dialog).to_be_visible()
    await expect(dialog.get_by_label("E-mail address or user name")).to_have_value(account.username)
    await dialog.get_by_label("Password", exact=True).fill(account.password)
    await dialog.get_by_role("button", name="Sign in", exact=True).click()
    await completed(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Long break")
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_a_sign_in_belongs_to_its_tab_and_sends_no_password(ada: Visitor, stack: LocalStack) -> None:
    """A reload keeps it, another tab must sign in, and nothing of it is in the storage that outlives the tab."""
    page, sent = ada.page, []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    await enter(page, stack)
    await page.reload()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert len([body for body in sent if "SRP_A" in body]) == 1
    assert not [body for body in sent if stack.users.accounts[0].password in body]
    assert await page.evaluate("localStorage.getItem('scopesmith.user')") is None
    other = await ada.context.new_page()
    ada.watch(other)
    await other.goto(page.url)
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await sign_in(other, stack.users.accounts[1].username, stack.users.accounts[1].password, stay=True)
    await expect(other.get_by_text(stack.users.accounts[1].username)).to_be_visible()
    await other.get_by_role("button", name="Sign out").click()
    await expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(page.get_by_text(stack.users.accounts[0].username)).to_be_visible()
    assert ada.complaints == []


async def test_unsent_notes_are_removed_at_the_sign_out_unless_they_are_kept_on_purpose(
    ada: Visitor, stack: LocalStack
) -> None:
    page = ada.page
    drafts = "Object.keys(localStorage).filter((name) => name.startsWith('scopesmith.draft')).length"
    leave = page.get_by_role("button", name="Sign out", exact=True)
    await enter(page, stack)
    await page.get_by_label("Client").fill("Half typed")
    await leave.click()
    await expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Client")).to_have_value("Half typed")
    await leave.click()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await leave.click()
    await page.get_by_role("button", name="Keep them and sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await page.evaluate(drafts) == 1
    await enter(page, stack)
    await expect(page.get_by_label("Client")).to_have_value("Half typed")
    await leave.click()
    await page.get_by_role("button", name="Remove them and sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await page.evaluate(drafts) == 0
    await enter(page, stack)
    await expect(page.get_by_label("Client")).to_have_value("")
    await leave.click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert ada.complaints == []


async def test_an_old_download_link_is_read_anew(ada: Visitor, stack: LocalStack) -> None:
    """Links end after an hour; on a page that was open for longer a click still downloads."""
    page = ada.page
    await enter(page, stack)
    await submit(page, "Left open")
    await completed(page)
    link = page.get_by_role("link", name="Download presentation")
    await link.evaluate("link => { link.href += '&ended'; }")
    await page.evaluate("() => { const now = Date.now; Date.now = () => now() + 3_000_000; }")
    got = await download(page, "Download presentation")
    assert not got.url.endswith("&ended")
    assert (await got.path()).read_bytes()[:2] == b"PK"
    assert ada.complaints == []


async def test_hostile_text_is_shown_as_text(ada: Visitor, stack: LocalStack) -> None:
    """Names and notes come back in titles, lists, the agent's words and the requirements, and stay inert."""
    page = ada.page
    await enter(page, stack)
    await submit(page, HOSTILE, f"- Users can see {HOSTILE}\n- {'x' * 3000}")
    await completed(page)
    await expect(page.get_by_text(f"The proposal for {HOSTILE} is ready.")).to_be_attached()
    await page.locator("summary").filter(has_text="Functional").click()
    await expect(page.get_by_text(f"Users can see {HOSTILE}")).to_be_visible()
    await page.set_viewport_size({"width": 360, "height": 740})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.get_by_role("link", name="My proposals").click()
    await expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    assert await page.evaluate("window.hit") is None
    assert ada.complaints == []
