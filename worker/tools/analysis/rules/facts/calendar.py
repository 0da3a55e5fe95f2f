"""Finds the deadlines and the start among the dates of the notes."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.tools.analysis.rules.facts import dates
from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.facts import Deadline, Start

_NEAR = 80
_AFTER = 60
_BESIDE = 25
_JOINT = re.compile(r"(?<!\w)(?:and|und|et|y|e|en|och|i|oraz)(?!\w)")
_CLAUSE = re.compile(r"[.;] ")
_ENOUGH = 3


@dataclass(frozen=True)
class Vague:
    """A deadline without a day: "by the summer"."""

    words: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Days:
    """What the notes say about time."""

    deadlines: tuple[Deadline, ...]
    start: Start | None
    vague: tuple[Vague, ...]


def find(said: Sequence[Candidate], lexicon: Lexicon, since: dt.date, today: dt.date) -> Days:
    """The deadlines, each date once with all its lines, and the first start.

    A date without a year is the next one after `since`; what is not after `today` counts no more.
    """
    deadlines: dict[dt.date, Deadline] = {}
    start: Start | None = None
    for fact in _all(said, lexicon, since):
        if fact.date <= today:
            continue
        if isinstance(fact, Start):
            start = start or fact
        else:
            deadlines[fact.date] = _both(deadlines.get(fact.date), fact)
    return Days(tuple(deadlines.values()), start, () if deadlines else tuple(_vague(said, lexicon)))


def _both(first: Deadline | None, again: Deadline) -> Deadline:
    if first is None:
        return again
    lines = tuple(dict.fromkeys((*first.lines, *again.lines)))
    return Deadline(again.date, lines, first.assumed if again.assumed else "")


def _all(said: Sequence[Candidate], lexicon: Lexicon, since: dt.date) -> Iterator[Deadline | Start]:
    for candidate in said:
        last = 0
        text = candidate.said
        days = list(dates.find(text, lexicon, since))
        for place, day in enumerate(days):
            before = text[max(last, day.start - _NEAR) : day.start]
            after = text[day.end : day.end + _AFTER].split(". ")[0]
            last = day.end
            if candidate.question:
                before = f"{candidate.question[-_NEAR:]} {before}"
            if day.bare and not _month_is_meant(text[: day.start], lexicon):
                pass
            elif _starts(before, after, candidate, lexicon):
                yield Start(day.whole or day.date, candidate.statement.lines)
            elif (
                _is_due(text, days[place : place + 2], lexicon)
                and not _recurs(before, after, lexicon)
                and (_weight(before, after, candidate, lexicon) >= _ENOUGH)
            ):
                words = _words(candidate, day.start, day.end, lexicon) if day.assumed else ""
                yield Deadline(day.date, candidate.statement.lines, words)


def _is_due(text: str, days: Sequence[dates.Day], lexicon: Lexicon) -> bool:
    """Whether something can be due on the first of these days: it opens no period, and is no month in passing."""
    if _opens_period(text, days, lexicon):
        return False
    return not days[0].bare or _ends_with("by_month", text[: days[0].start], lexicon)


def _month_is_meant(before: str, lexicon: Lexicon) -> bool:
    """Whether the word before a month's name leaves no doubt that it is a month: "by June", "im Januar"."""
    return any(_ends_with(name, before, lexicon) for name in ("by_month", "in_month"))


def _ends_with(name: str, before: str, lexicon: Lexicon) -> bool:
    words = before[-_BESIDE:].split()
    return any(lexicon.pattern("facts", name, whole=True).fullmatch(" ".join(words[-count:])) for count in (1, 2, 3))


def _opens_period(text: str, days: Sequence[dates.Day], lexicon: Lexicon) -> bool:
    """Whether a second date follows at once: "26 July to 15 August". Nothing is due on the first day of a period."""
    if len(days) < 2:  # noqa: PLR2004 - a pair
        return False
    return (
        lexicon.pattern("facts", "up_to", whole=True).fullmatch(text[days[0].end : days[1].start].strip()) is not None
    )


def _recurs(before: str, after: str, lexicon: Lexicon) -> bool:
    """Whether the day comes again each year: "on 1 April each year"."""
    pattern = lexicon.pattern("facts", "recurring")
    return pattern.search(before) is not None or pattern.search(after[:_BESIDE]) is not None


def _vague(said: Sequence[Candidate], lexicon: Lexicon) -> Iterator[Vague]:
    for candidate in said:
        for match in dates.vague(candidate.said, lexicon):
            before = _CLAUSE.split(candidate.said[max(0, match.start() - _NEAR) : match.start()])[-1]
            after = _CLAUSE.split(candidate.said[match.end() : match.end() + _AFTER])[0]
            live = lexicon.pattern("facts", "goes_live")
            if (live.search(before) or live.search(after)) and _weight(before, after, candidate, lexicon) >= _ENOUGH:
                yield Vague(_words(candidate, match.start(), match.end(), lexicon), candidate.statement.lines)


def _words(candidate: Candidate, start: int, end: int, lexicon: Lexicon) -> str:
    """The words of the notes. Where a number was spelled out before them, the text in lower case has another length."""
    text = candidate.statement.text
    if len(text) == len(candidate.said):
        return text[start:end].rstrip(".")
    names = dates.months(lexicon.languages)
    words = candidate.said[start:end].rstrip(".").split()
    return " ".join(word.capitalize() if word in names else word for word in words)


def _starts(before: str, after: str, candidate: Candidate, lexicon: Lexicon) -> bool:
    """Whether the nearest word says that the work begins then, rather than that the product is used."""
    start = lexicon.pattern("facts", "start")
    begins, ends = _last(start, before), _last(lexicon.pattern("facts", "deadline"), before)
    if begins < 0:
        return ends < 0 and start.search(after[:_BESIDE]) is not None and not lexicon.words("live").search(after)
    if lexicon.words("live").search(before[begins:]) or lexicon.words("live").search(
        before[max(0, begins - 25) : begins]
    ):
        return False
    if ends > begins and _JOINT.search(before[begins:]):
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
    weight += 3 if lexicon.pattern("facts", "by_then").search(f"{after} {candidate.after}") else 0
    weight += 1 if lexicon.words("need").search(candidate.said) or lexicon.words("need").search(candidate.after) else 0
    weight -= 4 if other.search(before) or other.search(after[:30]) else 0
    return weight - (1 if candidate.statement.section.role is Role.CONTEXT or candidate.built else 0)
