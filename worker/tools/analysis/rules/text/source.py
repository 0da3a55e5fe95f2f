"""Repairs the text of the notes before anything reads it, and keeps the number of each line.

It removes byte-order marks and invisible characters, decodes HTML entities, quoted-printable e-mails and text that was
decoded with the wrong character set, and turns HTML into plain lines. What can't be repaired becomes a warning.
"""

import html
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tools.analysis.rules.text import markup


@dataclass(frozen=True)
class Raw:
    """One line of text and the lines of the notes that it comes from."""

    numbers: tuple[int, ...]
    text: str


@dataclass(frozen=True)
class Source:
    """The repaired notes."""

    lines: Sequence[Raw]
    warnings: tuple[str, ...]


_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufffe\uffff\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_PRIVATE_BULLET = re.compile("^(\\s*)[\ue000-\uf8ff](?=\\s|\\w)")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_BROKEN = re.compile(
    "[\u00c2\u00c3\u00c4\u00c5\u00e2][\u0080-\u00bf\u2000-\u203a\u20ac\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2122]"
)
_LOST = "\ufffd"
_QUOTED_PRINTABLE = re.compile(r"(?im)^content-transfer-encoding:\s*quoted-printable")
_ESCAPED = re.compile(r"=[0-9A-F]{2}")


def read(notes: str) -> Source:
    """The notes as repaired lines, with warnings about what was repaired or lost."""
    warnings = []
    lines = [Raw((number,), line) for number, line in enumerate(notes.splitlines(), start=1)]
    if _QUOTED_PRINTABLE.search(notes):
        lines = _unquoted(lines)
    if any(_BROKEN.search(line.text) for line in lines):
        lines = [Raw(line.numbers, _mended(line.text)) for line in lines]
        warnings.append(
            "The notes were pasted in a broken encoding. Their special characters were repaired; compare names with"
            " the original."
        )
    lost = sum(_LOST in line.text for line in lines)
    if lost:
        warnings.append(
            f"{lost} line{'s' * (lost > 1)} of the notes lost characters in a broken encoding (they show"
            f" \u201c{_LOST}\u201d): paste the original text again."
        )
    if markup.is_html(notes):
        lines = [Raw(numbers, text) for numbers, text in markup.lines(notes)]
    return Source([Raw(line.numbers, _clean(line.text)) for line in lines], tuple(warnings))


def _clean(text: str) -> str:
    if text.isascii() and "&" not in text and text.isprintable():
        return text
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    text = _PRIVATE_BULLET.sub("\\1\u2022 ", _SPACES.sub(" ", text))
    return _PRIVATE.sub(" ", _INVISIBLE.sub("", text))


def _mended(text: str) -> str:
    import ftfy  # noqa: PLC0415 - loads tables that only broken notes need

    return ftfy.fix_encoding(text)


def _unquoted(lines: Sequence[Raw]) -> list[Raw]:
    """The lines with their escapes decoded; a line that ends with "=" goes on in the next one."""
    found: list[Raw] = []
    open_ = False
    for line in lines:
        text, goes_on = (line.text[:-1], True) if line.text.endswith("=") else (line.text, False)
        if _ESCAPED.search(text):
            text = quopri.decodestring(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")
        if open_:
            found[-1] = Raw(found[-1].numbers + line.numbers, found[-1].text + text)
        else:
            found.append(Raw(line.numbers, text))
        open_ = goes_on
    return found
