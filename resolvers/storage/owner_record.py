"""Converts an owner's activity to and from the table's items, and writes changes of it as update expressions.

An owner has one record: `session_id` is `OWNER#` and the owner, which is no session's id, and `record` is `ACTIVITY`.
`ALL_OWNERS` have one as well. A record is updated in place, so two sessions of one owner can start without reading each
other's writes first. Pure; `resolvers.storage.dynamodb` calls it.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from resolvers.activity import ALL_OWNERS, ActiveSession, Activity, Admission
from resolvers.session import State
from resolvers.times import epoch, iso, parse

_RECORD = "ACTIVITY"

_HAS_ROOM = "(attribute_not_exists(active_sessions) OR size(active_sessions) < :sessions)"


def key(owner: str) -> dict[str, Any]:
    return {"session_id": {"S": f"OWNER#{owner}"}, "record": {"S": _RECORD}}


def activity_from(item: Mapping[str, Any] | None) -> Activity:
    """The activity of an owner; `item` is None if the owner has no record yet."""
    if item is None:
        return Activity()
    entries = item.get("active_sessions", {"SS": []})["SS"]
    return Activity(
        active=frozenset(_active_session(entry) for entry in entries),
        day=date.fromisoformat(item["submit_day"]["S"]) if "submit_day" in item else None,
        submits=int(item["submits"]["N"]) if "submits" in item else 0,
        checked_at=parse(item["checked_at"]["S"]) if "checked_at" in item else None,
    )


def admitted(state: State, admission: Admission) -> dict[str, Any]:
    """The update that adds a session and counts it, on the condition that the limits allow it."""
    limits = admission.limits
    values = {
        ":session": {"SS": [_entry(ActiveSession.of(state))]},
        ":sessions": {"N": str(limits.active_sessions)},
        ":day": {"S": admission.day.isoformat()},
        ":one": {"N": "1"},
        ":keep": {"N": str(epoch(admission.keep_until))},
    }
    condition = _HAS_ROOM
    if admission.is_first_of_day:
        update = "ADD active_sessions :session SET submit_day = :day, submits = :one, expires_at = :keep"
        condition += " AND (attribute_not_exists(submit_day) OR submit_day < :day)"
    else:
        update = "ADD active_sessions :session, submits :one SET expires_at = :keep"
        condition += " AND submit_day = :day AND submits < :submits"
        values[":submits"] = {"N": str(limits.submits_per_day)}
    return {
        "Key": key(state.owner),
        "UpdateExpression": update,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }


def admitted_among_all(state: State, admission: Admission) -> dict[str, Any]:
    """The update that adds a session to the record of all owners, on the condition that it has room."""
    return {
        "Key": key(ALL_OWNERS),
        "UpdateExpression": "ADD active_sessions :session SET expires_at = :keep",
        "ConditionExpression": _HAS_ROOM,
        "ExpressionAttributeValues": {
            ":session": {"SS": [_entry(ActiveSession.of(state))]},
            ":sessions": {"N": str(admission.runs_at_once)},
            ":keep": {"N": str(epoch(admission.keep_until))},
        },
    }


def released(owner: str, sessions: Collection[ActiveSession], keep_until: datetime) -> dict[str, Any]:
    """The update that removes sessions. A record that it has to make is kept until `keep_until`."""
    return {
        "Key": key(owner),
        "UpdateExpression": "DELETE active_sessions :over SET expires_at = if_not_exists(expires_at, :keep)",
        "ExpressionAttributeValues": {
            ":over": {"SS": sorted(map(_entry, sessions))},
            ":keep": {"N": str(epoch(keep_until))},
        },
    }


def check_begun(owner: str, seen: Activity, now: datetime) -> dict[str, Any]:
    """The update that notes a check of the active sessions, on the condition that nobody has noted one since."""
    values = {":now": {"S": iso(now)}}
    condition = "attribute_exists(active_sessions) AND attribute_not_exists(checked_at)"
    if seen.checked_at is not None:
        values[":seen"] = {"S": iso(seen.checked_at)}
        condition = "checked_at = :seen"
    return {
        "Key": key(owner),
        "UpdateExpression": "SET checked_at = :now",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }


def _entry(session: ActiveSession) -> str:
    return f"{session.session_id} {session.expires_at}"


def _active_session(entry: str) -> ActiveSession:
    session_id, _, expires_at = entry.rpartition(" ")
    return ActiveSession(session_id, int(expires_at))
