"""moto's DynamoDB for many callers at once: its requests take turns, and each touches what it is about and no more.

moto copies the whole table before each transaction and puts the copy back when it is cancelled. Unguarded, a
transaction fails because another one writes meanwhile, a cancelled one takes others' writes back with its own, and each
costs as much as there are sessions. So does a query for one session, which sorts the table and weighs all it finds
there; and half a query's time goes into looking for other spellings of `S` and `N`. With this mended, a hundred
sessions can be followed on two cores. `local.aws.server` applies it to the server that it runs; nothing else does.
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
    """Both as one application, with one DynamoDB request at a time; the others may wait for something, and overlap.

    moto would find out the service by itself, by listing its own folder for each request.
    """
    turn = threading.Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            return others(environ, start_response)
        with turn:
            return dynamodb(environ, start_response)

    return answer


def back_up_what_is_touched() -> None:
    """Let a transaction keep, for its cancellation, the partitions that it writes into and no more.

    Their items are kept by reference: puts and deletes replace them. An update would change one in place; no
    transaction of ours has any.
    """
    from moto.dynamodb.models import DynamoDBBackend  # noqa: PLC0415 - it takes a second to load
    from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415
    from moto.dynamodb.models.table import Table  # noqa: PLC0415

    transact = DynamoDBBackend.transact_write_items

    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:  # noqa: ANN401 - untyped here
        before = []
        for operation in [operation for item in transact_items for operation in item.values()]:
            table = backend.tables.get(operation["TableName"])
            if table is not None:
                key = DynamoType(operation.get("Item", operation.get("Key"))[table.hash_key_attr])
                before.append((table.items, key, copy.copy(table.items.get(key))))
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
    """Let a query of the table itself look at the records that its key condition names. An index's looks at all."""
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
        part = object.__new__(Table)  # moto keeps a list of all that it makes itself
        vars(part).update(vars(table))
        part.items = {hash_key: partition}
        return whole(part, hash_key, *others, **named)

    Table.query = query


def write_values_as_they_are() -> None:
    """Let a response's attribute values be written as they are: JSON, but for binary ones, of which we have none."""
    from moto.core.serialize import BaseJSONSerializer  # noqa: PLC0415 - as above

    whole = BaseJSONSerializer._serialize_type_structure  # noqa: SLF001 - it has no other name

    def serialize(self: BaseJSONSerializer, written: dict[str, Any], value: object, shape: "Shape", key: str) -> None:
        if shape.name == "AttributeValue":
            written[key] = value
        else:
            whole(self, written, value, shape, key)

    BaseJSONSerializer._serialize_type_structure = serialize  # noqa: SLF001
