"""The worker Lambda through its handler: real boto3 and HTTP, a hand-written API and a recorded agent behind them."""

import io
import json
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from checkout import DATA
from fakes import xray_daemon
from fakes.lambda_context import lambda_context
from fakes.worker_services import WorkerServices, around_the_worker

from local.bedrock.encoding import encode_event, encode_exception
from worker import handler
from worker.log import logger
from worker.publisher import PublishRefusedError
from worker.request import InvalidEventError
from worker.settings import SettingsError
from worker.tools.workspace import ASSESSMENT, PRESENTATION, STATEMENT_OF_WORK, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

EVENTS = DATA / "bedrock"
BUCKET = "artifacts-of-the-handler"


@pytest.fixture
def server(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerServices]:
    with around_the_worker(BUCKET, monkeypatch) as services:
        yield services


@pytest.fixture
def workspace(s3: "S3Client") -> Workspace:
    s3.create_bucket(Bucket=BUCKET)
    return Workspace(s3, BUCKET, str(uuid.uuid4()))


def event(session_id: str) -> dict[str, object]:
    return {
        "action": "PROCESS_AGENT_WORKFLOW",
        "session_id": session_id,
        "client_name": "Café Zürich",
        "project_name": None,
        "industry": "retail",
        "requirements": "They need an app.",
        "duration": None,
        "team_size": 4,
    }


def invoke(given: Any) -> dict[str, Any]:  # noqa: ANN401 - some of what a test gives is no event
    return handler.handler(given, lambda_context())


def recorded(name: str) -> list[bytes]:
    events: list[dict[str, Any]] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return [encode_event(kind, payload) for one in events for kind, payload in one.items()]


def test_an_assessment_is_written_given_to_the_agent_and_published_to_its_end(
    server: WorkerServices, workspace: Workspace
) -> None:
    for name in (PRESENTATION, STATEMENT_OF_WORK):
        workspace.write(name, b"PK", content_type="application/zip")
    server.completion = recorded("function_style")
    assert invoke(event(workspace.session_id)) == {"session_id": workspace.session_id, "status": "COMPLETED"}

    assert workspace.read_json(ASSESSMENT) == {
        "client_name": "Café Zürich",
        "project_name": None,
        "industry": "retail",
        "requirements": "They need an app.",
        "duration": None,
        "team_size": 4,
        "start_date": None,
        "currency": None,
        "review": False,
    }
    claim, *progress = server.inputs
    assert (claim["revision"], claim["status"], claim["events"]) == (0, "PROCESSING", [])
    assert [one["revision"] for one in progress] == list(range(2, len(progress) + 2))
    assert len({one["runId"] for one in server.inputs}) == 1
    assert (server.last["status"], server.last["progress"]) == ("COMPLETED", 100)
    sequences = [one["sequence"] for update in progress for one in update["events"]]
    assert sequences == list(range(1, len(sequences) + 1))
    keys = {"powerpointKey": workspace.key(PRESENTATION), "sowKey": workspace.key(STATEMENT_OF_WORK)}
    assert [update["results"] for update in progress if "results" in update] == [keys]
    [asked] = server.agent_requests
    assert asked["sessionState"]["sessionAttributes"] == {"session_id": workspace.session_id}


def test_an_agent_that_fails_is_a_session_in_error_and_no_failure_of_the_lambda(
    server: WorkerServices, workspace: Workspace
) -> None:
    server.completion = [encode_exception("accessDeniedException", "not allowed")]
    assert invoke(event(workspace.session_id))["status"] == "ERROR"
    assert "allow its role bedrock:InvokeAgent" in server.last["errorMessage"]


