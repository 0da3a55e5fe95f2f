"""The action-group Lambda's entry: a Bedrock agent calls the tools' functions through it.

It runs the tool that the agent calls and returns the tool's short answer. A failure becomes a response state that
Bedrock acts on: REPROMPT tells the agent to do something else first (the tool was called too early), and FAILURE ends
the agent's run with a DependencyFailedException. It never touches the sessions table and logs nothing that a client
wrote.
"""

import datetime as dt
import functools
import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import boto3
from aws_lambda_powertools.event_handler import BedrockAgentFunctionResolver, BedrockFunctionResponse

from schema.statuses import Tool
from worker.agents.service import client_config
from worker.settings import SettingsError, ToolsSettings
from worker.timing.clock import TIMING
from worker.tools import call, usage
from worker.tools.call import Called, Outcome
from worker.tools.declarations import TOOLS
from worker.tools.log import logger
from worker.tools.review import versions
from worker.tools.workbench import NotesModel, TemplateStore, ToolError, Workbench
from worker.tools.workspace import Workspace

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from types_boto3_bedrock_runtime import BedrockRuntimeClient
    from types_boto3_s3 import S3Client

_RESERVE_SECONDS = 45.0
"""Kept of a call's time for the rules, where the model has not read the notes in time."""

_SILENCE_SECONDS = 240.0
"""The longest wait for one answer of the model."""

_LEAST_SECONDS = 120.0
"""The time of a call that has no context."""

_compact = functools.partial(json.dumps, separators=(",", ":"))


@functools.cache
def settings() -> ToolsSettings:
    """The settings of this process, read once."""
    return ToolsSettings.of(os.environ)


@functools.cache
def s3() -> "S3Client":
    """The S3 client of this process. boto3 finds its endpoint and credentials."""
    return boto3.client("s3")


@functools.cache
def models() -> "BedrockRuntimeClient":
    """The client of this process for the model that reads the notes."""
    return boto3.client("bedrock-runtime", config=client_config(_SILENCE_SECONDS))


def _notes_model() -> NotesModel | None:
    """The model that reads the notes, for as long as this call has time, less what the rules may need after it."""
    if not settings().analysis_model_id:
        return None
    seconds = max(0.0, app.context["ends"] - TIMING.clock() - _RESERVE_SECONDS)
    return NotesModel(models(), settings().analysis_model_id, seconds, TIMING.random)


def _workbench(session_attributes: Mapping[str, str]) -> Workbench:
    session_id = session_attributes.get("session_id")
    if not session_id:
        raise ToolError(
            "the session attribute session_id is missing: call InvokeAgent with"
            ' sessionState.sessionAttributes {"session_id": ...}'
        )
    try:
        workspace = Workspace(s3(), settings().artifacts_bucket, session_id)
    except SettingsError as error:  # answered to the agent, as every fault that a person can correct
        raise ToolError(str(error)) from error
    except ValueError as error:
        raise ToolError(f"the session attribute session_id is wrong: {error}") from error
    versions.select(workspace)
    templates = TemplateStore(s3(), settings().templates_bucket)
    return Workbench(workspace, templates, dt.datetime.now(dt.UTC).date(), notes_model=_notes_model())


def _refusal(called: Called) -> BedrockFunctionResponse:
    state: Literal["FAILURE", "REPROMPT"] = "REPROMPT" if called.outcome is Outcome.TOO_EARLY else "FAILURE"
    return BedrockFunctionResponse(body=dict(called.answer), response_state=state)


def _answer(place: int, tool: Tool) -> object:
    event = app.current_event
    attributes = event.session_attributes if event else {}
    prefix = f"[TOOL CALL #{place}]"
    with logger.append_context_keys(session_id=attributes.get("session_id"), tool=tool.value):
        logger.info("%s %s", prefix, tool)
        if refusal := call.too_far(tool, attributes.get(call.LAST_TOOL, "")):
            logger.info("%s %s was refused: it comes after the run's last tool", prefix, tool)
            return _refusal(refusal)
        called = call.run(tool, lambda: _workbench(attributes), logger, f"{prefix} {tool}")
        _keep_usage(attributes, event.session_id if event else "", called)
        if called.outcome is not Outcome.DONE:
            return _refusal(called)
        extra = {"reused": called.answer.get("reused"), "answer_bytes": len(called.text().encode())}
        logger.info("%s %s answered", prefix, tool, extra=extra)
        return called.answer


def _keep_usage(attributes: Mapping[str, str], conversation: str, called: Called) -> None:
    """Leave a note of what the tool has spent on a model. The tool's answer counts without it."""
    if called.usage:
        try:
            usage.keep(_workbench(attributes).workspace, conversation, called.usage)
        except Exception:  # noqa: BLE001 - S3 may fail in any way
            logger.exception("[TOOL CALL] What it has spent on a model could not be stored")


def _unknown(function: str) -> object:
    known = ", ".join(declaration.function for declaration in TOOLS.values())
    logger.error("[TOOL CALL] no such function: %s", function)
    return _refusal(call.failed(f"there is no function {function!r}: the action groups have {known}"))


def _resolver() -> BedrockAgentFunctionResolver:
    resolver = BedrockAgentFunctionResolver(serializer=_compact)
    for place, (tool, declaration) in enumerate(TOOLS.items(), start=1):
        answer: Callable[[], object] = functools.partial(_answer, place, tool)
        resolver.tool(name=declaration.function, description=declaration.description)(answer)
    return resolver


app = _resolver()


def handler(event: dict[str, Any], context: "LambdaContext | None") -> dict[str, Any]:
    """Answer one function call of the agent."""
    seconds = context.get_remaining_time_in_millis() / 1000 if context else _LEAST_SECONDS
    app.context["ends"] = TIMING.clock() + seconds
    function = str(event.get("function"))
    if function in {declaration.function for declaration in TOOLS.values()}:
        return app.resolve(event, context)
    # For an unknown function Powertools returns an ordinary body, which the agent would take for a result. So register
    # one of that name that answers FAILURE.
    resolver = BedrockAgentFunctionResolver(serializer=_compact)
    resolver.tool(name=function)(functools.partial(_unknown, function))
    return resolver.resolve(event, context)
