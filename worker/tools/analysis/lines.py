"""Recognises the form of each line of the notes: heading, list item, speaker's line, table row or plain text.

It looks only at the form and never at what a line asks for. `notes` calls it and joins the lines that belong together.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from worker.tools.analysis.sections import section_of

NEWLINE = re.compile(r"\r\n|\n|\r")


class Form(Enum):
    """The form of a line."""

    BLANK = auto()
    RULE = auto()
    HEADING = auto()
    ITEM = auto()
    SPEECH = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Line:
    """One line. Its text comes without the list marker, time and speaker."""

    number: int
    form: Form
    text: str
    speaker: str = ""
    lead_in: bool = False
    """Whether this line introduces a list that follows it: "The portal must:"."""


_TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?"
_WORD = r"[^\W\d_][\w.'\u2019-]{0,30}"
_NAME = rf"{_WORD}(?:[ ]{_WORD}){{0,3}}"

_QUOTE = re.compile(r"^(?:>[ ]?)+")
_VOICE = re.compile(rf"<v(?:\.\w+)* (?P<name>{_NAME})>(?P<rest>.*)")
_RULE = re.compile(r"[-=_*~ ]{3,}|WEBVTT")
_SHORT = 80
"""The most characters of a heading that only its words or an underline show to be one."""
_TABLE_RULE = frozenset("|:- ")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_CUE = re.compile(rf"{_TIME}\s*-->\s*{_TIME}.*|{_TIME}")
_HEADING = re.compile(r"#{1,6}\s+(?P<heading>.*)")
_BOLD = re.compile(r"(?:\d{1,2}[.)]\s*)?(\*\*|__)(?P<heading>[^*_]{1,80})\1:?")
_ITEM = re.compile(
    r"(?:[-*+\u2013\u2014]\s+|-(?=[^\W\d_])|[\u2022\u2023\u25aa\u25e6\u25cf\u00b7]\s*|\d{1,3}[.)]\s+|\(\w{1,3}\)\s+"
    r"|[a-z][.)]\s+|[ivx]{2,4}[.)]\s+)+"
    r"(?:\[[ xX]\]\s+)?(.*)"
)
_SPEECH = re.compile(
    rf"(?:(?P<before>{_TIME})[\s-]*)?(?P<name>{_NAME})(?:\s?\((?P<role>[^()]{{1,40}})\))?"
    rf"(?:[\s,]*(?P<after>{_TIME}))?(?P<colon>\s?:)?(?P<rest>\s.*|)"
)
_TIMED = re.compile(r"\[\d{1,2}:\d{2}(?::\d{2})?\]\s+(.*)")


@dataclass(frozen=True)
class _Label:
    """A possible speaker's name at the start of a line."""

    name: str
    rest: str
    certain: bool
    """Whether a time, a role or a voice tag shows that it is a speaker."""


def read_lines(text: str) -> list[Line]:
    """All lines of the notes, in order. Their numbers count from 1."""
    raw = [_QUOTE.sub("", line.strip()).removesuffix("</v>").strip() for line in NEWLINE.split(text)]
    speakers = _speakers(raw)
    lines = [_read(number, line, raw, speakers) for number, line in enumerate(raw, start=1)]
    return list(_with_lead_ins(lines))


def _speakers(raw: Sequence[str]) -> frozenset[str]:
    """The labels that are people: those with a time, a role or a voice tag, and those that occur more than once."""
    labels = [label for line in raw if (label := _label(line)) and not section_of(label.name, whole=True)]
    often = {name for name, times in Counter(label.name for label in labels).items() if times > 1}
    return frozenset({label.name for label in labels if label.certain} | often)


def _label(line: str) -> _Label | None:
    if voice := _VOICE.fullmatch(line):
        return _Label(voice["name"], voice["rest"].strip(), certain=True)
    match = _SPEECH.fullmatch(line)
    if not match or not all(word[0].isupper() or not word.islower() for word in match["name"].split()):
        return None
    timed = match["before"] or match["after"]
    # Without a colon, a name is a speaker only if there is a time and nothing else: "Anna Lindqvist 00:12:31".
    if not match["colon"] and (not timed or match["rest"].strip()):
        return None
    return _Label(match["name"], match["rest"].strip(), bool(timed or match["role"]))


def _read(number: int, line: str, raw: Sequence[str], speakers: frozenset[str]) -> Line:
    below = raw[number] if number < len(raw) else ""
    form, text, speaker = _form(line, below, speakers)
    return Line(number, form, text, speaker)


def _form(line: str, below: str, speakers: frozenset[str]) -> tuple[Form, str, str]:
    """The line's form, text and speaker. The clearest marks are looked for first."""
    if not line:
        return Form.BLANK, "", ""
    if _RULE.fullmatch(line) or _is_table_rule(line) or _CUE.fullmatch(line):
        return Form.RULE, "", ""
    heading = _heading(line, below)
    if heading is not None:
        return Form.HEADING, heading, ""
    if (label := _label(line)) and label.name in speakers:
        return Form.SPEECH, label.rest, label.name
    if _is_bare_heading(line):
        return Form.HEADING, line, ""
    return *_item_speech_or_text(line), ""


def _heading(line: str, below: str) -> str | None:
    """The text of a heading in Markdown: after hashes, in bold, underlined, or in the first row of a table."""
    for mark in (_HEADING, _BOLD):
        if match := mark.fullmatch(line):
            return match["heading"].rstrip("# ")
    if _is_table_rule(below) and line.startswith("|"):
        return _cells(line)
    return line if _UNDERLINE.fullmatch(below) and _short(line) else None


def _item_speech_or_text(line: str) -> tuple[Form, str]:
    if line.startswith("|"):
        return Form.ITEM, _cells(line)
    if match := _ITEM.fullmatch(line):
        return Form.ITEM, match[1]
    if match := _TIMED.fullmatch(line):
        return Form.SPEECH, match[1]
    return Form.TEXT, line


def _cells(row: str) -> str:
    return " - ".join(cell for cell in map(str.strip, row.split("|")) if cell)


def _is_bare_heading(line: str) -> bool:
    """Whether the line is just the name of a section: "Integrations", "3. Constraints:", "OPEN QUESTIONS"."""
    bare = re.sub(r"^\d{1,2}[.)]\s+", "", line).rstrip(":").strip()
    return _short(bare) and section_of(bare, whole=True) is not None


def _is_table_rule(line: str) -> bool:
    return "|" in line and "-" in line and _TABLE_RULE.issuperset(line)


def _short(line: str) -> bool:
    return len(line) <= _SHORT and not line.endswith((".", "!", "?"))


def _with_lead_ins(lines: Sequence[Line]) -> Iterator[Line]:
    """Mark each plain line that ends with a colon and is followed by a list."""
    list_follows = False
    found: list[Line] = []
    for line in reversed(lines):
        lead_in = list_follows and line.form is Form.TEXT and line.text.endswith(":")
        found.append(Line(line.number, line.form, line.text, line.speaker, lead_in=True) if lead_in else line)
        if line.form is not Form.BLANK:
            list_follows = line.form is Form.ITEM
    return reversed(found)
