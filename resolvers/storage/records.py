"""Converts between sessions and the table's items. Pure; `resolvers.storage.dynamodb` calls it.

One session is a few records with the same `session_id`. Each has a sort key, `record`:

- `ASSESSMENT`, `ASSESSMENT#0001` and so on: what was submitted, written once. A long brief continues in further parts.
- `EVENTS#<last sequence>`: the agent events of one publish, or a part of them, written once.
- `LATEST_REVIEW`: what the newest reviewer decided, written once for each review. Only the request that starts a
  worker reads it, so its key keeps it out of the query that reads a session.
- `REQUIREMENTS`: the analysis of the requirements, written only when it changes. It is many times larger than all
  other results together.
- `RESULTS`: the other results, written only when they change, and the digest of the `REQUIREMENTS` that belong to
  them. They are not in `STATE`, because DynamoDB charges every update for the size of the whole item.
- `STATE`: all that changes with every update.

Only `STATE` is in the owner index, and only until the session is being deleted: then its owner has another name, which
the index doesn't know. The index holds nothing that changes more often than status and progress, because
each change of what it holds costs a further write, and all of an owner's writes go to the same partition of the index.

No record but `LATEST_REVIEW` is larger than `schema.limits.RECORD_BYTES`. Times are ISO 8601 texts. Only `expires_at`
is a number, because DynamoDB's TTL requires epoch seconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from resolvers.session import (
    AgentEvent,
    CostData,
    CostLine,
    Lease,
    Results,
    Session,
    SessionSummary,
    State,
    digest,
)
from resolvers.times import epoch, iso, parse
from schema.assessment import FIELDS, Assessment
from schema.limits import RECORD_BYTES
from schema.review import Review
from schema.statuses import AgentEventType, SessionStatus
from schema.usage import NO_USAGE, Usage

Item = dict[str, Any]
"""An item in DynamoDB's attribute-value form, as boto3's low-level client takes and returns it."""

ASSESSMENT = "ASSESSMENT"
EVENTS = "EVENTS#"
LATEST_REVIEW = "LATEST_REVIEW"
REQUIREMENTS = "REQUIREMENTS"
RESULTS = "RESULTS"
STATE = "STATE"

_PART_BYTES = RECORD_BYTES - 5_000
"""How many bytes of content one record may hold. The rest is for keys and attribute names."""

_PART_CHARACTERS = _PART_BYTES // 4
"""How many characters surely fit: one takes at most four bytes in UTF-8."""

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize
_DELETED_OWNER = "deleted_owner"
_STATE_TIMES = ("created_at", "updated_at", "listed_at")


def key(session_id: str, record: str) -> Item:
    return to_item({"session_id": session_id, "record": record})


def to_item(values: Mapping[str, object]) -> Item:
    """Plain values as an item. Values that are None are left out."""
    return {name: _serialize(value) for name, value in values.items() if value is not None}


def _values(item: Item) -> dict[str, Any]:
    return {name: _deserialize(value) for name, value in item.items()}


def assessment_items(assessment: Assessment, state: State) -> list[Item]:
    """The assessment's records. A brief that is too long for one record continues in the next."""
    text = assessment.requirements
    first, *others = [text[start : start + _PART_CHARACTERS] for start in range(0, len(text), _PART_CHARACTERS)]
    common = {"session_id": state.session_id, "expires_at": epoch(state.expires_at)}
    head = {**asdict(assessment), "requirements": first, "parts": len(others)}
    records = [{**common, **head, "record": ASSESSMENT}]
    records += [
        {**common, "record": f"{ASSESSMENT}#{number:04}", "requirements": part}
        for number, part in enumerate(others, start=1)
    ]
    return [to_item(record) for record in records]


def assessment_from(items: Sequence[Item]) -> Assessment | None:
    """The assessment from its records, in the order of their keys, or None if a part is missing."""
    if not items:
        return None
    head, *others = [_values(item) for item in items]
    if head.get("parts") != len(others):
        return None
    held = {field.name: _plain(head.get(field.name)) for field in FIELDS}
    return Assessment(**{**held, "requirements": "".join(part["requirements"] for part in (head, *others))})


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever an assessment's field holds
    """DynamoDB gives every number as a Decimal; an assessment's are whole."""
    return int(value) if isinstance(value, Decimal) else value


def state_item(state: State) -> Item:
    values: dict[str, object] = {field.name: getattr(state, field.name) for field in fields(state)}
    lease = values.pop("lease")
    values["usage"] = None if state.usage == NO_USAGE else json.dumps(astuple(state.usage), separators=(",", ":"))
    if isinstance(lease, Lease):
        values |= {"run_id": lease.run_id, "lease_expires_at": iso(lease.expires_at)}
    values |= {name: iso(getattr(state, name)) for name in _STATE_TIMES}
    values["starting_until"] = None if state.starting_until is None else iso(state.starting_until)
    values |= {name: getattr(state, name) or None for name in ("proposal_version", "review_revision", "deleting")}
    if state.deleting:
        values[_DELETED_OWNER] = values.pop("owner")
    return to_item({**values, "record": STATE, "status": str(state.status), "expires_at": epoch(state.expires_at)})


