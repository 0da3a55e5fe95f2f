"""The kinds of Bedrock stream event that need no memory: each a function from its body to agent events.

Pure; `worker.agents.bedrock.traces` calls them through the tables at the end, one for each level of a stream event.
Shapes are those of botocore's `bedrock-agent-runtime` model.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from schema.statuses import AgentEventType
from worker.agents.events import AgentEvent, AgentItem
from worker.tools.toolbox import known

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import type_defs as shapes

Translation = Callable[[Any], Iterator[AgentItem]]
"""From a body, whose shape its kind says, to agent events."""


def reasoning(text: str | None) -> Iterator[AgentEvent]:
    if text:
        yield AgentEvent(AgentEventType.REASONING, text)


def warning(text: str) -> Iterator[AgentEvent]:
    yield AgentEvent(AgentEventType.WARNING, text)


def call_text(call: "shapes.ActionGroupInvocationInputTypeDef") -> str:
    """The call as a person reads it: `analyze(depth="full")`; in API style `POST /analyze(…) application/json {…}`."""
    name = call.get("function") or " ".join(part for part in (call.get("verb"), call.get("apiPath")) if part)
    bodies = call.get("requestBody", {}).get("content", {})
    body = "".join(f" {media_type} {{{_arguments(fields)}}}" for media_type, fields in bodies.items())
    return f"{name}({_arguments(call.get('parameters', []))}){body}"


def _arguments(parameters: "Iterable[shapes.ParameterTypeDef]") -> str:
    return ", ".join(f"{p.get('name', '')}={json.dumps(p.get('value', ''), ensure_ascii=False)}" for p in parameters)


def _files(part: "shapes.FilePartTypeDef") -> Iterator[AgentEvent]:
    names = ", ".join(file.get("name", "unnamed") for file in part.get("files", []))
    return reasoning(f"The agent attached files: {names}")


def _return_control(payload: "shapes.ReturnControlPayloadTypeDef") -> Iterator[AgentEvent]:
    wanted: Iterable[Mapping[str, Any]] = payload.get("invocationInputs", [])
    calls = [call for one in wanted for call in one.values()]
    if calls and all(known(call.get("function", "")) for call in calls):
        return iter(())  # `return_control` serves it
    names = ", ".join(call.get("actionGroup", "unnamed") for call in calls)
    return warning(
        f"The agent wants its caller to run {names or 'a tool'}, which this worker does not know: "
        "let its action groups call the tools' Lambda instead of returning control"
    )


def _silent(_body: object) -> Iterator[AgentEvent]:
    return iter(())


def _rationale(rationale: "shapes.RationaleTypeDef") -> Iterator[AgentEvent]:
    return reasoning(rationale.get("text"))


def model_output(output: "shapes.OrchestrationModelInvocationOutputTypeDef") -> Iterator[AgentEvent]:
    return reasoning(output.get("reasoningContent", {}).get("reasoningText", {}).get("text"))


def _preprocessed(output: "shapes.PreProcessingModelInvocationOutputTypeDef") -> Iterator[AgentEvent]:
    parsed = output.get("parsedResponse", {})
    rationale = parsed.get("rationale", "")
    if parsed.get("isValid") is False:
        return warning(f"The agent's pre-processing takes the request for invalid: {rationale}")
    return reasoning(rationale)


def _custom(event: "shapes.CustomOrchestrationTraceEventTypeDef") -> Iterator[AgentEvent]:
    return reasoning(event.get("text"))


def _failure(trace: "shapes.FailureTraceTypeDef") -> Iterator[AgentEvent]:
    code = trace.get("failureCode")
    return warning(f"A step of the agent failed{'' if code is None else f' (code {code})'}: the worker's log says why")


def _guardrail(trace: "shapes.GuardrailTraceTypeDef") -> Iterator[AgentEvent]:
    if trace.get("action") != "INTERVENED":
        return iter(())
    assessments = (*trace.get("inputAssessments", []), *trace.get("outputAssessments", []))
    findings = ", ".join(finding for assessment in assessments for finding in _findings(assessment))
    return warning(f"A guardrail intervened: {findings or 'no finding given'}")


_FINDINGS = (
    ("topicPolicy", "topics", "name"),
    ("contentPolicy", "filters", "type"),
    ("wordPolicy", "customWords", "match"),
    ("wordPolicy", "managedWordLists", "type"),
    ("sensitiveInformationPolicy", "piiEntities", "type"),
    ("sensitiveInformationPolicy", "regexes", "name"),
)


def _findings(assessment: Mapping[str, Any]) -> Iterator[str]:
    for policy, members, name in _FINDINGS:
        for finding in assessment.get(policy, {}).get(members, []):
            yield f"{policy} {finding.get(name, '')}".rstrip()


STREAM: Mapping[str, Translation] = {"files": _files, "returnControl": _return_control}
TRACE: Mapping[str, Translation] = {"guardrailTrace": _guardrail, "failureTrace": _failure}
PRE_PROCESSING: Mapping[str, Translation] = {"modelInvocationInput": _silent, "modelInvocationOutput": _preprocessed}
POST_PROCESSING: Mapping[str, Translation] = {"modelInvocationInput": _silent, "modelInvocationOutput": model_output}
CUSTOM: Mapping[str, Translation] = {"event": _custom, "traceId": _silent}
ORCHESTRATION: Mapping[str, Translation] = {
    "rationale": _rationale,
    "modelInvocationInput": _silent,
    "modelInvocationOutput": model_output,
}
