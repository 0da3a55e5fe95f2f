"""Finds lengths of time: "6-8 months", "12 two-week sprints", "a year and a half", "8 Monate", "6 mois".

A month is a twelfth of 52 weeks; a sprint is two weeks unless the text says how long it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from worker.tools.analysis.rules.facts import numbers
from worker.tools.analysis.rules.lexicon import Lexicon

_WEEKS = {
    "workday": Decimal(1) / 5,
    "day": Decimal(1) / 7,
    "week": Decimal(1),
    "sprint": Decimal(2),
    "month": Decimal(52) / 12,
    "quarter": Decimal(13),
    "year": Decimal(52),
}
_OR = r"(?:\s?[-\u2013\u2014]\s?|\s(?:to|or|bis|oder|\u00e0|ou|a|y|o|tot|of|till|eller|do|lub|at\u00e9)\s)"


@dataclass(frozen=True)
class Length:
    """A length of time, with the place of its text."""

    weeks: Decimal
    start: int
    end: int
    longer_end: bool = False

    @property
    def whole_weeks(self) -> int:
        """Weeks, rounded to the nearest."""
        return int(self.weeks.to_integral_value(ROUND_HALF_UP))


@cache
def _patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    def words(name: str) -> str:
        return "|".join(lexicon.listed("facts", name))

    units = lexicon.mapped("facts", "units")
    unit = "|".join(f"(?P<{name}{{0}}>{'|'.join(units[name])})" for name in _WEEKS if name in units)
    number = numbers.any_number(lexicon)
    sprint = "|".join(units.get("sprint", ["sprints?"]))
    plain = re.compile(rf"(?<![\w.,])(?P<low>{number})(?:{_OR}(?P<high>{number}))?[\s-]?\s?(?:{unit.format(0)})(?!\w)")
    sprints = re.compile(
        rf"(?<![\w.,])(?P<count>{number})\s+(?:(?P<each>{number})[\s-](?:{unit.format(1)})[\s-]+(?:{sprint})"
        rf"|(?:{sprint})\s*(?:{words('of_sprint')})?\s*(?:je )?(?P<length>{number})[\s-](?:{unit.format(2)}))(?!\w)"
    )
    halves = "|".join(f"(?P<{name}3>{'|'.join(of)})" for name, of in units.items())
    half = re.compile(
        rf"(?<!\w)(?:(?:{words('one')})\s+)?(?:{halves})\s+(?:and|et|y|e|och|und)\s+(?:a |ein |eine |en )?"
        rf"(?:{words('and_half')})(?!\w)"
    )
    return plain, sprints, half


def find(said: str, lexicon: Lexicon) -> Iterator[Length]:
    """The lengths of a text in lower case, in order. Of a range the longer end counts."""
    plain, sprints, half = _patterns(lexicon)
    taken: list[tuple[int, int]] = []
    found: list[Length] = []
    for match in sprints.finditer(said):
        suffix = "1" if match["each"] else "2"
        each = numbers.read(match["each"] or match["length"], lexicon) * _WEEKS[_unit(match, suffix)]
        found.append(Length(numbers.read(match["count"], lexicon) * each, match.start(), match.end()))
        taken.append(match.span())
    for match in half.finditer(said):
        if not _inside(match.start(), taken):
            found.append(Length(_WEEKS[_unit(match, "3")] * Decimal("1.5"), match.start(), match.end()))
            taken.append(match.span())
    for match in plain.finditer(said):
        if _inside(match.start(), taken) or _inside(match.end() - 1, taken):
            continue
        amounts = [numbers.read(match[name], lexicon) for name in ("low", "high") if match[name]]
        found.append(
            Length(max(amounts) * _WEEKS[_unit(match, "0")], match.start(), match.end(), longer_end=len(amounts) > 1)
        )
    yield from sorted(found, key=lambda length: length.start)


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _unit(match: re.Match[str], suffix: str) -> str:
    return next(name for name in _WEEKS if match.groupdict().get(f"{name}{suffix}"))