def state_from(item: Item) -> State:
    values = _values(item)
    lease = None
    if "run_id" in values:
        lease = Lease(values["run_id"], parse(values["lease_expires_at"]))
    return State(
        session_id=values["session_id"],
        owner=values.get("owner") or values[_DELETED_OWNER],
        client_name=values["client_name"],
        project_name=values.get("project_name"),
        assessment_digest=values["assessment_digest"],
        status=SessionStatus(values["status"]),
        current_stage=values.get("current_stage"),
        progress=int(values["progress"]),
        revision=int(values["revision"]),
        last_sequence=int(values["last_sequence"]),
        created_at=parse(values["created_at"]),
        updated_at=parse(values["updated_at"]),
        listed_at=parse(values["listed_at"]),
        expires_at=datetime.fromtimestamp(int(values["expires_at"]), UTC),
        starting_until=parse(values["starting_until"]) if "starting_until" in values else None,
        cancel_requested=values["cancel_requested"],
        error_message=values.get("error_message"),
        usage=Usage(*json.loads(values["usage"])) if "usage" in values else NO_USAGE,
        lease=lease,
        last_update=values["last_update"],
        results_revision=int(values["results_revision"]),
        proposal_version=int(values.get("proposal_version", 0)),
        review_revision=int(values.get("review_revision", 0)),
        deleting=values.get("deleting", False),
        version=int(values["version"]),
    )


def results_items(before: Results, after: Session) -> list[Item]:
    """The records for the results of `after`. REQUIREMENTS is among them only if it differs from `before`."""
    state, results = after.state, after.results
    common = {"session_id": state.session_id, "expires_at": epoch(state.expires_at)}
    requirements, cost = results.requirements_data, results.cost_data
    rest = {
        "record": RESULTS,
        "revision": state.results_revision,
        "requirements_digest": _digest(requirements),
        "cost_data": None if cost is None else json.dumps(asdict(cost), separators=(",", ":")),
        "template_paths": list(results.template_paths),
        "powerpoint_key": results.powerpoint_key,
        "sow_key": results.sow_key,
        "html_key": results.html_key,
    }
    records = [{**common, **rest}]
    if requirements is not None and requirements != before.requirements_data:
        records.append({**common, "record": REQUIREMENTS, "requirements_data": requirements})
    return [to_item(record) for record in records]


def results_from(items: Mapping[str, Item], revision: int) -> Results | None:
    """The results from a session's records, given by their sort keys.

    None if the records do not belong to `revision`, the revision that last changed the results.
    """
    if RESULTS not in items:
        return None if revision else Results()
    values = _values(items[RESULTS])
    requirements = _values(items[REQUIREMENTS])["requirements_data"] if REQUIREMENTS in items else None
    if values["revision"] != revision or values.get("requirements_digest") != _digest(requirements):
        return None
    return Results(
        requirements_data=requirements,
        cost_data=_cost_data(json.loads(values["cost_data"])) if "cost_data" in values else None,
        template_paths=tuple(values["template_paths"]),
        powerpoint_key=values.get("powerpoint_key"),
        sow_key=values.get("sow_key"),
        html_key=values.get("html_key"),
    )


def review_item(review: Review, state: State) -> Item:
    """The record for a review that made this state."""
    return to_item(
        {
            "session_id": state.session_id,
            "record": LATEST_REVIEW,
            "review": json.dumps(review.as_api(), ensure_ascii=False, separators=(",", ":")),
            "expires_at": epoch(state.expires_at),
        }
    )


def review_from(item: Item) -> Review:
    return Review.from_api(json.loads(_values(item)["review"]))


def _digest(requirements: str | None) -> str | None:
    return None if requirements is None else digest(requirements)


def _cost_data(values: Mapping[str, Any]) -> CostData:
    return CostData(**{**values, "lines": tuple(CostLine(**line) for line in values["lines"])})


def event_items(events: Sequence[AgentEvent], state: State) -> list[Item]:
    """The records for the events of one publish, as few as their size allows."""
    batches: list[list[dict[str, object]]] = []
    size = _PART_BYTES
    for event in events:
        values = {name: value for name, value in asdict(event).items() if value is not None and value is not False}
        values["type"] = str(event.type)
        event_size = sum(len(str(value).encode()) + len(name) + 3 for name, value in values.items())
        if size + event_size > _PART_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(values)
        size += event_size
    expires_at = epoch(state.expires_at)
    return [
        to_item(
            {
                "session_id": state.session_id,
                "record": events_record(int(str(batch[-1]["sequence"]))),
                "events": batch,
                "expires_at": expires_at,
            }
        )
        for batch in batches
    ]


def events_record(last_sequence: int) -> str:
    """The sort key of a record whose newest event has this sequence. These keys sort as text by sequence."""
    return f"{EVENTS}{last_sequence:010}"


def events_from(item: Item) -> list[AgentEvent]:
    return [
        AgentEvent(
            sequence=int(event["sequence"]),
            type=AgentEventType(event["type"]),
            tool=event.get("tool"),
            tool_call_id=event.get("tool_call_id"),
            text=event["text"],
            truncated=event.get("truncated", False),
            timestamp=event["timestamp"],
        )
        for event in _values(item)["events"]
    ]


def summary_from(item: Item) -> SessionSummary:
    """A session as the owner index shows it."""
    values = _values(item)
    return SessionSummary(
        session_id=values["session_id"],
        client_name=values["client_name"],
        project_name=values.get("project_name"),
        status=SessionStatus(values["status"]),
        progress=int(values["progress"]),
        created_at=parse(values["created_at"]),
        updated_at=parse(values["listed_at"]),
    )
