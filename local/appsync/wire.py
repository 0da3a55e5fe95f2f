"""JSON as it crosses the wire: strict in, compact and always encodable out.

Both doors, HTTP and the WebSocket, read and write through these functions alone.
"""

import json
from typing import NoReturn


class NotJsonError(ValueError):
    """The text is no JSON, or nests so deeply that reading it would exhaust the stack."""


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is no JSON value")


def read_json(text: str | bytes) -> object:
    """The value that a JSON text stands for; `NaN` and `Infinity`, which Python would take, are refused."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error


def write_json(value: object) -> str:
    """A JSON text in ASCII: a lone surrogate in somebody's text is escaped rather than fail the send."""
    return json.dumps(value, separators=(",", ":"))


def size(value: object) -> int:
    """How many bytes the value takes as compact JSON in UTF-8."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode("utf-8", "surrogatepass"))
