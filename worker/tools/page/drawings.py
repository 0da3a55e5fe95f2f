"""The geometry of the page's two pictures: the plan as a Gantt chart, and the cost by work package as bars. Pure."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from worker.tools.proposal.content import Proposal

WIDTH = 900
LABELS = 230
"""The part of the width that belongs to the labels."""
ROW = 34
HEAD = 30
_MOST_TICKS = 10
_LEAST_BAR = 4
_TICK_LABEL = 65
"""What a month's label takes."""
_ROOM_FOR_AMOUNT = 130
_LABEL_LENGTH = 34


@dataclass(frozen=True)
class Bar:
    """One row of a picture. All measures are in the units of the picture's width."""

    label: str
    x: float
    y: float
    width: float
    text: str
    """What the row says in full, for those who can't see it, and beside the bar."""


@dataclass(frozen=True)
class Tick:
    """The beginning of a month."""

    label: str
    x: float


@dataclass(frozen=True)
class Mark:
    """A day that somebody has stated."""

    label: str
    x: float


@dataclass(frozen=True)
class Picture:
    """A picture."""

    height: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...] = ()
    marks: tuple[Mark, ...] = ()


def gantt(proposal: Proposal) -> Picture:
    """The phases as bars over the months."""
    costs, formats = proposal.costs, proposal.formats
    last = max([costs.end, *(deadline.date for deadline in costs.deadlines)])
    days = (last - costs.start).days + 1

    def place(day: dt.date) -> float:
        return LABELS + (WIDTH - LABELS) * (day - costs.start).days / days

    bars = tuple(
        Bar(
            short(stage.name),
            place(stage.start),
            HEAD + ROW * row,
            max(_LEAST_BAR, place(stage.end + dt.timedelta(days=1)) - place(stage.start)),
            f"{stage.name}: {formats.short_day(stage.start)} to {formats.short_day(stage.end)}",
        )
        for row, stage in enumerate(proposal.approach)
    )
    ticks = tuple(
        Tick(formats.month(month) if place(month) < WIDTH - _TICK_LABEL else "", place(month))
        for month in _months(costs.start, last)
    )
    marks = tuple(
        Mark(formats.short_day(deadline.date), place(deadline.date))
        for deadline in costs.deadlines
        if deadline.date >= costs.start
    )
    return Picture(HEAD + ROW * len(bars) + (ROW if marks else 8), bars, ticks, marks)


def investment(proposal: Proposal) -> Picture:
    """The work packages' costs as bars."""
    most = max((package.cost for package in proposal.packages), default=0) or 1
    room = WIDTH - LABELS - _ROOM_FOR_AMOUNT
    return Picture(
        ROW * len(proposal.packages),
        tuple(
            Bar(
                short(package.name),
                LABELS,
                ROW * row,
                max(_LEAST_BAR, float(package.cost / most) * room),
                proposal.formats.money(package.cost),
            )
            for row, package in enumerate(proposal.packages)
        ),
    )


def short(text: str) -> str:
    """A label that fits."""
    return text if len(text) <= _LABEL_LENGTH else f"{text[: _LABEL_LENGTH - 1].rstrip()}…"


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The first days of months in this time, so few that their labels don't touch."""
    count = (last.year - first.year) * 12 + last.month - first.month
    step = -(-count // _MOST_TICKS) or 1
    for number in range(1, count + 1, step):
        years, month = divmod(first.month - 1 + number, 12)
        yield dt.date(first.year + years, month + 1, 1)
