"""Draws the plan as native shapes: a bar for each phase on a scale of dates, milestones, and stated deadlines."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

from worker.tools.costs import Costs, Milestone, Phase
from worker.tools.deck.canvas import Page
from worker.tools.deck.fitting import TextStyle
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Area
from worker.tools.deck.text import line
from worker.tools.proposal.formats import Formats

_LABELS = 0.26
"""The part of the width that the phases' names take."""
_AXIS = 24
_MOST_TICKS = 13
_DIAMOND = 16
_SIZE = 12
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Scale:
    """Turns days into places on a slide."""

    first: dt.date
    last: dt.date
    left: float
    width: float

    def at(self, day: dt.date) -> float:
        """Where a day begins."""
        return self.left + self.width * (day - self.first).days / ((self.last - self.first).days + 1)


def draw(page: Page, costs: Costs, formats: Formats, alt: str) -> None:
    """Draw the plan in the page's area."""
    area = page.area
    labels = area.width * _LABELS
    late = [each for each in costs.deadlines if costs.start <= each.date]
    end = max([costs.end, *(each.date for each in late[:1] if _near(each.date, costs))])
    scale = Scale(costs.start, end, area.left + labels, area.width - labels)
    shown = [each for each in late if each.date <= end][:1]
    top = area.top + (_AXIS if shown else 0)
    with page.grouped(alt):
        _axis(page, scale, Area(scale.left, top, scale.width, area.bottom - top), formats)
        for each in shown:  # before the milestones, whose labels lie on the lines
            _deadline(page, scale, each.date, formats)
        _rows(page, scale, Area(area.left, top + _AXIS, area.width, area.bottom - top - _AXIS), costs, formats)


def _deadline(page: Page, scale: Scale, day: dt.date, formats: Formats) -> None:
    area, at = page.area, scale.at(day + _DAY)
    page.line((at, area.top + _AXIS), (at, area.bottom), Ink.SIGNAL, 1.75, dashed=True)
    text = f"Your deadline: {formats.short_day(day)}"
    wide = TextStyle(_SIZE, bold=True, slack=page.slack).width(text) + 16
    flag = Area(max(scale.left, min(at - wide / 2, area.right - wide)), area.top, wide, _AXIS - 2)
    label = line(text, _SIZE, bold=True, ink=Ink.TEXT, align=PP_ALIGN.CENTER)
    page.box(flag, [label], outline=Ink.SIGNAL, anchor=MSO_ANCHOR.MIDDLE, margins=(4, 0))


def _rows(page: Page, scale: Scale, area: Area, costs: Costs, formats: Formats) -> None:
    reached = {each.date: each for each in costs.milestones}
    for place, (phase, row) in enumerate(zip(costs.phases, area.rows(len(costs.phases), 0), strict=True)):
        page.line((area.left, row.bottom), (area.right, row.bottom), Ink.LINE)
        _label(page, Area(row.left, row.top, scale.left - row.left - 10, row.height), phase, formats)
        left, right = scale.at(phase.start), scale.at(phase.end + _DAY)
        bar = Area(left, row.top + row.height * 0.25, right - left, row.height * 0.5)
        page.bar(bar, Ink.STRONG if place % 2 == 0 else Ink.HEAD, name=phase.name)
        if phase.end in reached:
            _milestone(page, scale, bar, reached[phase.end], formats)


def _near(day: dt.date, costs: Costs) -> bool:
    """Whether a deadline is close enough to the plan to be on its scale."""
    return (day - costs.start) <= (costs.end - costs.start) * 1.5


def _label(page: Page, area: Area, phase: Phase, formats: Formats) -> None:
    days = formats.short_day(phase.start)
    if phase.end != phase.start:
        days += f" to {formats.short_day(phase.end)}"
    texts = [line(phase.name, 15, bold=True, ink=Ink.HEAD), line(days, _SIZE, ink=Ink.MUTED, gap=1)]
    page.box(area, texts, anchor=MSO_ANCHOR.MIDDLE)


def _milestone(page: Page, scale: Scale, bar: Area, milestone: Milestone, formats: Formats) -> None:
    """Draw a diamond at the end of a bar, with its name and day beside it: after it, or before the bar at the edge."""
    middle = bar.top + bar.height / 2
    left = min(bar.right, scale.left + scale.width - _DIAMOND / 2) - _DIAMOND / 2
    page.bar(Area(left, middle - _DIAMOND / 2, _DIAMOND, _DIAMOND), Ink.SIGNAL, MSO_SHAPE.DIAMOND, milestone.name)
    texts = [milestone.name, formats.short_day(milestone.date)]
    wide = max(TextStyle(_SIZE, bold=True, slack=page.slack).width(text) for text in texts) + 6
    after = left + _DIAMOND + 4
    fits = after + wide <= scale.left + scale.width
    place = after if fits else max(scale.left, bar.left - wide - 4)
    align = PP_ALIGN.LEFT if fits else PP_ALIGN.RIGHT
    shown = [
        line(texts[0], _SIZE, bold=True, ink=Ink.TEXT, align=align),
        line(texts[1], _SIZE, ink=Ink.MUTED, align=align),
    ]
    page.box(Area(place, middle - 16, wide, 32), shown, fill=Ink.WHITE, anchor=MSO_ANCHOR.MIDDLE)


def _axis(page: Page, scale: Scale, area: Area, formats: Formats) -> None:
    ticks, written = _ticks(scale.first, scale.last, formats)
    ends = [*(scale.at(day) for day in ticks[1:]), scale.left + scale.width]
    for day, end in zip(ticks, ends, strict=True):
        at = scale.at(day)
        page.line((at, area.top + 4), (at, area.bottom), Ink.LINE)
        text = written(day)
        if TextStyle(10, slack=page.slack).width(text) + 4 <= end - at:
            page.box(Area(at + 4, area.top, end - at - 4, _AXIS - 4), [line(text, 10, ink=Ink.MUTED)])


def _ticks(first: dt.date, last: dt.date, formats: Formats) -> tuple[Sequence[dt.date], Callable[[dt.date], str]]:
    """The days that the scale marks, and how it writes them: days or weeks, or months, quarters or years."""
    for days in (1, 7):
        near = list(_every(days, first, last))
        if len(near) <= _MOST_TICKS:
            return near, formats.short_day
    for months in (1, 3, 12, 60):
        far = list(_months(first, last, months))
        if len(far) <= _MOST_TICKS:
            break
    return far, formats.month


def _every(days: int, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += days * _DAY


def _months(first: dt.date, last: dt.date, step: int) -> Iterator[dt.date]:
    """The first day, and the first of each month, quarter or year after it."""
    yield first
    month = first.year * 12 + first.month
    while True:
        if month % step == 0 and (day := dt.date(month // 12, month % 12 + 1, 1)) <= last:
            yield day
        elif dt.date(month // 12, month % 12 + 1, 1) > last:
            return
        month += 1
