"""The sessions table behind a real boto3 client, in memory: it counts what each request writes as DynamoDB charges it.

It knows what a submit and a publish need: PutItem, TransactWriteItems of puts and of an update of the owner's record,
and the query for a session's last records. It checks no condition, since its benchmarks have one writer. No request
leaves the process.
"""

import io
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from item_size import item_bytes

import local.aws.server

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = Mapping[str, Any]

_UNIT = 1024
"""A write unit covers an item of up to 1 KB (AWS, "DynamoDB read and write operations")."""


class CountedTable:
    """`client` writes into it; the counters only grow."""

    def __init__(self) -> None:
        self.requests = 0
        self.table_bytes = 0
        self.index_bytes = 0
        self.units = 0
        self.index_units = 0
        """Those of `units` that the index took."""
        self._items: dict[tuple[str, str], Item] = {}
        [index] = local.aws.server.sessions_table("sessions")["GlobalSecondaryIndexes"]
        self._index_keys = [key["AttributeName"] for key in index["KeySchema"]]
        shown = index["Projection"]["NonKeyAttributes"]
        self._projected = {*self._index_keys, "session_id", "record", *shown}
        self.client: DynamoDBClient = boto3.client(
            "dynamodb", region_name="us-east-1", aws_access_key_id="counted", aws_secret_access_key="counted"
        )
        answer: Any = self._answer  # the stubs know no handler that answers
        self.client.meta.events.register("before-send.dynamodb.*", answer)

    def reset(self) -> None:
        """Count from here on."""
        self.requests = self.table_bytes = self.index_bytes = self.units = self.index_units = 0

    @property
    def bytes(self) -> int:
        """All that was written, the index's entries included."""
        return self.table_bytes + self.index_bytes

    def _answer(self, request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's
        given = json.loads(request.body)
        match request.headers["X-Amz-Target"].decode().partition(".")[2]:
            case "PutItem":
                answer = self._written([given["Item"]], times=1)
            case "TransactWriteItems":
                # Prepared and committed: each item twice (AWS, "Transactions: capacity management").
                answer = self._written([_item(one) for one in given["TransactItems"]], times=2)
            case "GetItem":
                answer = {}  # the owner's record: it has nothing that would forbid a submit
            case "Query":
                answer = self._found(given["ExpressionAttributeValues"])
            case other:
                raise NotImplementedError(f"{other}: no publish sends it")
        return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, _Body(answer))  # type: ignore[arg-type]

    def _written(self, items: list[Item], *, times: int) -> dict[str, object]:
        self.requests += 1
        for item in items:
            key = item["session_id"]["S"], item["record"]["S"]
            before = self._items.get(key, {})
            self._items[key] = item
            self.table_bytes += item_bytes(item)
            # The larger of the item before and after is charged.
            self.units += times * units(max(item_bytes(item), item_bytes(before)))
            self._index(before, item)
        return {}

    def _index(self, before: Item, after: Item) -> None:
        """The index's entry is written, at its own size and once, when something that it shows has changed."""
        if any(name not in after for name in self._index_keys):
            return
        old, new = ({name: value for name, value in one.items() if name in self._projected} for one in (before, after))
        if old != new:
            self.index_bytes += item_bytes(new)
            charged = units(max(item_bytes(new), item_bytes(old)))
            self.units += charged
            self.index_units += charged

    def _found(self, values: Mapping[str, Any]) -> dict[str, object]:
        session_id, first = values[":id"]["S"], values[":from"]["S"]
        keys = sorted(key for key in self._last_records(session_id) if key[1] >= first)
        return {"Items": [self._items[key] for key in keys], "Count": len(keys)}

    def _last_records(self, session_id: str) -> Iterator[tuple[str, str]]:
        return (key for record in ("REQUIREMENTS", "RESULTS", "STATE") if (key := (session_id, record)) in self._items)


def _item(write: Mapping[str, Any]) -> Item:
    """What a transaction's put or update writes. The owner's record holds about what an update of it says."""
    if "Put" in write:
        item: Item = write["Put"]["Item"]
        return item
    update = write["Update"]
    return {**update["Key"], **{name[1:]: value for name, value in update["ExpressionAttributeValues"].items()}}


def units(size: int) -> int:
    """The write units of an item of so many bytes."""
    return max(1, -(-size // _UNIT))


class _Body(io.BytesIO):
    """An answer's body, as urllib3 would give it."""

    def __init__(self, answer: Mapping[str, object]) -> None:
        super().__init__(json.dumps(answer).encode())

    def stream(self) -> Iterator[bytes]:
        yield self.read()
