"""The sessions table in DynamoDB: reads and conditional writes.

A change is written in one transaction with the events and results that belong to it, conditional on the state's
`version`. This module decides nothing about sessions, and `resolvers.storage.records` knows what the items look like.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from resolvers.activity import ALL_OWNERS, ActiveSession, Activity, Admission
from resolvers.session import AgentEvent, Session, SessionSummary, State
from resolvers.storage import owner_record, records
from resolvers.storage.store import LostRaceError, Position
from resolvers.times import epoch, iso, parse
from schema.assessment import Assessment
from schema.review import Review

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef

OWNER_INDEX = "owner-created_at-index"

_READS_FOR_A_MATCH = 5
"""How often a session is read until its state and its results belong to the same write."""

_REMOVED_TOGETHER = 24
"""How many records one transaction removes. DynamoDB takes 4 MB of items in one, and a record has up to 100 KB."""


class DynamoDBStore:
    """A `Store` in one DynamoDB table, through boto3's low-level client."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def create(self, state: State, assessment: Assessment, now: datetime, admission: Admission | None = None) -> None:
        guard = {
            "ConditionExpression": "attribute_not_exists(session_id) OR expires_at <= :now",
            "ExpressionAttributeValues": {":now": {"N": str(epoch(now))}},
        }
        others = records.assessment_items(assessment, state)
        self._write({"Item": records.state_item(state), **guard}, others, _activity_changes(None, state, admission))

    def read(self, session_id: str, now: datetime, *, with_assessment: bool = False) -> Session | None:
        for _ in range(_READS_FOR_A_MATCH):
            # REQUIREMENTS, RESULTS and STATE sort after all other records of a session, so one query reads just them.
            items = {
                item["record"]["S"]: item
                for item in self._query(session_id, "#r >= :from", {":from": records.REQUIREMENTS}, now)
            }
            if records.STATE not in items:
                return None
            state = records.state_from(items[records.STATE])
            if state.deleting:
                return None
            results = records.results_from(items, state.results_revision)
            if results is not None:
                assessment = self._read_assessment(session_id, now) if with_assessment else None
                return Session(state, results, assessment)
            # A query is not a snapshot: this one saw only a part of a transaction. Read again.
        raise RuntimeError(f"session {session_id}: STATE and RESULTS did not match in {_READS_FOR_A_MATCH} reads")

    def write(
        self,
        before: Session,
        after: Session,
        events: Sequence[AgentEvent] = (),
        admission: Admission | None = None,
        review: Review | None = None,
    ) -> None:
        guard = _unless_changed(before.state)
        others = records.event_items(events, after.state)
        if review is not None:
            others.append(records.review_item(review, after.state))
        if after.state.results_revision != before.state.results_revision:
            others += records.results_items(before.results, after)
        changes = _activity_changes(before.state, after.state, admission)
        self._write({"Item": records.state_item(after.state), **guard}, others, changes)

    def events(self, session_id: str, after: int, limit: int, now: datetime) -> list[AgentEvent]:
        items = self._query(
            session_id,
            "#r BETWEEN :from AND :to",
            {":from": records.events_record(after + 1), ":to": records.events_record(9_999_999_999)},
            now,
            limit=limit,
        )
        events = [event for item in items for event in records.events_from(item) if event.sequence > after]
        return events[:limit]

    def summaries(
        self, owner: str, limit: int, start: Position | None, now: datetime
    ) -> tuple[list[SessionSummary], Position | None]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": OWNER_INDEX,
            "KeyConditionExpression": "#o = :owner",
            "FilterExpression": "expires_at > :now",
            "ExpressionAttributeNames": {"#o": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": owner}, ":now": {"N": str(int(now.timestamp()))}},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if start is not None:
            request["ExclusiveStartKey"] = {
                **records.key(start.session_id, records.STATE),
                "owner": {"S": owner},
                "created_at": {"S": iso(start.created_at)},
            }
        response = self._client.query(**request)
        summaries = [records.summary_from(item) for item in response["Items"]]
        last = response.get("LastEvaluatedKey")
        if last is None:
            return summaries, None
        return summaries, Position(last["session_id"]["S"], parse(last["created_at"]["S"]))

    def review(self, session_id: str, now: datetime) -> Review | None:
        item = self._item(records.key(session_id, records.LATEST_REVIEW))
        return records.review_from(item) if item and int(item["expires_at"]["N"]) > now.timestamp() else None

    def deleting(self, session_id: str, now: datetime) -> State | None:
        item = self._item(records.key(session_id, records.STATE))
        state = records.state_from(item) if item else None
        return state if state and state.deleting and state.expires_at > now else None

    def remove(self, session_id: str) -> None:
        guard: dict[str, Any] = {
            "Key": records.key(session_id, records.STATE),
            "ConditionExpression": "deleting = :true",
            "ExpressionAttributeValues": {":true": {"BOOL": True}},
        }
        with _races():
            keys = self._other_keys(session_id)
            for start in range(0, len(keys), _REMOVED_TOGETHER):
                # The state stays until all else is gone, and a new session with this id can't begin before that. So
                # where the state still has the mark, the records are those of the session that is being deleted.
                check = {"ConditionCheck": {"TableName": self._table, **guard}}
                deletes = [
                    {"Delete": {"TableName": self._table, "Key": key}}
                    for key in keys[start : start + _REMOVED_TOGETHER]
                ]
                self._client.transact_write_items(TransactItems=[check, *deletes])  # type: ignore[list-item]
            self._client.delete_item(TableName=self._table, **guard)

    def _other_keys(self, session_id: str) -> list[records.Item]:
        """The keys of all records of a session but its state's, also of expired ones."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="session_id = :id",
            ExpressionAttributeNames={"#r": "record"},
            ExpressionAttributeValues={":id": {"S": session_id}},
            ProjectionExpression="session_id, #r",
            ConsistentRead=True,
        )
        keys = [key for page in pages for key in page["Items"]]
        return [key for key in keys if key["record"]["S"] != records.STATE]

    def _item(self, key: records.Item) -> records.Item | None:
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")

    def activity(self, owner: str) -> Activity:
        return owner_record.activity_from(self._item(owner_record.key(owner)))

    def begin_check(self, owner: str, seen: Activity, now: datetime) -> None:
        with _races():
            self._client.update_item(TableName=self._table, **owner_record.check_begun(owner, seen, now))

    def forget(self, owner: str, sessions: Collection[ActiveSession], now: datetime) -> None:
        with _races():
            self._client.update_item(TableName=self._table, **owner_record.released(owner, sessions, now))

    def release(self, owner: str, state: State) -> None:
        guard = {"Key": records.key(state.session_id, records.STATE), **_unless_changed(state)}
        change = owner_record.released(owner, [ActiveSession.of(state)], state.expires_at)
        writes = [
            {"ConditionCheck": {"TableName": self._table, **guard}},
            {"Update": {"TableName": self._table, **change}},
        ]
        with _races():
            self._client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]

    def _read_assessment(self, session_id: str, now: datetime) -> Assessment | None:
        return records.assessment_from(
            self._query(session_id, "begins_with(#r, :prefix)", {":prefix": records.ASSESSMENT}, now)
        )

    def _query(
        self, session_id: str, condition: str, values: dict[str, str], now: datetime, limit: int | None = None
    ) -> list[records.Item]:
        """A session's records that have not expired, in the order of their keys.

        With a `limit` this is at most one page of the query: that many records, or 1 MB of them.
        """
        request: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": f"session_id = :id AND {condition}",
            "FilterExpression": "expires_at > :now",
            "ExpressionAttributeNames": {"#r": "record"},
            "ExpressionAttributeValues": {
                ":id": {"S": session_id},
                ":now": {"N": str(int(now.timestamp()))},
                **{name: {"S": value} for name, value in values.items()},
            },
            "ConsistentRead": True,
        }
        if limit is not None:
            request["Limit"] = limit
        items: list[records.Item] = []
        while True:
            page = self._client.query(**request)
            items += page["Items"]
            last = page.get("LastEvaluatedKey")
            if last is None or (limit is not None and items):
                return items
            request["ExclusiveStartKey"] = last

    def _write(self, state: dict[str, Any], others: list[records.Item], changes: list[dict[str, Any]]) -> None:
        """Put the state, on its condition, together with the other items. All of them are written, or none.

        `state` holds the arguments of a put: the item and its condition. `changes` hold those of updates: what becomes
        of the owner's record and of that of all owners, if anything.
        """
        if not others and not changes:  # a put is enough, and a transaction would cost twice as much
            self._put(state)
            return
        writes = [{"Put": {"TableName": self._table, **put}} for put in (state, *({"Item": item} for item in others))]
        writes += [{"Update": {"TableName": self._table, **change}} for change in changes]
        with _races():
            self._client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]

    def _put(self, state: dict[str, Any]) -> None:
        with _races():
            try:
                self._client.put_item(TableName=self._table, **state, ReturnValuesOnConditionCheckFailure="ALL_OLD")
            except ClientError as error:
                again = error.response["ResponseMetadata"]["RetryAttempts"] > 0
                # The SDK sent the put again because the first answer was lost, and the first one had succeeded. If
                # another writer wrote the very same item, the result is the same too.
                if not (again and error.response.get("Item") == state["Item"]):
                    raise


def _unless_changed(state: State) -> dict[str, Any]:
    """The condition that the stored state is still this one."""
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": {"N": str(state.version)}},
    }


def _activity_changes(before: State | None, after: State, admission: Admission | None) -> list[dict[str, Any]]:
    """The updates of the owner's record and of that of all owners that belong to a write of the state."""
    if admission is not None:
        among_all = [] if admission.runs_at_once is None else [owner_record.admitted_among_all(after, admission)]
        return [owner_record.admitted(after, admission), *among_all]
    if before is not None and before.active and not after.active:
        # Also from the record of all owners where they are not limited now: they may have been when this one began.
        over = [ActiveSession.of(after)]
        return [owner_record.released(owner, over, after.expires_at) for owner in (after.owner, ALL_OWNERS)]
    return []


@contextmanager
def _races() -> Iterator[None]:
    """Translate the errors by which DynamoDB reports a lost race."""
    try:
        yield
    except ClientError as error:
        if _lost_race(error):
            raise LostRaceError from error
        raise


def _lost_race(error: ClientError) -> bool:
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        reasons: list[dict[str, str]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
        return any(reason.get("Code") in {"ConditionalCheckFailed", "TransactionConflict"} for reason in reasons)
    return code in {"ConditionalCheckFailedException", "TransactionConflictException"}
