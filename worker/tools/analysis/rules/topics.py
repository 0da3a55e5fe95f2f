"""Size, discipline, priority and topic of a requirement, by its words and by what the notes say about it.

The words are data: `words/topics.toml`.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.statements import Statement
from worker.tools.analysis.rules.tables import priority_word
from worker.tools.requirements import BUILT, Discipline, Kind, Priority, Size

_TOPICS = Path(__file__).with_name("words") / "topics.toml"
_POINTS = ((2, Size.S), (5, Size.M), (8, Size.L))
_DETAILS = 4


@dataclass(frozen=True)
class _Topic:
    name: str
    words: re.Pattern[str]
    reason: str = ""


@cache
def _topics(table: str, key: str) -> Sequence[_Topic]:
    entries = tomllib.loads(_TOPICS.read_text(encoding="utf-8"))[table]
    return [
        _Topic(entry[key], re.compile(rf"(?<!\w)(?:{'|'.join(entry['words'])})"), entry.get("reason", ""))
        for entry in entries
    ]


def size(kind: Kind, statement: Statement) -> tuple[Size | None, str]:
    """The size of what is to be built, with the reason; None for kinds that nobody builds."""
    if kind not in BUILT:
        return None, ""
    if stated := _stated(statement.hints.points):
        return stated, f"estimated in the notes: {statement.hints.points}"
    said = plain(statement.text)
    for topic in _topics("size", "size"):
        if topic.words.search(said):
            return Size(topic.name), topic.reason
    if len(statement.details) >= _DETAILS:
        return Size.L, f"has {len(statement.details)} details"
    if kind is Kind.INTEGRATION:
        return Size.M, "one interface"
    return Size.M, "of usual size"


def _stated(points: str) -> Size | None:
    word = points.strip().upper()
    if word in {"XS", "S"}:
        return Size.S
    if word in Size.__members__:
        return Size(word)
    number = re.fullmatch(r"(\d{1,3})(?:[.,]\d+)?(?:\s?(?:SP|PT|PTS|POINTS?))?", word)
    if not number:
        return None
    return next((each for most, each in _POINTS if int(number[1]) <= most), Size.XL)


def discipline(kind: Kind, text: str) -> Discipline | None:
    """The discipline that does most of the work."""
    if kind not in BUILT:
        return None
    if kind is Kind.INTEGRATION:
        return Discipline.INTEGRATION
    said = plain(text)
    found = next((topic.name for topic in _topics("discipline", "name") if topic.words.search(said)), None)
    return Discipline(found) if found else Discipline.APPLICATION


def priority(statement: Statement, lexicon: Lexicon) -> Priority:
    """What a column or a label says, else the section, else the words. Without a sign it is a must."""
    if stated := priority_word(statement.hints.priority, lexicon):
        return Priority(stated) if stated in Priority.__members__ else Priority.COULD
    said, title, column = (
        plain(text) for text in (statement.text, statement.section.priority, statement.hints.priority)
    )
    for found in (Priority.COULD, Priority.SHOULD, Priority.MUST):
        words = lexicon.words(found.lower())
        if words.match(title) or (column and words.search(column)):
            return found
    # In one sentence the stronger word counts: "it must be possible to ..., perhaps by ...".
    for found in (Priority.MUST, Priority.COULD, Priority.SHOULD):
        if lexicon.words(found.lower()).search(said):
            return found
    return Priority.MUST


def package(text: str) -> str | None:
    """The name of the topic that a text is about; None where no word shows one."""
    said = plain(text)
    return next((topic.name for topic in _topics("package", "name") if topic.words.search(said)), None)