@pytest.mark.parametrize("value", ["", "PLACEHOLDER_SET_ME"])
def test_a_missing_agent_is_a_configuration_error_that_names_the_variable(
    value: str, server: WorkerServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "BEDROCK_AGENT_ALIAS_ID"
    monkeypatch.setenv(name, value)
    assert invoke(event(str(uuid.uuid4())))["status"] == "CONFIGURATION_ERROR"
    assert [one["revision"] for one in server.inputs] == [0, 2]
    assert f"Set {name} to the id of an alias of that agent on the worker's Lambda" in server.last["errorMessage"]
    assert server.agent_requests == []


def test_a_trace_of_the_run_is_found_by_its_session(server: WorkerServices, monkeypatch: pytest.MonkeyPatch) -> None:
    with xray_daemon.listening(monkeypatch) as daemon:
        invoke(event("session-1"))
        assert daemon.sessions() == ["session-1"]


def test_a_session_that_has_ended_is_left_alone(server: WorkerServices) -> None:
    server.refuses_with = {"errorType": "Conflict", "message": "ended", "errorInfo": {"reason": "ENDED"}}
    assert invoke(event("session-1")) == {"session_id": "session-1", "status": None}
    assert len(server.inputs) == 1
    assert server.agent_requests == []


def test_an_event_that_comes_after_its_session_was_deleted_is_done_and_makes_nothing(
    server: WorkerServices, workspace: Workspace, s3: "S3Client"
) -> None:
    """Otherwise Lambda would send it twice more, and then to the queue of failures."""
    server.refuses_with = {"errorType": "NotFound", "message": "There is no such session."}
    assert invoke(event(workspace.session_id)) == {"session_id": workspace.session_id, "status": None}
    assert len(server.inputs) == 1
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix=f"sessions/{workspace.session_id}/")


def test_a_worker_that_may_not_publish_fails_so_that_lambda_and_its_alarms_know(server: WorkerServices) -> None:
    server.refuses_with = {"errorType": "Unauthorized", "message": "Not Authorized to access publishProgress"}
    with pytest.raises(PublishRefusedError, match="appsync:GraphQL"):
        invoke(event("session-1"))


def test_an_event_of_somebody_else_is_refused_and_logged_before_anything_happens(
    server: WorkerServices, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidEventError, match="action must be"):
        invoke({"action": "OTHER"})
    assert "Refused: not an event of the resolvers" in caplog.text
    assert server.inputs == []


def test_a_missing_setting_is_named(server: WorkerServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHQL_URL")
    with pytest.raises(SettingsError, match="GRAPHQL_URL"):
        invoke(event("session-1"))


def test_every_log_line_carries_the_session_and_the_run_and_no_clients_text(
    server: WorkerServices, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    server.completion = recorded("function_style")
    invoke(event(workspace.session_id))
    messages = [record.getMessage() for record in caplog.records if record.name == "scopesmith-worker"]
    for prefix in (
        "[SESSION] Processing",
        "[BEDROCK AGENT] Starting",
        "[TOOL CALL #1] Req",
        "[TOOL CALL #5] SOW",
        "[CHUNK #1]",
    ):
        assert any(message.startswith(prefix) for message in messages), prefix
    keys = logger.get_current_keys()
    assert keys["session_id"] == workspace.session_id
    assert keys["run_id"] == server.inputs[0]["runId"]
    assert "They need an app." not in caplog.text


def test_no_log_line_holds_what_the_client_wrote_or_the_agent_asked(
    server: WorkerServices, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even when the agent's question, which repeats the client's words, is what the session ends with."""
    lines = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", lines)
    question = "Is the offshore branch of Quietly & Sons to be named?"
    trace = {"orchestrationTrace": {"observation": {"type": "ASK_USER", "finalResponse": {"text": question}}}}
    server.completion = [encode_event("trace", {"trace": trace})]
    invoke(event(workspace.session_id) | {"client_name": "Quietly & Sons", "requirements": "Name no offshore branch."})
    assert server.last["errorMessage"].endswith(question)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert told[-1]["message"] == "[SESSION] ERROR"
    assert told[-1]["error_length"] == len(server.last["errorMessage"])
    assert not {word for word in ("Quietly", "offshore", "to be named") if word in lines.getvalue()}


def test_the_log_tells_the_services_own_word_for_an_agents_failure_and_not_its_message(
    server: WorkerServices, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool's Lambda may have quoted the client."""
    lines = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", lines)
    server.completion = [encode_exception("dependencyFailedException", "the tool said: Quietly & Sons")]
    invoke(event(workspace.session_id))
    assert "Quietly" not in server.last["errorMessage"]
    assert "Quietly" not in lines.getvalue()
    failed = next(one for one in map(json.loads, lines.getvalue().splitlines()) if "Failed" in one["message"])
    assert failed["code"] == "DependencyFailedException"
