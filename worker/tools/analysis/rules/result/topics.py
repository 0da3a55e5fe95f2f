"""Discipline, priority and topic of a requirement, by its words and by what the notes say about it.

The words are data: `words/topics.toml`.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.analysis.rules.outline.tables import priority_word
from worker.tools.requirements import BUILT, Discipline, Kind, Priority

_TOPICS = Path(__file__).parents[1] / "words" / "topics.toml"


@dataclass(frozen=True)
class _Topic:
    name: str
    words: re.Pattern[str]


@cache
def _topics(table: str) -> Sequence[_Topic]:
    entries = tomllib.loads(_TOPICS.read_text(encoding="utf-8"))[table]
    return [_Topic(entry["name"], re.compile(rf"(?<!\w)(?:{'|'.join(entry['words'])})")) for entry in entries]


def discipline(kind: Kind, text: str) -> Discipline | None:
    """The discipline that does most of the work."""
    if kind not in BUILT:
        return None
    if kind is Kind.INTEGRATION:
        return Discipline.INTEGRATION
    said = plain(text)
    found = next((topic.name for topic in _topics("discipline") if topic.words.search(said)), None)
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
    return next((topic.name for topic in _topics("package") if topic.words.search(said)), None)
