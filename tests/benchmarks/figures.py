"""A benchmark's figures: samples with their median and quartiles, and rows that set ours against a reference.

Pure: it measures nothing and prints nothing. Every benchmark makes a `Table` of `Row`s; `report` shows them.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

ENOUGH_FOR_P99 = 100
"""Values; of fewer, the tail that is told is the slowest."""


@dataclass(frozen=True)
class Sample:
    """What was measured, run by run."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a sample needs at least one value")

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The first and the third; both the value itself when there is but one."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        first, _, third = statistics.quantiles(self.values, n=4, method="inclusive")
        return first, third

    def percentile(self, percent: int) -> float:
        """The value that `percent` of the runs stay at or below."""
        place = -(-len(self.values) * percent // 100)
        return sorted(self.values)[max(place, 1) - 1]


def single(value: float) -> Sample:
    """A figure that is counted, not measured."""
    return Sample((value,))


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    what: str
    unit: str
    ours: Sample
    reference: Sample | None = None
    at_most: float | None = None
    """The ratio's upper bound."""
    times: float | None = None
    """The ratio's lower bound, where more is better."""
    at_least: float | None = None
    """What `ours` itself must reach at the median. Never a speed: another machine has another."""
    no_more_than: float | None = None
    """What `ours` itself must stay within at the median. Never a time."""
    paired: bool = True
    """Whether both were measured by turns, value by value."""

    @property
    def ratio(self) -> float | None:
        """Ours to the reference: the median of the pairs' ratios where there are pairs, else that of the medians."""
        if self.reference is None:
            return None
        if self.paired:
            pairs = zip(self.ours.values, self.reference.values, strict=True)
            return statistics.median(ours / reference for ours, reference in pairs)
        return self.ours.median / self.reference.median

    @property
    def met(self) -> bool | None:
        """Whether the row keeps what is claimed; None when it claims nothing."""
        verdicts = []
        if self.at_most is not None and self.ratio is not None:
            verdicts.append(self.ratio <= self.at_most)
        if self.times is not None and self.ratio is not None:
            verdicts.append(self.ratio >= self.times)
        if self.at_least is not None:
            verdicts.append(self.ours.median >= self.at_least)
        if self.no_more_than is not None:
            verdicts.append(self.ours.median <= self.no_more_than)
        return all(verdicts) if verdicts else None


@dataclass(frozen=True)
class Table:
    """One benchmark's result."""

    title: str
    reference: str
    """What the reference is, in words."""
    rows: Sequence[Row]
    notes: Sequence[str] = field(default=())
    chart: str = ""
    """An SVG, where a picture says more."""

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.met is False]


def interleaved(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Sample]:
    """Run every measure once a round, so that what disturbs the machine disturbs them alike.

    Each round begins with another one, for the first of a round may pay for the others.
    """
    names = list(measures)
    values: dict[str, list[float]] = {name: [] for name in names}
    for place in range(rounds):
        start = place % len(names)
        for name in names[start:] + names[:start]:
            values[name].append(measures[name]())
    return {name: Sample(tuple(found)) for name, found in values.items()}
