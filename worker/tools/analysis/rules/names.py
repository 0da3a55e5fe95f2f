"""Finds the proper names of systems in the notes: "Exact" in "Anneke finds the takings in Exact".

A name that data goes to or comes from, or that is called a system somewhere, is one; the name of a person is none. In
German, where every noun has a capital letter, only names in quotation marks or with odd capitals count.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from worker.tools.analysis.rules.facts.dates import months
from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.statements import Statement

_NAME = r"[A-Z\u00c0-\u00de\u0141\u015a\u017b][\w&+-]*[\w+](?:\s(?:[A-Z\u00c0-\u00de][\w&+-]*[\w+]|\d{1,4}))?"
_ODD = r"(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}[\w/-]*\d*|[a-z]+[A-Z]\w+)"
_ODD_NAME = re.compile(rf"(?<![\w@/.]){_ODD}(?!\w)")
_QUOTED = re.compile(r"[\u201e\u201c\"\u00ab](?P<name>[A-Z][\w -]{1,24})[\u201c\u201d\"\u00bb]")
_LONGEST = 40


@dataclass(frozen=True)
class _Patterns:
    """The patterns around a name, from the table `names` of the word files."""

    after: re.Pattern[str]
    called: re.Pattern[str]
    is_system: re.Pattern[str]
    person: re.Pattern[str]
    none: frozenset[str]


@cache
def _patterns(lexicon: Lexicon) -> _Patterns:
    def words(name: str) -> str:
        return "|".join(lexicon.listed("names", name))

    system = words("system")
    return _Patterns(
        after=re.compile(rf"\b(?:{words('preposition')})\s+(?:(?:{words('article')})\s*)?(?<![^\s'])(?P<name>{_NAME})"),
        called=re.compile(rf"(?:{words('called')})\s+[\"\u201e\u201c\u00ab']?(?P<name>{_NAME})"),
        is_system=re.compile(
            rf"(?P<name>{_NAME})(?:\s*\([^()]{{0,30}}?(?:{system})[^()]{{0,20}}\)"
            rf"|,?\s+(?:{words('our')})\s+(?:\w+[\s-]){{0,3}}(?:{system})|\s+(?:{system})\b)"
        ),
        person=re.compile(
            rf"(?:\b(?:{words('title')})\.?\s+)(?P<name>{_NAME})|(?P<attendee>{_NAME})\s*\([^()]{{2,40}}\)"
            rf"|^(?P<subject>{_NAME})\s(?:{words('acts')})\b"
        ),
        none=frozenset(lexicon.listed("names", "none")),
    )


def systems(statements: Sequence[Statement], lexicon: Lexicon, people: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the names of systems in these statements, in lower case."""
    patterns = _patterns(lexicon)
    persons = {word for name in people for word in name.split()}
    for statement in statements:
        for match in patterns.person.finditer(statement.text):
            persons.update((match["name"] or match["attendee"] or match["subject"]).split())
    found = {
        name
        for statement in statements
        for name in _candidates(statement.text, patterns, lexicon)
        if _is_system(name, persons | patterns.none, lexicon)
    }
    every = "|".join(re.escape(plain(name)) for name in sorted(found, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{every})(?!\w)") if every else re.compile(r"(?!)")


def _candidates(text: str, patterns: _Patterns, lexicon: Lexicon) -> Iterator[str]:
    """The names that this text shows to be systems: that are called so, or that data flows to or from."""
    for pattern in (patterns.called, patterns.is_system):
        yield from (match["name"] for match in pattern.finditer(text))
    if not lexicon.words("flow").search(plain(text)):
        return
    yield from (match["name"] for match in _QUOTED.finditer(text))
    yield from _ODD_NAME.findall(text)
    if lexicon.languages[0] != "de":
        yield from (match["name"] for match in patterns.after.finditer(text))


def _is_system(name: str, others: AbstractSet[str], lexicon: Lexicon) -> bool:
    if len(name) > _LONGEST or any(word in others for word in name.split()):
        return False
    said = plain(name)
    return not (
        lexicon.words("subject").fullmatch(said) or any(word in months(lexicon.languages) for word in said.split())
    )
