"""Turns sessions into the JSON that AppSync answers with, under the names of the GraphQL schema.

Results are stored as S3 keys. Their presigned URLs are made here, on each read, and only if the caller selected them.
`resolvers.handler` calls these functions.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from resolvers.session import AgentEvent, CostData, Results, Session, SessionSummary, State
from resolvers.times import iso
from resolvers.workspaces import too_large
from schema.assessment import FIELDS
from schema.limits import PROPOSAL_BYTES

Answer = dict[str, object]
Presign = Callable[[str], str | None]
"""Makes a URL that downloads the object with this key, or None if the caller did not select any URL."""

RESULT_FIELDS = frozenset({"requirementsData", "costData", "templatePaths", "powerpointUrl", "sowUrl", "htmlUrl"})

_DOCUMENTS = {"powerpointKey": "powerpointUrl", "sowKey": "sowUrl", "htmlKey": "htmlUrl"}
"""By the key that the worker wrote into a proposal: the field that shows its link."""


def session(value: Session, presign: Presign) -> Answer:
    """A `Session` of the schema. `assessment` is left out if it was not read."""
    state, assessment = value.state, value.assessment
    answer: Answer = {
        "id": state.session_id,
        **_changing(state),
        "results": results(value.results, presign),
        "createdAt": iso(state.created_at),
    }
    if assessment is not None:
        answer["assessment"] = {field.api_name: getattr(assessment, field.name) for field in FIELDS}
    return answer


def progress(state: State, now: Results, agent_events: Sequence[AgentEvent], presign: Presign) -> Answer:
    """A `Progress` of the schema: the state after an accepted update, and the events of that update."""
    return {
        "sessionId": state.session_id,
        **_changing(state),
        "results": results(now, presign),
        "events": events(agent_events),
    }


def proposal(written: Mapping[str, Any], presign: Presign) -> Answer:
    """A `Proposal` of the schema: what the worker wrote in the same form, with links in place of the keys.

    Raises:
        InternalError: AppSync would not accept it.
    """
    answer: Answer = {name: value for name, value in written.items() if name not in _DOCUMENTS}
    for key_field, url_field in _DOCUMENTS.items():
        key = written.get(key_field)
        answer[url_field] = presign(key) if key else None
    size = len(json.dumps(answer))
    if size > PROPOSAL_BYTES:
        raise too_large(written["version"], size)
    return answer


def _changing(state: State) -> Answer:
    """The fields that `Session` and `Progress` have in common."""
    return {
        "status": str(state.status),
        "currentStage": state.current_stage,
        "progress": state.progress,
        "revision": state.revision,
        "lastSequence": state.last_sequence,
        "cancelRequested": state.cancel_requested,
        "errorMessage": state.error_message,
        "usage": state.usage.as_api(),
        "proposalVersion": state.proposal_version,
        "updatedAt": iso(state.updated_at),
    }


def results(value: Results, presign: Presign) -> Answer:
    data = value.requirements_data
    return {
        # An object, not a string: AppSync itself turns an AWSJSON object into a string.
        "requirementsData": None if data is None else json.loads(data),
        "costData": _cost_data(value.cost_data),
        "templatePaths": list(value.template_paths),
        "powerpointUrl": presign(value.powerpoint_key) if value.powerpoint_key else None,
        "sowUrl": presign(value.sow_key) if value.sow_key else None,
        "htmlUrl": presign(value.html_key) if value.html_key else None,
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
            "toolCallId": event.tool_call_id,
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
