"""The consultant's page when ScopeSmith itself is in trouble: no agent, an agent that fails, a server that restarts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
import pytest_asyncio
from pages import browser
from pages.browser import Visitor
from pages.consultant import completed, enter, kept_log, shown_log, steps_done, submit
from playwright.async_api import expect
from stacks import doorway, restarted_appsync

from local import environment
from local.stack import FUNCTIONS, LocalStack, StackSettings, running

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

LATER = "made-later"


@pytest_asyncio.fixture
async def ada() -> AsyncIterator[Visitor]:
    async with browser.running() as chromium, browser.visiting(chromium) as visitor:
        yield visitor


async def test_a_missing_agent_is_told_with_what_to_do(ada: Visitor, tmp_path: Path) -> None:
    """CONFIGURATION_ERROR names the setting, says whom to ask, and offers another run."""
    unset = {"AGENT_MODEL_ID": "PLACEHOLDER_MODEL_ID"}
    functions = tuple(replace(one, environment=unset) if one.name == environment.WORKER else one for one in FUNCTIONS)
    async with running(StackSettings(functions=functions, log=tmp_path / "log")) as unconfigured:
        await enter(ada.page, unconfigured)
        await submit(ada.page, "No agent")
        alert = ada.page.get_by_role("alert").filter(has_text="Not set up")
        await expect(alert).to_contain_text("Set AGENT_MODEL_ID")
        await expect(alert).to_contain_text("Ask whoever runs ScopeSmith")
        await expect(ada.page.get_by_role("button", name="Run it again")).to_be_enabled()
        assert ada.complaints == []


async def test_a_user_with_as_many_sessions_as_allowed_reads_what_to_do(ada: Visitor, tmp_path: Path) -> None:
    """The brief stays in the form, and is submitted once there is room."""
    bound = {"ACTIVE_SESSIONS": "1"}
    functions = tuple(
        replace(one, environment=bound) if one.name == environment.RESOLVERS else one for one in FUNCTIONS
    )
    async with running(StackSettings(pace=30.0, functions=functions, log=tmp_path / "log")) as stack:
        page = ada.page
        await enter(page, stack)
        first = await submit(page, "The first client")
        await page.get_by_role("link", name="New proposal").first.click()
        await page.get_by_label("Client").fill("The second client")
        await page.get_by_label("Meeting notes").fill("- Users can book a room")
        await page.get_by_role("button", name="Create the proposal").click()
        alert = page.get_by_role("alert").filter(has_text="Too many active sessions (1 of 1 allowed)")
        await expect(alert).to_contain_text("wait until one ends, or cancel one")
        await expect(page.get_by_label("Client")).to_have_value("The second client")
        assert first
        assert ada.complaints == []


def make_the_bucket(stack: LocalStack) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=stack.addresses.aws,
        region_name=stack.region,
        aws_access_key_id=stack.credentials.access_key_id,
        aws_secret_access_key=stack.credentials.secret_access_key,
    )
    client.create_bucket(Bucket=LATER)


async def test_a_failed_run_says_why_and_may_be_run_again(ada: Visitor, tmp_path: Path) -> None:
    """ERROR shows its message and what to do; once the cause is mended, a retry by keyboard leads to the documents."""
    page = ada.page
    functions = tuple(replace(one, environment={"ARTIFACTS_BUCKET_NAME": LATER}) for one in FUNCTIONS)
    async with running(StackSettings(pace=0.2, functions=functions, log=tmp_path / "log")) as stack:
        await enter(page, stack)
        session_id = await submit(page, "No bucket yet")
        alert = page.get_by_role("alert").filter(has_text="Failed")
        await expect(alert).to_contain_text("Run it again: finished steps are not done twice.")
        await expect(alert).to_contain_text("The worker failed unexpectedly")
        await expect(page.get_by_role("status").filter(has_text="Ended at: ")).to_be_visible()
        assert await shown_log(page) == await kept_log(stack, session_id)
        await asyncio.to_thread(make_the_bucket, stack)
        await page.get_by_role("button", name="Run it again").focus()
        await page.keyboard.press("Enter")
        await expect(alert).to_have_count(0)
        await completed(page)
        assert await shown_log(page) == await kept_log(stack, session_id)
        assert ada.complaints == []


async def test_a_server_that_restarts_in_mid_run_loses_nothing(ada: Visitor, tmp_path: Path) -> None:
    """The server restarts while the agent works: page and worker come back, and each event is shown once."""
    async with restarted_appsync.before_a_stack(0.6, tmp_path / "log") as server:
        await enter(ada.page, server.stack, address=server.url)
        session_id = await submit(ada.page, "Restarted")
        await steps_done(ada.page, 1)
        await server.stop()
        await expect(ada.page.get_by_text("Offline: trying again")).to_be_visible()
        await server.start()
        await completed(ada.page)
        assert await shown_log(ada.page) == await kept_log(server.stack, session_id)
    ada.expect_failed_requests()
    assert ada.complaints == []


async def test_a_firewall_that_refuses_is_told_as_too_many_requests(ada: Visitor, tmp_path: Path) -> None:
    """The user stays signed in and keeps what was typed, and the same press works a minute later."""
    page = ada.page
    settings = StackSettings(pace=0.2, log=tmp_path / "log")
    async with running(settings) as stack, doorway.before(stack.endpoint) as door:
        await enter(page, stack, address=door.url)
        await page.get_by_role("link", name="New proposal").first.click()
        await page.get_by_label("Client").fill("Too many")
        await page.get_by_label("Meeting notes").fill("- Users can book a room")
        door.become("too many")
        await page.get_by_role("button", name="Create the proposal").click()
        alert = page.get_by_role("alert").filter(has_text="Too many requests")
        await expect(alert).to_contain_text("Wait a minute, then try again.")
        await expect(page.get_by_label("Client")).to_have_value("Too many")
        door.become("open")
        await page.get_by_role("button", name="Create the proposal").click()
        await completed(page)
    ada.expect_failed_requests()
    assert ada.complaints == []
