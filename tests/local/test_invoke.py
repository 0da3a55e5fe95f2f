"""`python -m local invoke`: one call of each Lambda from the shell, and what is made for an event before the call."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from checkout import DATA
from programs import LOCAL, ran

from local import arguments, invoke, invoke_setup
from local.arguments import Invoke

SESSION = DATA / "resolvers" / "session_with_api_key.json"
WORKER = DATA / "worker" / "event.json"
ANALYZE = DATA / "tools" / "analyze_requirements.json"
RECORD = DATA / "failure" / "record.json"

SESSION_ID = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int | None
    answer: Any
    log: str


async def invoked(function: str, event: Path | str, given: str = "") -> Done:
    """Run the command as you would type it, with `given` on standard input."""
    # A developer's own AWS settings and proxies must not matter.
    foreign = {"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    code, out, err = await ran(*LOCAL, "invoke", function, event, "--pace", "0", variables=foreign, given=given)
    return Done(code, json.loads(out) if out else None, err)


def loaded(path: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return event


@pytest.mark.slow
async def test_the_resolvers_find_the_session_that_an_event_asks_for() -> None:
    done = await invoked("resolvers", SESSION)
    assert done.code == 0, done.log
    assert (done.answer["id"], done.answer["status"]) == (SESSION_ID, "PENDING")
    assert done.answer["assessment"]["clientName"] == "Fennmark Logistics"
    assert f"Session {SESSION_ID} is PENDING, 0 %" in done.log


@pytest.mark.slow
async def test_the_worker_works_on_its_session_to_the_end() -> None:
    done = await invoked("worker", WORKER)
    assert done.code == 0, done.log
    assert done.answer == {"session_id": SESSION_ID, "status": "COMPLETED"}
    assert "[TOOL CALL #5] SOWGenerator" in done.log
    assert f"Session {SESSION_ID} is COMPLETED, 100 %" in done.log


@pytest.mark.slow
async def test_a_tool_answers_after_the_tools_before_it_have_run() -> None:
    event = loaded(ANALYZE) | {"actionGroup": "PowerPointGenerator", "function": "generate_powerpoint"}
    done = await invoked("tools", "-", given=json.dumps(event))
    assert done.code == 0, done.log
    assert done.answer["response"]["function"] == "generate_powerpoint"
    answer = done.answer["response"]["functionResponse"]
    assert "responseState" not in answer
    assert json.loads(answer["responseBody"]["TEXT"]["body"])["document"].endswith("presentation-v1.pptx")
    assert "[TOOL CALL #3] TemplateRetriever answered" in done.log
    assert "SOWGenerator" not in done.log


@pytest.mark.slow
async def test_the_failure_function_ends_the_session_of_a_record() -> None:
    done = await invoked("failure", RECORD)
    assert done.code == 0, done.log
    assert done.answer == {"batchItemFailures": []}
    assert f"Session {SESSION_ID} is ERROR, " in done.log
    assert "The worker was stopped at its time limit (tried 3 times)." in done.log


@pytest.mark.slow
async def test_an_error_of_the_function_is_printed_and_is_the_exit_code() -> None:
    done = await invoked("worker", "-", given=json.dumps(loaded(WORKER) | {"action": "STOP"}))
    assert done.code == 1
    assert done.answer["errorType"] == "InvalidEventError"
    assert "action must be 'PROCESS_AGENT_WORKFLOW', not 'STOP'" in done.answer["errorMessage"]


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), ("{", "is not JSON"), ("", "is not JSON")])
def test_an_event_that_can_not_be_read_is_named(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "event.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(invoke.EventError) as raised:
        invoke.read(path)
    assert str(path) in str(raised.value)
    assert reason in str(raised.value)


async def test_a_missing_event_file_is_a_wrong_argument() -> None:
    done = await invoked("worker", "nowhere.json")
    assert (done.code, done.answer) == (2, None)
    assert "error: EVENT: can't read nowhere.json" in done.log


def test_the_arguments_name_the_function_and_the_event() -> None:
    asked = arguments.parse(["invoke", "tools", "event.json", "--pace", "2"])
    assert asked.invoke == Invoke("tools", Path("event.json"))
    assert (asked.demo, asked.port, asked.pace) == (None, 0, 2.0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["invoke", "cdk", "event.json"], "invalid choice: 'cdk'"),
        (["invoke", "worker"], "the following arguments are required: EVENT"),
        (["--outputs", "outputs.json", "invoke", "worker", "event.json"], "--outputs: "),
        (["--tls", "invoke", "worker", "event.json"], "--tls: only for serving, not with invoke"),
        (["--user", "ada", "invoke", "worker", "event.json"], "--user: "),
    ],
)
def test_an_argument_that_does_not_fit_is_named(
    given: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exited:
        arguments.parse(given)
    assert exited.value.code == 2
    assert reason in capsys.readouterr().err


def test_a_session_is_created_for_the_caller_of_the_event() -> None:
    by_key = loaded(SESSION)
    by_user = by_key | {"identity": {"sub": "1234", "username": "ada"}}
    by_operator = loaded(DATA / "resolvers" / "publish_with_iam.json")
    owners = [
        [(one.session_id, one.owner) for one in invoke_setup.sessions("resolvers", event)]
        for event in (by_key, by_user, by_operator)
    ]
    assert owners == [[(SESSION_ID, "api-key")], [(SESSION_ID, "user#1234")], [(SESSION_ID, "api-key")]]


def test_the_workers_session_has_the_assessment_of_the_event() -> None:
    [new] = invoke_setup.sessions("worker", loaded(WORKER))
    assert (new.session_id, new.assessment.client_name, new.assessment.team_size) == (
        SESSION_ID,
        "Northwind Freight",
        5,
    )


def test_a_session_that_two_records_name_is_created_once() -> None:
    [record] = loaded(RECORD)["Records"]
    assert len(invoke_setup.sessions("failure", {"Records": [record, record]})) == 1


@pytest.mark.parametrize(
    ("function", "event"),
    [
        ("resolvers", []),
        ("resolvers", {"arguments": {"id": "../other"}}),
        ("resolvers", {"arguments": {"input": {"clientName": "Acme"}}}),
        ("worker", {"session_id": SESSION_ID}),
        ("failure", {"Records": [{"body": "hello"}, 7]}),
        ("failure", None),
        ("tools", {"sessionAttributes": {"session_id": SESSION_ID}}),
    ],
)
def test_an_event_that_names_no_session_creates_none(function: str, event: object) -> None:
    assert invoke_setup.sessions(function, event) == []
