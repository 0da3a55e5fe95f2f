"""Corrections to moto's DynamoDB for many callers at once: requests take turns, and touch only the items they concern.

moto copies the whole table before each transaction, and restores the copy if the transaction is cancelled. So a
transaction fails if another one writes meanwhile, a cancelled one also undoes the writes of others, and each takes time
in proportion to the number of sessions. A query for one session does too: it sorts the table and computes the size of
everything in it. Half a query's time goes into looking for other spellings of `S` and `N`.

With these corrections you can follow a hundred sessions on two cores. Only `local.aws.server` applies them, to the
server that it runs.
"""

import copy
import inspect
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from botocore.model import Shape


def taking_turns(dynamodb: "WSGIApplication", others: "WSGIApplication") -> "WSGIApplication":
    """Both as one application. DynamoDB gets one request at a time; requests to the others may overlap.

    moto could find out the service by itself, but it lists its own folder to do so, for every request.
    """
    turn = threading.Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            return others(environ, start_response)
        with turn:
            return dynamodb(environ, start_response)

    return answer


def back_up_what_is_touched() -> None:
    """Make a transaction back up only the partitions that it writes into.

    The backup keeps references to the items, because puts and deletes replace items. Only an update changes an item in
    place, so the items that one may change are copied. Ours change an owner's record, which has its own partition.
    """
    from moto.dynamodb.models import DynamoDBBackend  # noqa: PLC0415 - it takes a second to load
    from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415
    from moto.dynamodb.models.table import Table  # noqa: PLC0415

    transact = DynamoDBBackend.transact_write_items

    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:  # noqa: ANN401 - untyped here
        before = []
        for kind, operation in [pair for item in transact_items for pair in item.items()]:
            table = backend.tables.get(operation["TableName"])
            if table is not None:
                key = DynamoType(operation.get("Item", operation.get("Key"))[table.hash_key_attr])
                copied = copy.deepcopy if kind == "Update" else copy.copy
                before.append((table.items, key, copied(table.items.get(key))))
        try:
            transact(backend, transact_items)
        except Exception:
            for items, key, partition in before:
                if partition is None:
                    items.pop(key, None)
                else:
                    items[key] = partition
            raise

    DynamoDBBackend.transact_write_items = transact_write_items
    Table.__deepcopy__ = lambda table, _memo: table  # moto's own backup


def query_what_is_asked_for() -> None:
    """Make a query of the table look only at the records of its key condition. A query of an index looks at all."""
    from moto.dynamodb.comparisons import get_comparison_func  # noqa: PLC0415 - as above
    from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415
    from moto.dynamodb.models.table import Table  # noqa: PLC0415

    whole, arguments = Table.query, inspect.signature(Table.query)

    def query(table: Table, hash_key: DynamoType, *others: Any, **named: Any) -> Any:  # noqa: ANN401 - moto's own
        given = arguments.bind(table, hash_key, *others, **named).arguments
        if given.get("index_name") is not None:
            return whole(table, hash_key, *others, **named)
        partition = table.items.get(hash_key, {})
        if comparison := given["range_comparison"]:
            matches, bounds = get_comparison_func(comparison), [bound.cast_value for bound in given["range_objs"]]
            partition = {key: item for key, item in partition.items() if matches(key.cast_value, *bounds)}
        part = object.__new__(Table)  # __init__ would add it to moto's list of all tables
        vars(part).update(vars(table))
        part.items = {hash_key: partition}
        return whole(part, hash_key, *others, **named)

    Table.query = query


def write_values_as_they_are() -> None:
    """Write a response's attribute values unchanged. They are JSON already, except binary ones, which we don't use."""
    from moto.core.serialize import BaseJSONSerializer  # noqa: PLC0415 - as above

    whole = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - it has no other name

    def serialize(self: BaseJSONSerializer, written: dict[str, Any], value: object, shape: "Shape", key: str) -> None:
        if shape.name == "AttributeValue":
            written[key] = value
        else:
            whole(self, written, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = serialize  # noqa: SLF001
