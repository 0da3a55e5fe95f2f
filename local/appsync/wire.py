"""Reads and writes JSON: strict when reading, compact and always encodable when writing.

Both HTTP and the WebSocket use only these functions.
"""

import json
import math
from functools import cached_property
from typing import NoReturn


class NotJsonError(ValueError):
    """The text is not JSON, or nests so deeply that reading it would exhaust the stack."""


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise NotJsonError(f"{digits} is too large for a double")
    return number


def read_json(text: str | bytes) -> object:
    """The value of a JSON text.

    Python would accept `NaN` and `Infinity`, and read a number such as 1e999 as infinity. All of these are refused.

    Raises:
        NotJsonError: the text is not JSON.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error


_COMPACT = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
"""Shared, because `json.dumps` would make a new encoder for each of a thousand subscribers."""


def write_json(value: object) -> str:
    """The value as JSON text in ASCII, so that a lone surrogate in a text is escaped and can be sent.

    Raises:
        ValueError: the value has NaN or infinity, which JSON does not have.
    """
    return _COMPACT.encode(value)


class Written(dict[str, object]):
    """A JSON object for many receivers: its text is written only once. Don't change it afterwards."""

    @cached_property
    def text(self) -> str:
        return write_json(self)


def exceeds(value: object, characters: int) -> bool:
    """Whether the strings in the value add up to more than this, without writing the value as JSON.

    With aliases, a query can select the same long text a thousand times at no cost to its sender.
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
