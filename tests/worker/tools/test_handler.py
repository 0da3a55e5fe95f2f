"""The action-group Lambda, with recorded events and moto's S3."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from checkout import DATA
from worker_tools_samples import SAMPLE

from schema.statuses import Tool
from worker.agents.assignment import FROM_THE_PRICE, TO_THE_PRICE
from worker.settings import SettingsError, ToolsSettings
from worker.tools import handler
from worker.tools.declarations import TOOLS
from worker.tools.workspace import ASSESSMENT, PRESENTATION, STATEMENT_OF_WORK, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

EVENTS = DATA / "tools"
SESSION = "6a0f7c52-58a6-4b5e-9f1d-0f6d3a1c2b3e"


def event(name: str, **changes: object) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return {**recorded, **changes}


def call(name: str, **changes: object) -> tuple[str | None, dict[str, Any]]:
    """The response state and the body that the agent reads."""
    answer = handler.handler(event(name, **changes), None)
    assert answer["messageVersion"] == "1.0"
    function = answer["response"]["functionResponse"]
    body = function["responseBody"]["TEXT"]["body"]
    return function.get("responseState"), json.loads(body)


@pytest.fixture
def workspace(s3: "S3Client", monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The recorded session's workspace with its assessment, in a process that has just started."""
    bucket = f"artifacts-{uuid.uuid4()}"
    s3.create_bucket(Bucket=bucket)
    monkeypatch.setenv("ARTIFACTS_BUCKET_NAME", bucket)
    monkeypatch.delenv("TEMPLATES_BUCKET_NAME", raising=False)
    handler.settings.cache_clear()
    handler.s3.cache_clear()
    found = Workspace(s3, bucket, SESSION)
    found.write_json(ASSESSMENT, asdict(SAMPLE))
    yield found
    handler.settings.cache_clear()
    handler.s3.cache_clear()


def test_the_agent_gets_a_short_answer_and_its_attributes_back(workspace: Workspace) -> None:
    answer = handler.handler(event("analyze_requirements"), None)
    assert answer["sessionAttributes"] == {"session_id": SESSION}
    assert answer["response"]["actionGroup"] == "RequirementsAnalyzer"
    assert answer["response"]["function"] == "analyze_requirements"
    body = answer["response"]["functionResponse"]["responseBody"]["TEXT"]["body"]
    assert json.loads(body)["functional"] == 24
    assert body.startswith('{"functional":24,')
    assert "responseState" not in answer["response"]["functionResponse"]


def test_all_five_functions_make_the_two_documents(workspace: Workspace) -> None:
    for tool, declaration in TOOLS.items():
        state, body = call("analyze_requirements", actionGroup=tool.value, function=declaration.function)
        assert state is None, body
    assert {PRESENTATION, STATEMENT_OF_WORK} <= workspace.names().keys()


@pytest.mark.parametrize("tool", FROM_THE_PRICE)
def test_a_tool_after_the_runs_last_one_is_refused_and_makes_nothing(tool: Tool, workspace: Workspace) -> None:
    """A Bedrock agent may go on while the worker leaves its stream, and the price has not been reviewed yet."""
    attributes = {"session_id": SESSION, "last_tool": "CostCalculator"}
    for before in TO_THE_PRICE:
        function = TOOLS[before].function
        state, _ = call("analyze_requirements", function=function, sessionAttributes=attributes)
        assert state is None
    before_it = workspace.names()
    function = TOOLS[tool].function
    state, body = call("analyze_requirements", function=function, sessionAttributes=attributes)
    assert (state, body["error"]) == (
        "FAILURE", f"{tool} must wait: a person reviews what CostCalculator has answered",
    )  # fmt: skip
    assert workspace.names() == before_it


def test_a_call_that_came_too_early_lets_the_agent_correct_itself(workspace: Workspace) -> None:
    """REPROMPT hands the text to the model, where FAILURE would end the run."""
    state, body = call("parameters_nobody_declared")
    assert state == "REPROMPT"
    assert body == {"error": "requirements.json is missing: call RequirementsAnalyzer first"}


