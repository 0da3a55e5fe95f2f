"""Recognises the form of each line: heading, list item, table row, speaker's line, plain text.

It looks at the form and at the names of sections, never at what a line asks for. `outline` joins the lines that belong
together.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.text import headings, ids
from worker.tools.analysis.rules.text.source import Raw
from worker.tools.analysis.rules.text.speech import Speeches, Turn


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
    quoted: int = 0
    """How deep it is quoted in an e-mail."""


_QUOTE = re.compile(r"^\s*(?:>[ ]?)+")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)[\s#]*")
_FENCED = re.compile(r"[=~*#\u2500-\u257f-]{2,}\s*([^=~*#\s].*?[^=~*#\s-])\s*[=~*#\u2500-\u257f-]{2,}")
_BOLD = re.compile(r"(?:\d{1,2}[.)]\s*)?(?:\*\*|__)([^*_]{1,90})(?:\*\*|__)\s*:?")
_SLANTED = re.compile(r"([*_])(?![\s*_])([^*_]{2,})(?<!\s)\1")
_FENCED_LEVEL, _BOLD_LEVEL = 3, 5
_RULE = re.compile(
    r"[-=_*~\u2500-\u257f\u2014 ]{3,}|WEBVTT.*|\d{1,4}"
    r"|(?:page|seite|página|pagina|strona|sida|slide|folie|diapositive|diapositiva|slajd)\s+\d+"
    r"(?:\s*(?:/|of|von|de|di|van|z|av)\s*\d+)?",
    re.IGNORECASE,
)
_PAGE_OF = re.compile(r"(?:page|seite|p\.|página|pagina|strona|sida)\s*\d+|\d+\s?(?:/|of|von)\s?\d+$", re.IGNORECASE)
_TABLE_RULE = frozenset("|:-+ ")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}")
_BULLETS = r"\u2022\u2023\u2043\u25a0-\u25ff\u2610-\u2612\u2713\u2714\u2717\u27a2\u27a4\u2192\u00b7\u2219"
_ITEM = re.compile(
    rf"(?:[-*+\u2010-\u2015]\s+|[-*](?=[^\W\d_])|[{_BULLETS}]\s*|o\s+(?=\S{{2}})"
    r"|\d{1,3}[.)]\s+|\(\w{1,3}\)\s+|[a-z][.)]\s+|[ivx]{2,4}[.)]\s+)+"
    r"(?:\[[ xX]?\]\s+)?(.*)"
)
_MARK_AND_TAB = re.compile(rf"^(\s*(?:[-*o\u2010-\u2015{_BULLETS}]|\(?\w{{1,3}}[.)]|\d{{1,2}}(?:\.\d{{1,2}})*\.?))\t+")
_NEAR = 3
_LANE_WORDS = 6
_RUNNING, _RUNNING_LENGTH = 3, 40
"""How often a line comes back that is the head or foot of each page, and its least length."""


def read(raws: Sequence[Raw], lexicon: Lexicon, speeches: Speeches) -> list[Line]:
    """The lines with their forms."""
    texts = [_untabbed(_QUOTE.sub("", raw.text).rstrip()) for raw in raws]
    counts = Counter(_numberless(text) for text in texts if len(text) > _RUNNING_LENGTH)
    running = {text for text, times in counts.items() if times >= _RUNNING}
    signs = ids.signs([text.strip() for text in texts])
    known = _Known(lexicon, speeches, signs, headings.chapters(texts))
    lines = []
    for place, raw in enumerate(raws):
        whole = texts[place]
        spread = whole.expandtabs(4)
        quote = _QUOTE.match(raw.text)
        line = Line(
            raw.numbers,
            Form.RULE,
            "",
            indent=len(spread) - len(spread.lstrip()),
            quoted=quote[0].count(">") if quote else 0,
        )
        if _numberless(whole) not in running:
            line = _formed(line, place, texts, known)
        lines.append(line)
    return list(_settle(lines))


def _numberless(text: str) -> str:
    """A line without the number of the page, which tells apart the heads and feet of pages."""
    return re.sub(r"\d+", "#", text.strip()) if _PAGE_OF.search(text) else text.strip()


def _untabbed(text: str) -> str:
    """A list item with a space after its mark; in a row of cells the tabs stay."""
    return _MARK_AND_TAB.sub(r"\1 ", text) if text.strip().count("\t") == 1 else text


@dataclass(frozen=True)
class _Known:
    """What is known of the text as a whole."""

    lexicon: Lexicon
    speeches: Speeches
    signs: frozenset[str]
    chapters: frozenset[int]


def _formed(line: Line, place: int, texts: Sequence[str], known: _Known) -> Line:
    text = texts[place].strip()
    if not text:
        return replace(line, form=Form.BLANK)
    if turn := known.speeches.turn(text, place):
        return replace(line, form=Form.SPEECH, text=turn.said, turn=turn)
    if _RULE.fullmatch(text):
        return line
    below = texts[place + 1].strip() if place + 1 < len(texts) else ""
    title, level = (
        _marked(text, below)
        or _lane(text, known.lexicon)
        or (text, headings.level(place, texts, _ITEM, known.lexicon, known.chapters))
    )
    if level and not _is_row(text):
        return replace(line, form=Form.HEADING, text=headings.bare(title), level=level)
    form, said = _plain(text)
    if form is Form.TEXT and (rest := ids.lettered(text, _beside(place, texts))):
        form, said = Form.ITEM, rest
    if form is Form.TEXT and _signed(text, known.signs):
        form = Form.ITEM
    return replace(line, form=form, text=said)


def _signed(text: str, signs: frozenset[str]) -> bool:
    """Whether an id of a requirement begins the line, as it does in other lines."""
    sign, rest = ids.requirement_id(text)
    return bool(sign) and rest[:1].isupper() and any(sign.startswith(letters) for letters in signs)


def _marked(text: str, below: str) -> tuple[str, int] | None:
    """The title and level of a heading that a mark shows: hashes, bold, a fence, an underline."""
    if match := _HEADING.fullmatch(text):
        return match[2], len(match[1])
    if match := _BOLD.fullmatch(text):
        return match[1], _BOLD_LEVEL
    if (match := _FENCED.fullmatch(text)) and headings.short(match[1]):
        return match[1], _FENCED_LEVEL
    if _UNDERLINE.fullmatch(below) and headings.short(text) and not _ITEM.fullmatch(text):
        return text, 1 if below[0] == "=" else 2
    return None


def _lane(text: str, lexicon: Lexicon) -> tuple[str, int] | None:
    """The title and level of a column of cards, as in the export of a board: "List: Ideas"."""
    name, mark, title = text.partition(":")
    lane = mark and lexicon.pattern("sections", "lane", whole=True).fullmatch(plain(name).strip())
    return (title.strip(), headings.LANE) if lane and 0 < len(title.split()) <= _LANE_WORDS else None


def _plain(text: str) -> tuple[Form, str]:
    if match := _SLANTED.fullmatch(text):
        return Form.TEXT, match[2]
    if _is_row(text):
        return (Form.RULE if _TABLE_RULE.issuperset(text) else Form.ROW), text
    if (match := _ITEM.fullmatch(text)) and match[1]:
        return Form.ITEM, match[1]
    if (match := headings.NUMBERED.fullmatch(text)) and "." in match[1]:
        return Form.ITEM, match[3]
    return Form.TEXT, text


def _beside(place: int, texts: Sequence[str]) -> Sequence[str]:
    """The lines around a line, without itself."""
    return [
        texts[near].strip()
        for near in range(max(0, place - _NEAR), min(len(texts), place + _NEAR + 1))
        if near != place
    ]


def _is_row(text: str) -> bool:
    return text.startswith("|") or " | " in text or "\t" in text


def _settle(lines: Sequence[Line]) -> Iterator[Line]:
    """Take wrapped text for text: what looks like a heading in the middle of a paragraph is none."""
    for place, line in enumerate(lines):
        above = lines[place - 1] if place else None
        loose = line.form is Form.HEADING and line.level == headings.LOOSE
        open_ = above is not None and above.form is Form.TEXT and not above.text.endswith((".", ":", "!", "?"))
        if loose and open_ and above is not None and len(above.text) > _RUNNING_LENGTH:
            yield replace(line, form=Form.TEXT, level=0)
        else:
            yield line
