"""Which conversation a worker goes on with, through its handler: that of the same start of the session, or none."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from converse_service import ConverseService, calls, thinks, turn
from converse_talk import DONE, asked
from fakes.lambda_context import lambda_context
from fakes.worker_services import WorkerServices, around_the_worker

from schema.usage import Usage
from worker import handler
from worker.agents.converse.stream import Model
from worker.checkpoint import Checkpoint
from worker.run import TURN_LOST
from worker.tools.workspace import CONVERSATION, PRESENTATION, STATEMENT_OF_WORK, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "artifacts-of-the-takeover"
MODEL = "eu.anthropic.claude-sonnet-5"

EARLIER = [
    {"role": "user", "content": [{"text": "Prepare the proposal."}]},
    {"role": "assistant", "content": [{"toolUse": {"toolUseId": "a", "name": "send_invoice", "input": {}}}]},
    {
        "role": "user",
        "content": [{"toolResult": {"toolUseId": "a", "status": "error", "content": [{"json": {"error": "no"}}]}}],
    },
]


@pytest.fixture
def service() -> Iterator[ConverseService]:
    with ConverseService() as service:
        yield service


@pytest.fixture
def server(aws: str, service: ConverseService, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerServices]:
    with around_the_worker(BUCKET, monkeypatch) as services:
        for name in ("BEDROCK_AGENT_ID", "BEDROCK_AGENT_ALIAS_ID"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AGENT_MODEL_ID", MODEL)
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", service.url)
        yield services


@pytest.fixture
def workspace(s3: "S3Client") -> Workspace:
    s3.create_bucket(Bucket=BUCKET)
    workspace = Workspace(s3, BUCKET, str(uuid.uuid4()))
    for name in (PRESENTATION, STATEMENT_OF_WORK):
        workspace.write(name, b"PK", content_type="application/zip")
    return workspace


def work(workspace: Workspace, revision: int = 3) -> str | None:
    event: Any = {
        "action": "PROCESS_AGENT_WORKFLOW",
        "session_id": workspace.session_id,
        "client_name": "Fennmark",
        "requirements": "They need a portal.\nIn Polish.",
        "revision": revision,
        **dict.fromkeys(["project_name", "industry", "duration", "team_size"]),
    }
    return handler.handler(event, lambda_context())["status"]


def leave(workspace: Workspace, *, revision: int = 3, model: str = MODEL, sequence: int = 0) -> None:
    """Leave a conversation behind as a worker does that is killed."""
    reached = Checkpoint(sequence, (), False, Usage(), {"messages": EARLIER, "done": []})  # noqa: FBT003 - a record in its order
    saved = {**reached.to_json(), "revision": revision, "model": Model(model).fingerprint()}
    workspace.write_json(CONVERSATION, saved)


def told(server: WorkerServices) -> list[tuple[str, str]]:
    return [(event["type"], event["text"]) for update in server.inputs for event in update["events"]]


def test_the_next_worker_of_the_same_start_goes_on_where_the_conversation_stood(
    server: WorkerServices, service: ConverseService, workspace: Workspace
) -> None:
    leave(workspace)
    service.answers = [turn(DONE)]
    assert work(workspace) == "COMPLETED"
    assert asked(service) == [EARLIER]
    assert told(server) == [("CHUNK", DONE), ("FINAL_RESPONSE", DONE)]


@pytest.mark.parametrize("left", [{"revision": 1}, {"model": "eu.anthropic.claude-sonnet-4-6"}])
def test_a_retry_and_another_model_begin_a_conversation_of_their_own(
    left: dict[str, Any], server: WorkerServices, service: ConverseService, workspace: Workspace
) -> None:
    leave(workspace, **left)
    service.answers = [turn(DONE)]
    assert work(workspace) == "COMPLETED"
    [[task]] = asked(service)
    assert task["content"][0]["text"].startswith("Prepare the proposal. The notes have 2 lines")
    saved: Any = workspace.read_json(CONVERSATION)
    assert (saved["revision"], saved["model"]) == (3, Model(MODEL).fingerprint())


def test_a_worker_that_takes_over_in_the_first_turn_says_that_the_turn_starts_again(
    server: WorkerServices, service: ConverseService, workspace: Workspace
) -> None:
    """The first run saves its conversation before the model has said anything."""
    service.answers = [turn(thinks("Hm."), calls("send_invoice"))]
    assert work(workspace) == "ERROR"  # the test has written no second answer
    saved: Any = workspace.read_json(CONVERSATION)
    first = Checkpoint(0, (), False, Usage(), {"messages": saved["conversation"]["messages"][:1], "done": []})  # noqa: FBT003 - a record in its order
    workspace.write_json(CONVERSATION, {**saved, **first.to_json()})
    before = len(told(server))

    service.answers = [turn(DONE)]
    assert work(workspace) == "COMPLETED"
    assert told(server)[before:] == [("WARNING", TURN_LOST), ("CHUNK", DONE), ("FINAL_RESPONSE", DONE)]


def test_a_fingerprint_is_that_of_model_and_guardrail() -> None:
    models = [Model("a"), Model("b"), Model("a", "g", "1"), Model("a", "g", "2")]
    assert len({model.fingerprint() for model in models}) == len(models)
    assert Model("a").fingerprint() == Model("a").fingerprint()
