"""Sessions in the API's words: the JSON that AppSync makes the caller's answer of.

Results are stored as keys; their presigned URLs are made here, when somebody reads, and only if asked for.
"""

import json
from collections.abc import Callable, Sequence

from resolvers.session import AgentEvent, CostData, Results, Session, SessionSummary, State
from resolvers.times import iso

Answer = dict[str, object]
Presign = Callable[[str], str | None]
"""Makes a URL by which the object with this key can be downloaded; None where nobody asked for one."""


RESULT_FIELDS = frozenset({"requirementsData", "costData", "templatePaths", "powerpointUrl", "sowUrl"})


def session(value: Session, presign: Presign) -> Answer:
    """A `Session`; `assessment` is left out when it was not read."""
    state, assessment = value.state, value.assessment
    answer: Answer = {
        "id": state.session_id,
        **_changing(state),
        "results": results(value.results, presign),
        "createdAt": iso(state.created_at),
    }
    if assessment is not None:
        answer["assessment"] = {
            "clientName": assessment.client_name,
            "projectName": assessment.project_name,
            "industry": assessment.industry,
            "requirements": assessment.requirements,
            "duration": assessment.duration,
            "teamSize": assessment.team_size,
        }
    return answer


def progress(state: State, now: Results, agent_events: Sequence[AgentEvent], presign: Presign) -> Answer:
    """A `Progress`: an accepted update with the events that came with it."""
    return {
        "sessionId": state.session_id,
        **_changing(state),
        "results": results(now, presign),
        "events": events(agent_events),
    }


def _changing(state: State) -> Answer:
    """What `Session` and `Progress` show under the same names."""
    return {
        "status": str(state.status),
        "currentStage": state.current_stage,
        "progress": state.progress,
        "revision": state.revision,
        "lastSequence": state.last_sequence,
        "cancelRequested": state.cancel_requested,
        "errorMessage": state.error_message,
        "updatedAt": iso(state.updated_at),
    }


def results(value: Results, presign: Presign) -> Answer:
    data = value.requirements_data
    return {
        # AppSync writes an object of type AWSJSON as a string itself.
        "requirementsData": None if data is None else json.loads(data),
        "costData": _cost_data(value.cost_data),
        "templatePaths": list(value.template_paths),
        "powerpointUrl": presign(value.powerpoint_key) if value.powerpoint_key else None,
        "sowUrl": presign(value.sow_key) if value.sow_key else None,
    }


def _cost_data(cost: CostData | None) -> Answer | None:
    if cost is None:
        return None
    return {
        "totalCost": cost.total_cost,
        "totalHours": cost.total_hours,
        "complexityLevel": cost.complexity_level,
        "currency": cost.currency,
        "lines": [
            {"role": line.role, "hours": line.hours, "hourlyRate": line.hourly_rate, "cost": line.cost}
            for line in cost.lines
        ],
    }


def events(values: Sequence[AgentEvent]) -> list[Answer]:
    return [
        {
            "sequence": event.sequence,
            "type": str(event.type),
            "tool": event.tool,
            "text": event.text,
            "truncated": event.truncated,
            "timestamp": event.timestamp,
        }
        for event in values
    ]


def summaries(values: Sequence[SessionSummary]) -> list[Answer]:
    return [
        {
            "id": summary.session_id,
            "clientName": summary.client_name,
            "projectName": summary.project_name,
            "status": str(summary.status),
            "progress": summary.progress,
            "createdAt": iso(summary.created_at),
            "updatedAt": iso(summary.updated_at),
        }
        for summary in values
    ]
