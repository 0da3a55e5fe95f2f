"""Finds what is said twice, in the talk and in the list, and makes one of it.

Two statements are the same when they are of related kinds and share nearly all words that carry meaning. An index of
rare words finds the candidates, so that the time grows with the length of the notes and not with its square.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from worker.tools.analysis.rules.lexicon import Lexicon, function_words, lexicon, plain
from worker.tools.analysis.rules.meaning.verdicts import Verdict
from worker.tools.requirements import BUILT, Kind

_WORD = re.compile(r"[^\W_]+")
_PARTNER = re.compile(r"(?<!\w)\w+ (?:provider|gateway|bank|register|service|bureau|authority)(?!\w)")
"""A partner without a name: "the telematics provider"."""
_MEANS = re.compile(r"(?<!\w)(?:rest|api|edi|s?ftp|webhook|csv|xml|soap|saml)(?!\w)")
_STEM = 6
_COMMON = 40
"""A word in more statements than this shows no sameness."""
_SAME = 0.75
_PART = 0.5
_LEAST = 3
_CANDIDATES = 5
_THING = 3
"""The name of a thing has at most so many words."""
_MODALS = frozenset(lexicon(("en",)).listed("words", "modal"))


def merge(verdicts: Sequence[Verdict], lexicon: Lexicon, systems: re.Pattern[str]) -> list[Verdict]:
    """The verdicts without repetitions; the first one has the lines of all. `systems` matches names of systems."""
    return list(_interfaces(_repetitions(verdicts), lexicon, systems))


def _interfaces(verdicts: Sequence[Verdict], lexicon: Lexicon, systems: re.Pattern[str]) -> Iterator[Verdict]:
    """The verdicts with an interface that is told in prose and listed elsewhere as one: the listed one."""
    listed: dict[str, list[int]] = defaultdict(list)
    for place, verdict in enumerate(verdicts):
        if verdict.kind is Kind.INTEGRATION and verdict.statement.listed:
            for name in _partners(verdict, lexicon, systems):
                listed[name].append(place)
    lines: dict[int, tuple[int, ...]] = {}
    told: set[int] = set()
    for place, verdict in enumerate(verdicts):
        if verdict.kind is not Kind.INTEGRATION or verdict.statement.listed:
            continue
        own, means = _partners(verdict, lexicon, systems), _means(verdict)
        same = {listed[name][0] for name in own if len(listed.get(name, ())) == 1}
        if len(same) == 1 and means <= _means(verdicts[other := same.pop()]):
            told.add(place)
            lines[other] = (*lines.get(other, ()), *verdict.statement.lines)
    for place, verdict in enumerate(verdicts):
        if place in told:
            continue
        statement = verdict.statement
        every = tuple(sorted({*statement.lines, *lines.get(place, ())}))
        yield replace(verdict, statement=replace(statement, lines=every)) if place in lines else verdict


def _partners(verdict: Verdict, lexicon: Lexicon, systems: re.Pattern[str]) -> frozenset[str]:
    """The other systems that a statement names."""
    said = plain(verdict.statement.text)
    named = {match[0] for pattern in (systems, lexicon.words("system")) for match in pattern.finditer(said)}
    partners = {match[0] for match in _PARTNER.finditer(said)}
    return frozenset(word.split()[0] for word in named) or frozenset(partners)


def _means(verdict: Verdict) -> frozenset[str]:
    """How data is exchanged: another means is another interface."""
    return frozenset(_MEANS.findall(plain(verdict.statement.text)))


def _repetitions(verdicts: Sequence[Verdict]) -> list[Verdict]:
    keys = [_key(verdict) for verdict in verdicts]
    frequency = Counter(word for key in keys for word in key)
    index: dict[str, list[int]] = defaultdict(list)
    exact: dict[tuple[str, bool], int] = {}
    kept: list[Verdict] = []
    kept_keys: list[frozenset[str]] = []
    for verdict, key in zip(verdicts, keys, strict=True):
        same = (" ".join(_WORD.findall(plain(verdict.statement.text))), verdict.kind is Kind.OPEN_QUESTION)
        place = exact.get(same)
        if place is None or not same[0]:
            place = _like(verdict, key, kept, kept_keys, index, frequency)
        if place is not None:
            kept[place] = _both(kept[place], verdict)
            continue
        exact[same] = len(kept)
        for word in key:
            if frequency[word] <= _COMMON:
                index[word].append(len(kept))
        kept.append(verdict)
        kept_keys.append(key)
    return kept


def _key(verdict: Verdict) -> frozenset[str]:
    small = _SMALL
    return frozenset(
        word[:_STEM]
        for word in _WORD.findall(plain(verdict.statement.text))
        if word not in small and word not in _MODALS
    )


_SMALL = frozenset(word for words in function_words().values() for word in words if len(word) < 5)  # noqa: PLR2004 - longer ones carry meaning


def _like(
    verdict: Verdict,
    key: frozenset[str],
    kept: Sequence[Verdict],
    kept_keys: Sequence[frozenset[str]],
    index: dict[str, list[int]],
    frequency: Counter[str],
) -> int | None:
    if len(key) < _LEAST:
        return None
    shared = Counter(place for word in key if frequency[word] <= _COMMON for place in index.get(word, ()))
    for place, _ in shared.most_common(_CANDIDATES):
        other = kept[place]
        apart = other.statement.lines != verdict.statement.lines and _digits(other) == _digits(verdict)
        if not (apart and _related(other.kind, verdict.kind) and _alike(key, kept_keys[place])):
            continue
        if not _parallel(other.statement.text, verdict.statement.text, key ^ kept_keys[place]):
            return place
    return None


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts share nearly all words, or one has all of the other's and not many more."""
    common = len(one & other)
    least, most = sorted((len(one), len(other)))
    if least < _LEAST:
        return False
    part = common == least > _LEAST and least / most >= _PART
    return part or common / len(one | other) >= _SAME


def _parallel(one: str, other: str, apart: frozenset[str]) -> bool:
    """Whether two texts say the same of two things: "Clerks search orders by day", "Clerks search bills by day"."""
    first, second = _WORD.findall(plain(one)), _WORD.findall(plain(other))
    begin = _shared(zip(first, second, strict=False))
    end = _shared(zip(reversed(first[begin:]), reversed(second[begin:]), strict=False))
    swapped = [{word[:_STEM] for word in words[begin : len(words) - end]} & apart for words in (first, second)]
    return all(swapped) and min(len(first), len(second)) - begin - end <= _THING


def _shared(pairs: Iterable[tuple[str, str]]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _digits(verdict: Verdict) -> frozenset[str]:
    """Numbers tell apart what the words don't: "within 2 seconds", "within 4 hours"."""
    return frozenset(re.findall(r"\d+", verdict.statement.text))


def _related(one: Kind | None, other: Kind | None) -> bool:
    return one is other or (one in BUILT and other in BUILT)


def _both(first: Verdict, again: Verdict) -> Verdict:
    statement = first.statement
    lines = tuple(dict.fromkeys((*statement.lines, *again.statement.lines)))
    if again.statement.listed and not statement.listed and again.kind is first.kind:
        return replace(again, statement=replace(again.statement, lines=lines))
    return replace(first, statement=replace(statement, lines=lines))
