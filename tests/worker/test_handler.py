"""The worker Lambda through its handler: real boto3 and HTTP, a hand-written API and a recorded agent behind them."""

import io
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from checkout import DATA

from local.bedrock.encoding import CONTENT_TYPE, encode_event, encode_exception
from worker import handler
from worker.log import logger
from worker.publisher import PublishRefusedError
from worker.request import InvalidEventError
from worker.settings import SettingsError
from worker.tools.workspace import ASSESSMENT, PRESENTATION, STATEMENT_OF_WORK, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

EVENTS = DATA / "bedrock"


class Handler(BaseHTTPRequestHandler):
    """The API at /graphql and the agent at /agents/..., in one server."""

    disable_nagle_algorithm = True
    server: "Server"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/graphql":
            self.answer("application/json", json.dumps(self.server.publish(body["variables"]["input"])).encode())
        else:
            self.server.agent_requests.append(body)
            self.answer(CONTENT_TYPE, b"".join(self.server.completion))

    def answer(self, content_type: str, data: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.inputs: list[dict[str, Any]] = []
        self.refuses_with: dict[str, object] | None = None
        self.completion: list[bytes] = []
        self.agent_requests: list[dict[str, Any]] = []

    def publish(self, given: dict[str, Any]) -> dict[str, object]:
        self.inputs.append(given)
        if self.refuses_with is not None:
            return {"data": {"publishProgress": None}, "errors": [self.refuses_with]}
        sequences = [event["sequence"] for one in self.inputs for event in one["events"]]
        progress = {
            "status": given["status"],
            "progress": given["progress"],
            "revision": given["revision"] or 1,
            "lastSequence": max(sequences, default=0),
            "cancelRequested": False,
        }
        return {"data": {"publishProgress": progress}}

    @property
    def last(self) -> dict[str, Any]:
        return self.inputs[-1]


@dataclass
class Context:
    """What Lambda tells a handler about its invocation."""

    function_name: str = "scopesmith-worker"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:111122223333:function:scopesmith-worker"
    aws_request_id: str = "8b1c-0001"
    remaining_milliseconds: int = 900_000

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_milliseconds


@pytest.fixture
def server(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The world of the handler, and a handler that has not seen any other."""
    with Server() as server:
        url = f"http://127.0.0.1:{server.server_port}"
        for name, value in {
            "GRAPHQL_URL": f"{url}/graphql",
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": url,
            "ARTIFACTS_BUCKET_NAME": "artifacts-of-the-handler",
            "BEDROCK_AGENT_ID": "AGENT12345",
            "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345",
        }.items():
            monkeypatch.setenv(name, value)
        parts = (handler.settings, handler.publisher, handler.s3, handler._session)  # noqa: SLF001 - the process's caches
        for part in parts:
            part.cache_clear()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        if handler.publisher.cache_info().currsize:
            handler.publisher().close()
        for part in parts:
            part.cache_clear()
        server.shutdown()
        thread.join()


@pytest.fixture
def workspace(s3: "S3Client") -> Workspace:
    s3.create_bucket(Bucket="artifacts-of-the-handler")
    return Workspace(s3, "artifacts-of-the-handler", str(uuid.uuid4()))


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


def invoke(given: object, context: Context | None = None) -> dict[str, Any]:
    return handler.handler(given, context or Context())  # type: ignore[arg-type] # Lambda's own context is like ours


def recorded(name: str) -> list[bytes]:
    events: list[dict[str, Any]] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return [encode_event(kind, payload) for one in events for kind, payload in one.items()]


def test_an_assessment_is_written_given_to_the_agent_and_published_to_its_end(
    server: Server, workspace: Workspace
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
    server: Server, workspace: Workspace
) -> None:
    server.completion = [encode_exception("accessDeniedException", "not allowed")]
    assert invoke(event(workspace.session_id))["status"] == "ERROR"
    assert "allow its role bedrock:InvokeAgent" in server.last["errorMessage"]


@pytest.mark.parametrize("name", ["BEDROCK_AGENT_ID", "BEDROCK_AGENT_ALIAS_ID"])
@pytest.mark.parametrize("value", ["", "PLACEHOLDER_SET_ME"])
def test_a_missing_agent_is_a_configuration_error_that_names_the_variable(
    name: str, value: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert invoke(event(str(uuid.uuid4())))["status"] == "CONFIGURATION_ERROR"
    assert [one["revision"] for one in server.inputs] == [0, 2]
    assert f"Set {name} on the worker's Lambda" in server.last["errorMessage"]
    assert server.agent_requests == []


def test_a_session_that_has_ended_is_left_alone(server: Server) -> None:
    server.refuses_with = {"errorType": "Conflict", "message": "ended", "errorInfo": {"reason": "ENDED"}}
    assert invoke(event("session-1")) == {"session_id": "session-1", "status": None}
    assert len(server.inputs) == 1
    assert server.agent_requests == []


def test_a_worker_that_may_not_publish_fails_so_that_lambda_and_its_alarms_know(server: Server) -> None:
    server.refuses_with = {"errorType": "Unauthorized", "message": "Not Authorized to access publishProgress"}
    with pytest.raises(PublishRefusedError, match="appsync:GraphQL"):
        invoke(event("session-1"))


def test_an_event_of_somebody_else_is_refused_and_logged_before_anything_happens(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidEventError, match="action must be"):
        invoke({"action": "OTHER"})
    assert "Refused: not an event of the resolvers" in caplog.text
    assert server.inputs == []


def test_a_missing_setting_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRAPHQL_URL")
    with pytest.raises(SettingsError, match="GRAPHQL_URL"):
        invoke(event("session-1"))


def test_every_log_line_carries_the_session_and_the_run_and_no_clients_text(
    server: Server, workspace: Workspace, caplog: pytest.LogCaptureFixture
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
    server: Server, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
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
    server: Server, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session's user reads the message; it may quote anything."""
    lines = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", lines)
    server.completion = [encode_exception("dependencyFailedException", "the tool said: Quietly & Sons")]
    invoke(event(workspace.session_id))
    assert "Quietly" in server.last["errorMessage"]
    assert "Quietly" not in lines.getvalue()
    failed = next(one for one in map(json.loads, lines.getvalue().splitlines()) if "Failed" in one["message"])
    assert failed["code"] == "DependencyFailedException"
