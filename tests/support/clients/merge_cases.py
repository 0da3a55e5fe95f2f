"""The merge's input and output, in the JSON of `data/client/merge.json`.

Both merges are tested with it: `client/merge.py` through `outcomes` here, `client/web/stream/merge.js` through the
function of the same name in `web_modules/merge_outcomes.mjs`.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from checkout import ROOT

from client.merge import Merge, Update
from client.session import AgentEvent, Results, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

Hearing = Mapping[str, Any]
"""What arrives at once: a `state`, `events` by their sequences, or both."""

Outcome = dict[str, Any]
"""The merge's update after a hearing, and its view of the session."""


def cases() -> dict[str, list[dict[str, Any]]]:
    """The steps of each case, by the case's name."""
    data = json.loads((ROOT / "tests" / "data" / "client" / "merge.json").read_text(encoding="utf-8"))
    return {case["name"]: case["steps"] for case in data["cases"]}


def state(
    revision: int, last_sequence: int = 0, status: str = "PROCESSING", *, cancel_requested: bool = False
) -> State:
    return State(
        session_id="s",
        status=status,
        current_stage=None,
        progress=0,
        revision=revision,
        last_sequence=last_sequence,
        cancel_requested=cancel_requested,
        error_message=None,
        results=Results(),
        updated_at=NOON,
    )


def event(sequence: int) -> AgentEvent:
    return AgentEvent(sequence, "CHUNK", None, f"text {sequence}", truncated=False, timestamp=NOON)


def outcomes(hearings: Iterable[Hearing]) -> list[Outcome]:
    """What a new merge gives for each hearing."""
    merge = Merge()
    return [_outcome(merge, merge.hear(_state(heard), map(event, heard.get("events", [])))) for heard in hearings]


def _state(heard: Hearing) -> State | None:
    given = heard.get("state")
    if given is None:
        return None
    return state(
        given["revision"],
        given["lastSequence"],
        given.get("status", "PROCESSING"),
        cancel_requested=given.get("cancelRequested", False),
    )


def _outcome(merge: Merge, update: Update | None) -> Outcome:
    return {
        "update": update
        and {
            "revision": update.state.revision,
            "status": update.state.status,
            "cancelRequested": update.state.cancel_requested,
            "events": [event.sequence for event in update.events],
        },
        "missing": merge.missing,
        "ending": merge.ending,
        "ended": merge.ended,
    }
