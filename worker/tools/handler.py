"""The action-group Lambda: Bedrock's function calls in, the tools' short answers out.

It lays out the session's workbench, runs the tool that was asked for and turns failures into the answers that Bedrock
acts on: REPROMPT lets the agent correct its course (a tool was called too early), FAILURE ends its run with a
DependencyFailedException. It never touches the sessions table, and logs nothing that a client wrote.
"""

import datetime as dt
import functools
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import BedrockAgentFunctionResolver, BedrockFunctionResponse

from schema.statuses import Tool
from worker.tools.declarations import TOOLS, Declaration
from worker.tools.workbench import MissingInputError, TemplateStore, ToolError, Workbench
from worker.tools.workspace import Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

logger = Logger(service="scopesmith-tools", use_rfc3339=True)

_compact = functools.partial(json.dumps, separators=(",", ":"))


@dataclass(frozen=True)
class Settings:
    """The environment, read once."""

    artifacts_bucket: str
    templates_bucket: str | None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises ToolError when a setting that must be there is not."""
        bucket = environment.get("ARTIFACTS_BUCKET_NAME")
        if not bucket:
            raise ToolError("ARTIFACTS_BUCKET_NAME is not set: give the tools' Lambda the artifacts bucket's name")
        return cls(bucket, environment.get("TEMPLATES_BUCKET_NAME") or None)


@functools.cache
def settings() -> Settings:
    """The process's settings."""
    return Settings.of(os.environ)


@functools.cache
def s3() -> "S3Client":
    """The process's S3 client; boto3 finds its endpoint and credentials."""
    return boto3.client("s3")


def _workbench(session_attributes: Mapping[str, str]) -> Workbench:
    session_id = session_attributes.get("session_id")
    if not session_id:
        raise ToolError(
            "the session attribute session_id is missing: call InvokeAgent with"
            ' sessionState.sessionAttributes {"session_id": ...}'
        )
    try:
        workspace = Workspace(s3(), settings().artifacts_bucket, session_id)
    except ValueError as error:
        raise ToolError(f"the session attribute session_id is wrong: {error}") from error
    templates = TemplateStore(s3(), settings().templates_bucket)
    return Workbench(workspace, templates, dt.datetime.now(dt.UTC).date())


def _refusal(error: str, state: Literal["FAILURE", "REPROMPT"]) -> BedrockFunctionResponse:
    return BedrockFunctionResponse(body={"error": error}, response_state=state)


def _answer(place: int, tool: Tool, declaration: Declaration) -> object:
    event = app.current_event
    attributes = event.session_attributes if event else {}
    prefix = f"[TOOL CALL #{place}]"
    with logger.append_context_keys(session_id=attributes.get("session_id"), tool=tool.value):
        logger.info("%s %s", prefix, tool)
        try:
            answer = declaration.run(_workbench(attributes))
        except MissingInputError as error:
            logger.warning("%s %s was called too early: %s", prefix, tool, error)
            return _refusal(str(error), "REPROMPT")
        except ToolError as error:
            logger.error("%s %s can't work: %s", prefix, tool, error)  # noqa: TRY400 - the message names cause and fix, a trace adds nothing
            return _refusal(str(error), "FAILURE")
        except Exception as error:
            logger.exception("%s %s failed", prefix, tool)
            return _refusal(f"{tool} failed: {type(error).__name__}: {error}", "FAILURE")
        size = len(_compact(answer).encode())
        logger.info("%s %s answered", prefix, tool, extra={"reused": answer.get("reused"), "answer_bytes": size})
        return answer


def _unknown(function: str) -> object:
    known = ", ".join(declaration.function for declaration in TOOLS.values())
    logger.error("[TOOL CALL] no such function: %s", function)
    return _refusal(f"there is no function {function!r}: the action groups have {known}", "FAILURE")


def _resolver() -> BedrockAgentFunctionResolver:
    resolver = BedrockAgentFunctionResolver(serializer=_compact)
    for place, (tool, declaration) in enumerate(TOOLS.items(), start=1):
        answer: Callable[[], object] = functools.partial(_answer, place, tool, declaration)
        resolver.tool(name=declaration.function, description=declaration.description)(answer)
    return resolver


app = _resolver()


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """One function call of the agent."""
    function = str(event.get("function"))
    if function in {declaration.function for declaration in TOOLS.values()}:
        return app.resolve(event, context)
    # Powertools answers an unknown function with an ordinary body, which the agent would take for a result.
    stranger = BedrockAgentFunctionResolver(serializer=_compact)
    stranger.tool(name=function)(functools.partial(_unknown, function))
    return stranger.resolve(event, context)
