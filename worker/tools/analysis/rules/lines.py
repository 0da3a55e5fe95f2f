"""Recognises the form of each line: heading, list item, table row, speaker's line, plain text.

It looks at the form and at the names of sections, never at what a line asks for. `outline` joins the lines that belong
together.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.roles import Role, role_of
from worker.tools.analysis.rules.source import Raw
from worker.tools.analysis.rules.speech import Speeches, Turn


class Form(Enum):
    """The form of a line."""

    BLANK = auto()
    RULE = auto()
    HEADING = auto()
    ITEM = auto()
    ROW = auto()
    SPEECH = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Line:
    """One line, without the marks of its form."""

    numbers: tuple[int, ...]
    form: Form
    text: str
    level: int = 0
    """Of a heading, 1 being the highest."""
    indent: int = 0
    turn: Turn | None = None
    width: int = 0
    """The length of the whole line."""
    quoted: int = 0
    """How deep it is quoted in an e-mail."""


_QUOTE = re.compile(r"^\s*(?:>[ ]?)+")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)[\s#]*")
_FENCED = re.compile(r"[=~*#\u2500-\u257f-]{2,}\s*([^=~*#\s].*?[^=~*#\s-])\s*[=~*#\u2500-\u257f-]{2,}")
_BOLD = re.compile(r"(?:\d{1,2}[.)]\s*)?(\*\*|__)([^*_]{1,90})\1\s*:?")
_RULE = re.compile(
    r"[-=_*~\u2500-\u257f\u2014 ]{3,}|WEBVTT.*|(?:page|seite|página|pagina|strona|sida)\s+\d+(?:\s*(?:/|of|von|de|di|van|z|av)\s*\d+)?|\d{1,4}",
    re.IGNORECASE,
)
_TABLE_RULE = frozenset("|:-+ ")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})([.)]?)\s+(\S.*)")
_REQUIREMENT_ID = re.compile(
    r"\[?(?:[A-Z]{1,6}(?:-[A-Z]{1,4})?[-_]\d{1,4}(?:\.\d{1,3})*|(?:REQ|FR|NFR|NF|US|UC|BR|R|F|A|B) ?\d{1,4}(?:\.\d{1,3})*(?=[\]:.)])|(?:REQ|FR|NFR|US|UC|BR)\d{1,4})\]?"
    r"\s*[:.)\u2013-]?\s+(?=\S)"
)
_ITEM = re.compile(
    r"(?:[-*+\u2010-\u2015]\s+|[-*](?=[^\W\d_])|[\u2022\u2023\u2043\u25a0-\u25ff\u2610-\u2612\u2713\u2714\u2717\u27a2\u27a4\u2192\u00b7\u2219]\s*|o\s+(?=\S{2})"
    r"|\d{1,3}[.)]\s+|\(\w{1,3}\)\s+|[a-z][.)]\s+|[ivx]{2,4}[.)]\s+)+"
    r"(?:\[[ xX]?\]\s+)?(.*)"
)
_MARK_AND_TAB = re.compile(
    r"^(\s*(?:[-*o\u2010-\u2015\u2022\u25a0-\u25ff\u00b7]|\(?\w{1,3}[.)]|\d{1,2}(?:\.\d{1,2})*\.?))\t+"
)
_SHORT = 80
_FEW_WORDS = 9
_MOST_WORDS = 13
_RUNNING = 3
"""How often a long line comes back that is the head or foot of each page."""


def read(raws: Sequence[Raw], lexicon: Lexicon, speeches: Speeches) -> list[Line]:
    """The lines with their forms."""
    texts = [_MARK_AND_TAB.sub(r"\1 ", _QUOTE.sub("", raw.text).rstrip()) for raw in raws]
    counts = Counter(text.strip() for text in texts if len(text) > _SHORT // 2)
    running = {text for text, times in counts.items() if times >= _RUNNING}
    lines = [
        Line(raw.numbers, Form.RULE, "")
        if texts[place].strip() in running
        else _read(place, raw, texts, lexicon, speeches)
        for place, raw in enumerate(raws)
    ]
    return list(_settle(lines))


def _read(place: int, raw: Raw, texts: Sequence[str], lexicon: Lexicon, speeches: Speeches) -> Line:
    whole = texts[place]
    text = whole.strip()
    quote = _QUOTE.match(raw.text)
    depth = quote[0].count(">") if quote else 0
    indent = len(whole.expandtabs(4)) - len(whole.expandtabs(4).lstrip())

    def line(form: Form, said: str = "", level: int = 0, turn: Turn | None = None) -> Line:
        return Line(raw.numbers, form, said, level, indent, turn, len(whole), depth)

    if not text:
        return line(Form.BLANK)
    if turn := speeches.turn(text, place):
        return line(Form.SPEECH, turn.said, turn=turn)
    if _RULE.fullmatch(text):
        return line(Form.RULE)
    if match := _HEADING.fullmatch(text):
        return line(Form.HEADING, _bare(match[2]), len(match[1]))
    if _is_row(text):
        return line(Form.RULE if _TABLE_RULE.issuperset(text) else Form.ROW, text)
    if match := _BOLD.fullmatch(text):
        return line(Form.HEADING, _bare(match[2]), 5)
    if (match := _FENCED.fullmatch(text)) and _short(match[1]):
        return line(Form.HEADING, _bare(match[1]), 3)
    below = texts[place + 1].strip() if place + 1 < len(texts) else ""
    if _UNDERLINE.fullmatch(below) and _short(text) and not _ITEM.fullmatch(text):
        return line(Form.HEADING, _bare(text), 1 if below[0] == "=" else 2)
    if level := _bare_heading(place, texts, lexicon):
        return line(Form.HEADING, _bare(text), level)
    if (match := _ITEM.fullmatch(text)) and match[1]:
        return line(Form.ITEM, match[1])
    if match := _NUMBERED.fullmatch(text):
        return line(Form.ITEM, match[3]) if "." in match[1] else line(Form.TEXT, text)
    return line(Form.TEXT, text)


def _bare(text: str) -> str:
    """A heading without emphasis, number and colon."""
    text = text.strip(" *_").rstrip(": ")
    if match := _NUMBERED.fullmatch(text):
        text = match[3]
    return text.strip(" *_\u2013-")


def _is_row(text: str) -> bool:
    return text.startswith("|") or text.count(" | ") >= 1 or "\t" in text


def _bare_heading(place: int, texts: Sequence[str], lexicon: Lexicon) -> int:
    """The level of a heading that only its number, its capitals or its words show; 0 for another line."""
    text = texts[place].strip()
    if not _short(text) or len(text.split()) > _MOST_WORDS:
        return 0
    if match := _NUMBERED.fullmatch(text):
        return _numbered_heading(place, texts, match, lexicon)
    if len(text.split()) > _FEW_WORDS or texts[place].startswith((" ", "\t")) or _ITEM.fullmatch(text):
        return 0
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= 4 and all(letter.isupper() for letter in letters) and not text.endswith((",", ";")):
        return 2
    role = role_of(text.rstrip(":"), lexicon, strict=True)
    if role is not None:
        return 4
    above = texts[place - 1].strip() if place else ""
    below = texts[place + 1].strip() if place + 1 < len(texts) else ""
    if (
        not above
        and below
        and _ITEM.fullmatch(below)
        and text[0].isupper()
        and len(text.split()) <= 6
        and not text.endswith(":")
    ):
        return 4
    return 0


def _numbered_heading(place: int, texts: Sequence[str], match: re.Match[str], lexicon: Lexicon) -> int:
    """The level of "3.1 Export": its neighbours show whether it is a heading or an item of a numbered list."""
    number, mark, text = match.groups()
    depth = number.count(".") + 1
    if mark == ")" or not text[0].isalpha() or text[0].islower():
        return 0
    after = _neighbour(place, texts, 1)
    before = _neighbour(place, texts, -1)
    beside = [texts[near].strip() for near in (place - 1, place + 1) if 0 <= near < len(texts)]
    if role_of(text.rstrip(":"), lexicon, strict=True) is not None and not any(
        _sibling(near, depth) for near in beside
    ):
        return depth + 1
    siblings = [near for near in (after, before) if _sibling(near, depth)]
    blank = (not texts[place - 1].strip() if place else True) and (
        place + 1 >= len(texts) or not texts[place + 1].strip()
    )
    long = len(text.split()) > _FEW_WORDS - 3 and depth > 1
    if siblings or not after or (long and lexicon.words("need").search(text.lower())):
        return 0
    deeper = _NUMBERED.fullmatch(after)
    return depth + 1 if deeper or blank or depth > 1 or _ITEM.fullmatch(after) else 0


def _sibling(text: str, depth: int) -> bool:
    match = _NUMBERED.fullmatch(text)
    return match is not None and match[1].count(".") + 1 == depth


def _neighbour(place: int, texts: Sequence[str], step: int) -> str:
    place += step
    while 0 <= place < len(texts):
        if texts[place].strip():
            return texts[place].strip()
        place += step
    return ""


def _short(text: str) -> bool:
    return len(text) <= _SHORT and not text.endswith((".", "!", "?", ",", ";"))


def _settle(lines: Sequence[Line]) -> Iterator[Line]:
    """Take wrapped text for text: what looks like a heading in the middle of a paragraph is none."""
    for place, line in enumerate(lines):
        above = lines[place - 1] if place else None
        if (
            line.form is Form.HEADING
            and line.level == 4
            and above
            and above.form is Form.TEXT
            and len(above.text) > _SHORT // 2
            and not above.text.endswith((".", ":", "!", "?"))
        ):
            yield Line(line.numbers, Form.TEXT, line.text, indent=line.indent, width=line.width)
        else:
            yield line


def requirement_id(text: str) -> tuple[str, str]:
    """The id at the start of a text ("REQ-7", "[F12]:") and the rest."""
    match = _REQUIREMENT_ID.match(text)
    return (match[0].strip(" :.)[]-\u2013"), text[match.end() :]) if match and match.end() < len(text) else ("", text)


__all__ = ["Form", "Line", "Role", "read", "requirement_id"]
