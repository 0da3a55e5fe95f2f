"""Decides what an agent event means for the session's status, stage and progress, and how a run ends.

Pure functions. Status and progress never go back, whatever the agent does; `currentStage` shows what happens now. A
tool's answer counts only if its output is in the workspace. A run is COMPLETED only with the agent's final response and
both documents. `worker.run` calls this.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from schema import limits, statuses
from schema.statuses import STAGES, AgentEventType, SessionStatus, Tool
from worker.agents.events import AgentEvent
from worker.updates import STARTED, Reply, SessionState

OUTPUTS: Mapping[Tool, str] = {
    Tool.REQUIREMENTS_ANALYZER: "requirementsData",
    Tool.COST_CALCULATOR: "costData",
    Tool.TEMPLATE_RETRIEVER: "templatePaths",
    Tool.POWERPOINT_GENERATOR: "powerpointKey",
    Tool.SOW_GENERATOR: "sowKey",
}
"""For each tool, the field of ResultsInput that exists once the tool's output does."""

DOCUMENTS: Mapping[Tool, str] = {
    Tool.POWERPOINT_GENERATOR: "the presentation",
    Tool.SOW_GENERATOR: "the statement of work",
}
"""The tools whose output a complete proposal needs, and what messages call that output."""

PRICE = OUTPUTS[Tool.COST_CALCULATOR]

RETRY = "Retry the session: finished stages are not run again."

_TOOLS: Mapping[str, Tool] = {tool.value: tool for tool in Tool}


@dataclass(frozen=True, slots=True)
class Workflow:
    """How far a run has come."""

    state: SessionState = STARTED
    answered: bool = False
    """Whether the agent has given its final response."""
    last_warning: str = ""
    ends_with_review: bool = False
    """Whether the run ends once the proposal is priced, and the session waits for a person."""

    def after(self, event: AgentEvent, outputs: Collection[str]) -> "Workflow":
        """The workflow after `event`. `outputs` are the fields of ResultsInput that exist by then."""
        match event.type:
            case AgentEventType.TOOL_CALL:
                return self._moved(_running(self.state, event.tool or ""))
            case AgentEventType.TOOL_RESPONSE:
                return self._moved(_finished(self.state, event.tool or "", outputs))
            case AgentEventType.WARNING:
                return replace(self, last_warning=event.text)
            case AgentEventType.FINAL_RESPONSE:
                return replace(self, answered=True)
            case _:
                return self

    def reviewable(self, outputs: Collection[str]) -> bool:
        """Whether the run is over, because a person is to review the price."""
        priced = PRICE in outputs and self.state.status.rank >= SessionStatus.COSTS_CALCULATED.rank
        return self.ends_with_review and priced

    def waiting(self) -> SessionState:
        """The state of a session that waits for its review."""
        return SessionState(
            SessionStatus.AWAITING_REVIEW, statuses.AWAITING_REVIEW, STAGES[Tool.COST_CALCULATOR].progress
        )

    def ended(self, outputs: Collection[str]) -> SessionState:
        """How the session ends when the agent's stream has ended."""
        if self.ends_with_review:
            return self.waiting() if PRICE in outputs else self.failed(f"The agent stopped before the price. {RETRY}")
        missing = [name for tool, name in DOCUMENTS.items() if OUTPUTS[tool] not in outputs]
        if self.answered and not missing:
            return SessionState(SessionStatus.COMPLETED, statuses.COMPLETED, statuses.COMPLETED_PROGRESS)
        lacks = f"{' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} missing" if missing else ""
        if self.answered:
            what = f"The agent finished, but {lacks}."
        else:
            what = f"The agent stopped without a final response{f', and {lacks}' if lacks else ''}."
        hint = f" Its last warning: {self.last_warning}" if self.last_warning else ""
        return self.failed(f"{what} {RETRY}{hint}")

    def failed(self, message: str, status: SessionStatus = SessionStatus.ERROR) -> SessionState:
        """An end without a proposal. Stage and progress stay as they are."""
        return replace(self.state, status=status, error_message=_cut(message, limits.ERROR_MESSAGE_LENGTH))

    def cancelled(self) -> SessionState:
        """The end of a session that the user has cancelled."""
        return replace(self.state, status=SessionStatus.CANCELLED)

    def _moved(self, state: SessionState) -> "Workflow":
        return replace(self, state=state)


def resumed(reply: Reply, *, ends_with_review: bool = False) -> Workflow:
    """The workflow of a run that has claimed a session. An earlier run may have come further than the start."""
    status = max(STARTED.status, reply.status, key=lambda status: status.rank)
    state = replace(STARTED, status=status, progress=max(STARTED.progress, reply.progress))
    return Workflow(state, ends_with_review=ends_with_review)


def missing_output(event: AgentEvent, outputs: Collection[str]) -> AgentEvent | None:
    """A warning if a tool has answered but its output does not exist; otherwise None."""
    tool = _TOOLS.get(event.tool or "")
    if event.type is not AgentEventType.TOOL_RESPONSE or tool is None or OUTPUTS[tool] in outputs:
        return None
    text = f"{tool} answered, but its output does not exist: the stage does not count"
    return AgentEvent(AgentEventType.WARNING, text)


def warnings(event: AgentEvent) -> list[AgentEvent]:
    """What a tool's answer warns the consultant of: its `warnings`, unless it repeats an earlier answer."""
    if event.type is not AgentEventType.TOOL_RESPONSE or event.truncated:
        return []
    try:
        answer = json.loads(event.text)
    except ValueError:  # the Bedrock agent's own words
        return []
    if not isinstance(answer, dict) or answer.get("reused") or not isinstance(said := answer.get("warnings"), list):
        return []
    return [AgentEvent(AgentEventType.WARNING, text) for text in said if isinstance(text, str)]


def _running(state: SessionState, name: str) -> SessionState:
    tool = _TOOLS.get(name)
    if tool is None:
        return _staged(state, statuses.running(name))
    return _staged(_raised(state, STAGES[tool].while_running, state.progress), statuses.running(tool))


def _finished(state: SessionState, name: str, outputs: Collection[str]) -> SessionState:
    tool = _TOOLS.get(name)
    if tool is None:
        return _staged(state, statuses.finished(name or "A tool"))
    if OUTPUTS[tool] not in outputs:
        return _staged(state, statuses.failed(tool))
    return _staged(_raised(state, STAGES[tool].once_answered, STAGES[tool].progress), statuses.finished(tool))


def _staged(state: SessionState, stage: str) -> SessionState:
    return replace(state, current_stage=_cut(stage, limits.CURRENT_STAGE_LENGTH))


def _cut(text: str, longest: int) -> str:
    """The text, or as much of it as fits and an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _raised(state: SessionState, status: SessionStatus, progress: int) -> SessionState:
    higher = max(state.status, status, key=lambda status: status.rank)
    return replace(state, status=higher, progress=max(state.progress, progress))
