"""The values that the workflow, the outbox and the publisher exchange: a session's state, an update, a reply.

An update has everything that one `publishProgress` sends; `progress_input` is its form in the API.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from schema import statuses
from schema.statuses import SessionStatus
from schema.usage import NO_USAGE, Usage
from worker.agents import prices
from worker.agents.events import AgentEvent, ModelUsage

_COST_DIGITS = 6
"""A millionth of the currency: a cheap model's call costs less than a cent."""

Results = Mapping[str, object]
"""The contract's ResultsInput, with `requirementsData` as an object; a key is absent where nothing is new."""

NO_RESULTS: Results = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SessionState:
    """The state that a run publishes for its session."""

    status: SessionStatus
    current_stage: str
    """Empty leaves the session's own unchanged."""
    progress: int
    error_message: str | None = None


STARTED = SessionState(SessionStatus.PROCESSING, statuses.STARTING, statuses.STARTED_PROGRESS)


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """An agent event in its final place in the session's log."""

    sequence: int
    event: AgentEvent
    timestamp: str
    """ISO 8601, UTC, with milliseconds."""


@dataclass(frozen=True, slots=True)
class Update:
    """One publish. It never changes once it has been sent: the server recognises a replay by its revision."""

    session_id: str
    run_id: str
    revision: int
    state: SessionState
    results: Results = field(default_factory=lambda: NO_RESULTS)
    events: tuple[NumberedEvent, ...] = ()
    usage: Usage | None = None
    """The session's total; None when nothing was added to it."""
    review_id: int | None = None
    """In a claim: the review that the run works on, or 0 for none. The API refuses it if there is a newer one."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The session's state after a publish, as far as the run needs it."""

    status: SessionStatus
    progress: int
    revision: int
    last_sequence: int
    cancel_requested: bool
    usage: Usage = NO_USAGE


def claiming(session_id: str, run_id: str, review_id: int, state: SessionState = STARTED) -> Update:
    """A run's first publish: it claims the session, and its answer has the session's state."""
    return Update(session_id, run_id, 0, state, review_id=review_id)


def progress_input(update: Update) -> dict[str, object]:
    """The contract's ProgressInput."""
    state = update.state
    given: dict[str, object] = {
        "sessionId": update.session_id,
        "runId": update.run_id,
        "revision": update.revision,
        "status": state.status.value,
        "currentStage": state.current_stage or None,
        "progress": state.progress,
        "events": [event_input(numbered) for numbered in update.events],
    }
    if state.error_message is not None:
        given["errorMessage"] = state.error_message
    if update.results:
        given["results"] = _results_input(update.results)
    if update.usage is not None:
        given["usage"] = update.usage.as_api()
    if update.review_id is not None:
        given["reviewId"] = update.review_id
    return given


def event_input(numbered: NumberedEvent) -> dict[str, object]:
    """The contract's AgentEventInput."""
    event = numbered.event
    return {
        "sequence": numbered.sequence,
        "type": event.type.value,
        "tool": event.tool,
        "toolCallId": event.call_id,
        "text": event.text,
        "truncated": event.truncated,
        "timestamp": numbered.timestamp,
    }


def plus(usage: Usage, used: ModelUsage) -> Usage:
    """The usage with one more call of a model. What a call writes to the cache counts as input."""
    cost = prices.cost(used)
    known = usage.model_cost is not None and cost is not None
    return Usage(
        usage.input_tokens + used.input_tokens + used.cache_write_tokens,
        usage.output_tokens + used.output_tokens,
        usage.cache_read_input_tokens + used.cache_read_tokens,
        round((usage.model_cost or 0.0) + float(cost or 0), _COST_DIGITS) if known else None,
        prices.currency() if known else None,
    )


def _results_input(results: Results) -> dict[str, object]:
    given = dict(results)
    if "requirementsData" in given:  # AWSJSON goes in as a string
        given["requirementsData"] = json.dumps(given["requirementsData"], ensure_ascii=False)
    return given
