"""Makes the texts of clients and agents safe to show, and figures readable.

Notes, names and an agent's answers may contain escape sequences that recolour, overwrite or retitle a terminal. All
such text passes through here before it is shown. Nothing here prints.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from client.session import Usage

# Control characters except newline and tab; those that change the text's direction; surrogates, which can't be encoded.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Windows' line ends; one may be split between two chunks of a stream.
_LINE_END = re.compile(r"\r+(?=\n|\Z)")
_SPACE = re.compile(r"\s+")
_CENT = 0.01
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


def printable(text: str) -> str:
    r"""`text` with every character escaped that could control a terminal: ESC becomes `\x1b`."""
    return _UNSAFE.sub(_written_out, _LINE_END.sub("", text).expandtabs(4))


def one_line(text: str, length: int | None = None) -> str:
    """`text`, safe and on one line, and cut to `length` characters with an ellipsis."""
    line = printable(_SPACE.sub(" ", text).strip())
    return line if length is None or len(line) <= length else line[: length - 1].rstrip() + "…"


def gist(text: str, length: int) -> str:
    """A tool's answer in short: a JSON object's fields as words and values, other text unchanged."""
    try:
        answer = json.loads(text)
    except ValueError:
        return one_line(text, length)
    if not isinstance(answer, dict):
        return one_line(text, length)
    return one_line(" · ".join(_fields(answer)), length)


def _fields(answer: Mapping[str, object]) -> Iterator[str]:
    for name, value in answer.items():
        words = _WORD.sub(" ", name).lower()
        match value:
            case dict():
                yield from _fields(value)
            case list():
                yield f"{words} {len(value)}"
            case None | False | "":
                continue
            case True:
                yield words
            case int() | float():
                yield f"{words} {number(value)}"
            case _:
                yield f"{words} {one_line(str(value), 80)}"


def money(amount: float, currency: str) -> str:
    return f"{amount:,.2f} {one_line(currency)}"


def usage(used: Usage) -> str:
    """A line with the tokens and the cost of the models; empty if no model was used."""
    if not (used.read_tokens or used.output_tokens):
        return ""
    line = f"Model: {number(used.read_tokens)} tokens in, {number(used.output_tokens)} out"
    if used.model_cost is None or used.model_cost_currency is None:
        return line
    if 0 < used.model_cost < _CENT:
        return f"{line}, less than {money(_CENT, used.model_cost_currency)}"
    return f"{line}, {money(used.model_cost, used.model_cost_currency)}"


def number(value: float) -> str:
    """A number without unnecessary decimals: 412, 37.5."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def duration(elapsed: timedelta) -> str:
    """A duration as a clock shows it: 0:42, 12:05, 1:02:03."""
    minutes, seconds = divmod(max(0, int(elapsed.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def size(count: int) -> str:
    """A file's size, in bytes or kB."""
    kilobyte = 1000
    return f"{count} B" if count < kilobyte else f"{count / kilobyte:,.0f} kB"


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - as Python writes them
