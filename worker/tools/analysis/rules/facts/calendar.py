"""Finds the deadlines and the start among the dates of the notes."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from worker.tools.analysis.rules.facts import dates
from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.roles import Role
from worker.tools.facts import Deadline, Start

_NEAR = 80
_AFTER = 60
_ENOUGH = 3


def find(said: Sequence[Candidate], lexicon: Lexicon, today: dt.date) -> tuple[tuple[Deadline, ...], Start | None]:
    """The deadlines, each date once with all its lines, and the first start."""
    deadlines: dict[dt.date, tuple[int, ...]] = {}
    start: Start | None = None
    for fact in _all(said, lexicon, today):
        if isinstance(fact, Start):
            start = start or fact
        else:
            deadlines[fact.date] = tuple(dict.fromkeys((*deadlines.get(fact.date, ()), *fact.lines)))
    return tuple(Deadline(date, lines) for date, lines in deadlines.items()), start


def _all(said: Sequence[Candidate], lexicon: Lexicon, today: dt.date) -> Iterator[Deadline | Start]:
    for candidate in said:
        last = 0
        for day in dates.find(candidate.said, lexicon, today):
            before = candidate.said[max(last, day.start - _NEAR) : day.start]
            after = candidate.said[day.end : day.end + _AFTER].split(". ")[0]
            last = day.end
            if candidate.before.endswith("?"):
                before = f"{candidate.before[-_AFTER:]} {before}"
            if day.date <= today:
                continue
            if _starts(before, after, candidate, lexicon):
                yield Start(day.whole or day.date, candidate.statement.lines)
            elif _weight(before, after, candidate, lexicon) >= _ENOUGH:
                yield Deadline(day.date, candidate.statement.lines)


def _starts(before: str, after: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    """Whether the nearest word says that the work begins then, rather than that the product is used."""
    start = lexicon.pattern("facts", "start")
    begins, ends = _last(start, before), _last(lexicon.pattern("facts", "deadline"), before)
    if begins < 0:
        return ends < 0 and start.search(after[:25]) is not None and not lexicon.words("live").search(after)
    if lexicon.words("live").search(before[begins:]) or lexicon.words("live").search(
        before[max(0, begins - 25) : begins]
    ):
        return False
    return begins >= ends - 25 and (lexicon.words("begins").search(before) is not None or candidate.limits)


def _last(pattern: re.Pattern[str], text: str) -> int:
    place = -1
    for match in pattern.finditer(text):
        place = match.start()
    return place


def _weight(before: str, after: str, candidate: Candidate, lexicon: Lexicon) -> int:
    deadline, other = lexicon.pattern("facts", "deadline"), lexicon.pattern("facts", "not_deadline")
    weight = 3 if deadline.search(before) else 0
    weight += 2 if deadline.search(after) or deadline.search(candidate.title) else 0
    weight += 2 if candidate.limits else 0
    weight += 1 if lexicon.words("need").search(candidate.said) or lexicon.words("need").search(candidate.after) else 0
    weight -= 4 if other.search(before) or other.search(after[:30]) else 0
    return weight - (1 if candidate.statement.section.role is Role.CONTEXT or candidate.built else 0)