def test_parameters_that_nobody_declared_are_ignored(workspace: Workspace) -> None:
    call("analyze_requirements")
    state, body = call("parameters_nobody_declared")
    assert state is None
    assert body["currency"] == "EUR"


def test_an_unknown_function_is_a_failure_that_lists_the_known_ones(workspace: Workspace) -> None:
    state, body = call("unknown_function")
    assert state == "FAILURE"
    assert body["error"].startswith(
        "there is no function 'estimate_costs': the action groups have analyze_requirements,"
    )


def test_an_event_without_a_session_is_a_failure_that_says_how_to_name_it(workspace: Workspace) -> None:
    state, body = call("no_session_attribute")
    assert state == "FAILURE"
    assert "sessionState.sessionAttributes" in body["error"]


def test_a_session_id_that_leaves_its_prefix_is_a_failure(workspace: Workspace) -> None:
    state, body = call("escaping_session_id")
    assert state == "FAILURE"
    assert "'../another-session' is not a session id" in body["error"]


def test_an_unset_bucket_is_a_failure_that_names_the_setting(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARTIFACTS_BUCKET_NAME")
    handler.settings.cache_clear()
    state, body = call("analyze_requirements")
    assert state == "FAILURE"
    assert "ARTIFACTS_BUCKET_NAME is not set" in body["error"]


def test_an_unexpected_fault_is_a_failure_and_is_logged_with_its_trace(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    monkeypatch.setenv("ARTIFACTS_BUCKET_NAME", "no-such-bucket")
    handler.settings.cache_clear()
    state, body = call("analyze_requirements")
    assert state == "FAILURE"
    assert "NoSuchBucket" in json.loads(log.getvalue().splitlines()[-1])["exception"]
    assert body["error"] == "RequirementsAnalyzer failed: NoSuchBucket"


def test_the_templates_bucket_may_be_left_out_of_the_settings() -> None:
    assert ToolsSettings.of({"ARTIFACTS_BUCKET_NAME": "a"}) == ToolsSettings("a", None, "")
    assert ToolsSettings.of({"ARTIFACTS_BUCKET_NAME": "a", "TEMPLATES_BUCKET_NAME": "t"}).templates_bucket == "t"
    with pytest.raises(SettingsError, match="ARTIFACTS_BUCKET_NAME"):
        ToolsSettings.of({})


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the handler logs: Powertools writes to the standard output that it found when it was imported."""
    written = io.StringIO()
    (stream,) = logging.getLogger("scopesmith-tools").handlers
    assert isinstance(stream, logging.StreamHandler)
    before = stream.setStream(written)
    yield written
    stream.setStream(before)


def test_every_tool_logs_its_call_with_the_session(workspace: Workspace, log: io.StringIO) -> None:
    call("analyze_requirements")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["message"] for line in lines] == [
        "[TOOL CALL #1] RequirementsAnalyzer",
        "[TOOL CALL #1] RequirementsAnalyzer answered",
    ]
    assert {line["session_id"] for line in lines} == {SESSION}
    assert lines[1]["reused"] is False
    assert 100 < lines[1]["answer_bytes"] < 2_000


def test_no_log_line_holds_what_the_client_wrote(workspace: Workspace, log: io.StringIO) -> None:
    """A tool's answer may: that of the templates names the folder of the industry as the client typed it."""
    workspace.write_json(ASSESSMENT, {**asdict(SAMPLE), "industry": "Hush hush", "client_name": "Secretive Ltd"})
    for tool, declaration in TOOLS.items():
        state, body = call("analyze_requirements", actionGroup=tool.value, function=declaration.function)
        assert state is None, body
        if tool is Tool.TEMPLATE_RETRIEVER:
            assert any("hush-hush" in place for place in body["searched"])
    for word in ("hush", "secretive", SAMPLE.requirements[:40].lower()):
        assert word not in log.getvalue().lower()


def test_the_next_call_does_not_inherit_a_session(workspace: Workspace, log: io.StringIO) -> None:
    call("analyze_requirements")
    call("no_session_attribute")
    assert "session_id" not in json.loads(log.getvalue().splitlines()[-1])


def test_the_tools_stand_in_the_order_of_the_workflow() -> None:
    assert list(TOOLS) == list(Tool)
