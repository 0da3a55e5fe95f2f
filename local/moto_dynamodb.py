"""moto's DynamoDB for many callers at once: its requests take turns, and a transaction backs up what it touches.

moto copies the whole table before each transaction and puts the copy back when it is cancelled. Unguarded, a
transaction fails because another one writes meanwhile, a cancelled one takes others' writes back with its own, and each
costs as much as there are sessions. `local.aws` applies both to the server that it runs; nothing else does.
"""

import copy
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def taking_turns(application: "WSGIApplication") -> "WSGIApplication":
    """The application, with one DynamoDB request at a time; the other services' may wait for something, and overlap."""
    turn = threading.Lock()

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            return application(environ, start_response)
        with turn:
            return application(environ, start_response)

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
