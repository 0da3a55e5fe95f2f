"""Finds the proper names of systems in the notes: "Exact" in "Anneke finds the takings in Exact".

A name that data goes to or comes from, or that is called a system somewhere, is one; the name of a person is none. In
German, where every noun has a capital letter, only names in quotation marks or with odd capitals count.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from worker.tools.analysis.rules.facts import tongues
from worker.tools.analysis.rules.facts.dates import months
from worker.tools.analysis.rules.lexicon import Lexicon, function_words, plain
from worker.tools.analysis.rules.outline.statements import Statement

_NAME = r"[A-Z\u00c0-\u00de\u0141\u015a\u017b][\w&+-]*[\w+](?:\s(?:[A-Z\u00c0-\u00de][\w&+-]*[\w+]|\d{1,4}))?"
_ODD = r"(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}[\w/-]*\d*|[a-z]+[A-Z]\w+)"
_ODD_NAME = re.compile(rf"(?<![\w@/.]){_ODD}(?!\w)")
_CAMEL = re.compile(r"(?<![\w@/.])[A-Z][a-z]{1,}[A-Z][A-Za-z]+(?!\w)")
_NO_SYSTEM = frozenset({"JavaScript", "TypeScript", "PowerPoint", "YouTube", "LinkedIn"})
_QUOTED = re.compile(r"[\u201e\u201c\"\u00ab](?P<name>[A-Z][\w -]{1,24})[\u201c\u201d\"\u00bb]")
_LOWER = re.compile(r"(?<![\w'])[a-z]{2,}(?![\w'])")
_FIRST_NAME = re.compile(rf"(?:The\s+)?(?P<name>{_NAME}|{_ODD})\s+")
_SHORTEST, _LONGEST = 3, 40
_SEVERAL = 2


@dataclass(frozen=True)
class _Patterns:
    """The patterns around a name, from the table `names` of the word files."""

    after: re.Pattern[str]
    called: re.Pattern[str]
    home: re.Pattern[str]
    maker: re.Pattern[str]
    is_system: re.Pattern[str]
    named: re.Pattern[str]
    person: re.Pattern[str]
    none: frozenset[str]


@cache
def _patterns(lexicon: Lexicon) -> _Patterns:
    def words(name: str) -> str:
        return "|".join(lexicon.listed("names", name))

    system = words("system")
    return _Patterns(
        after=re.compile(rf"\b(?:{words('preposition')})\s+(?:(?:{words('article')})\s*)?(?<![^\s'])(?P<name>{_NAME})"),
        home=re.compile(rf"(?i:{words('home')})\s+(?:(?:{words('article')})\s*)?(?P<name>{_NAME})"),
        maker=re.compile(rf"(?i:{words('made')})\s+(?i:{words('by')})\s+(?P<name>{_NAME})"),
        called=re.compile(rf"(?:{words('called')})\s+[\"\u201e\u201c\u00ab']?(?P<name>{_NAME})"),
        is_system=re.compile(
            rf"(?P<name>{_NAME})(?:\s*\([^()]{{0,30}}?(?:{system})[^()]{{0,20}}\)"
            rf"|,\s+(?:(?:that's|which is|it's)\s+)?(?:{words('our')})\s+(?:[\w']+[\s-]){{0,3}}(?:{system})"
            rf"|\s+(?:{system})\b)"
        ),
        named=re.compile(rf"\b(?:{system})\s*(?:\(|,\s+(?!which|that|who))(?P<name>{_NAME})\s*(?=[).,;]|$)"),
        person=re.compile(
            rf"(?:\b(?:{words('title')})\.?\s+)(?P<name>{_NAME})|(?P<attendee>{_NAME})\s*\((?P<post>[^()]{{2,40}})\)"
            rf"|^(?P<subject>{_NAME})\s(?:{words('acts')})\b"
        ),
        none=frozenset(lexicon.listed("names", "none")),
    )


def people(statements: Sequence[Statement], lines: Sequence[str], lexicon: Lexicon) -> frozenset[str]:
    """The words of the names of persons: of those who speak, and of those who are told to do what persons do.

    `lines` are the lines of the notes, among them the list of who was present.
    """
    patterns = _patterns(lexicon)
    persons = {word for statement in statements for word in statement.speaker.split()}
    for text in (*lines, *(statement.text for statement in statements)):
        for match in patterns.person.finditer(text):
            if match["post"] and lexicon.words("system").search(plain(match["post"])):
                continue  # "Kompass (TMS)" is no person
            persons.update((match["name"] or match["attendee"] or match["subject"]).split())
    small = _small_words(lexicon)
    return frozenset(word for word in persons if word not in patterns.none and plain(word) not in small)


def _small_words(lexicon: Lexicon) -> frozenset[str]:
    """Words such as "the", with which a sentence begins, and which are no name."""
    return frozenset(word for code in lexicon.languages for word in function_words().get(code, ()))


def systems(statements: Sequence[Statement], lexicon: Lexicon, persons: AbstractSet[str]) -> re.Pattern[str]:
    """A pattern for the names of systems in these statements, in lower case. The name of a person is none."""
    patterns = _patterns(lexicon)
    common = _common_words(statement.text for statement in statements)
    found = {
        name
        for statement in statements
        for name in _candidates(statement.text, patterns, lexicon)
        if _is_system(name, persons | patterns.none, lexicon) and name.lower() not in common
    }
    found -= _products(found, [statement.text for statement in statements], lexicon)
    every = "|".join(re.escape(plain(name)) for name in sorted(found, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{every})(?!\w)") if every else re.compile(r"(?!)")


def _products(names: AbstractSet[str], texts: Sequence[str], lexicon: Lexicon) -> AbstractSet[str]:
    """Of these names those of the product itself: several sentences begin with it and say what it must do."""
    demands = lexicon.words("product_acts")
    counts = Counter(
        first
        for text in texts
        if (match := _FIRST_NAME.match(text))
        and (first := match["name"]) in names
        and demands.match(plain(text[match.end() :]))
    )
    return {name for name, times in counts.items() if times >= _SEVERAL}


def _common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that also stand without a capital letter: what begins a sentence with one is no name."""
    return frozenset(word for text in texts for word in _LOWER.findall(text))


def _candidates(text: str, patterns: _Patterns, lexicon: Lexicon) -> Iterator[str]:
    """The names that this text shows to be systems: that are called so, or that data flows to or from."""
    for pattern in (patterns.called, patterns.is_system, patterns.home, patterns.maker, patterns.named):
        yield from (match["name"] for match in pattern.finditer(text))
    if not text.isupper():
        yield from (name for name in _CAMEL.findall(text) if name not in _NO_SYSTEM)
    if not lexicon.words("flow").search(plain(text)):
        return
    yield from (match["name"] for match in _QUOTED.finditer(text))
    if not text.isupper():
        yield from (name for name in _ODD_NAME.findall(text) if len(name) >= _SHORTEST)
    if lexicon.languages[0] != "de":
        yield from (match["name"] for match in patterns.after.finditer(text))


def _is_system(name: str, others: AbstractSet[str], lexicon: Lexicon) -> bool:
    if len(name) > _LONGEST or any(word in others for word in name.split()):
        return False
    said = plain(name)
    return not (
        lexicon.words("subject").fullmatch(said)
        or tongues.is_name(said, lexicon)
        or any(word in months(lexicon.languages) for word in said.split())
    )
