"""JSON as it crosses the wire: strict in, compact and always encodable out.

Both doors, HTTP and the WebSocket, read and write through these functions alone.
"""

import json
import math
from functools import cached_property
from typing import NoReturn


class NotJsonError(ValueError):
    """The text is no JSON, or nests so deeply that reading it would exhaust the stack."""


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is no JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise NotJsonError(f"{digits} is beyond every double")
    return number


def read_json(text: str | bytes) -> object:
    """The value that a JSON text stands for; `NaN` and `Infinity`, which Python would take, are refused, and so is
    a number like 1e999, which it would read as one of them.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error


_COMPACT = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
"""One for all: `json.dumps` would make one for each of a thousand subscribers."""


def write_json(value: object) -> str:
    """A JSON text in ASCII: a lone surrogate in somebody's text is escaped rather than fail the send.

    ValueError for NaN and infinity, which JSON does not know.
    """
    return _COMPACT.encode(value)


class Written(dict[str, object]):
    """A JSON object that goes to many: what it looks like is written once. It must not change any more."""

    @cached_property
    def text(self) -> str:
        return write_json(self)


def exceeds(value: object, characters: int) -> bool:
    """Whether the texts in the value alone are longer than that, found out without writing it.

    Aliases make a short value from a long one in no time: the same text a thousand times.
    """
    waiting, left = [value], characters
    while waiting and left >= 0:
        item = waiting.pop()
        if isinstance(item, str):
            left -= len(item)
        elif isinstance(item, dict):
            left -= sum(map(len, item))
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return left < 0


def size(value: object) -> int:
    """How many bytes the value takes as compact JSON in UTF-8."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode("utf-8", "surrogatepass"))
