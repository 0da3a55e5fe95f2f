"""moto's DynamoDB for many callers at once: its requests take turns, and a transaction's backup costs next to nothing.

moto copies the whole table before each transaction and puts the copy back when it is cancelled. Unguarded, a
transaction fails because another one writes meanwhile, a cancelled one takes others' writes back with its own, and each
costs as much as there are sessions. `local.aws` applies both to the server that it runs; nothing else does.
"""

import copy
import threading
from collections import defaultdict
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


def back_up_by_reference() -> None:
    """Let a table's backup share the items: a transaction of puts replaces them and changes none in place."""
    from moto.dynamodb.models.table import Table  # noqa: PLC0415 - it takes a second to load

    Table.__deepcopy__ = _backup


def _backup(table: Any, _memo: dict[int, Any]) -> Any:  # noqa: ANN401 - moto is untyped here
    backup = copy.copy(table)
    backup.items = defaultdict(dict, {key: _shallow(value) for key, value in table.items.items()})
    return backup


def _shallow(value: Any) -> Any:  # noqa: ANN401 - likewise
    """The records under one partition key, or the one item of a table without a sort key."""
    return dict(value) if isinstance(value, dict) else value
