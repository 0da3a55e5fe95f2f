"""The figures that a document must show, and those that it does show, whichever document it is.

`missing` is what a text lacks of a proposal's amounts, hours and dates. `strange` is what looks like an amount or a
date in it and is none of the proposal's. Both get the plain text of the document: `of_page`, `of_deck` and
`of_document` take it from the files.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser

from docx import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from pptx import Presentation

from worker.tools.proposal.content import Proposal

APART = " \u00a6 "
"""Stands between two texts of a document, so that neighbouring cells are not one number."""
_SAMPLE = Decimal(9)
_DAY = dt.date(2033, 9, 8)
_BESIDE_PLAN = 40
"""An axis may begin before the plan and end after it, by so many days."""


@dataclass(frozen=True)
class Figures:
    """The figures of a proposal as its documents write them."""

    amounts: frozenset[str]
    hours: frozenset[str]
    days: frozenset[dt.date]
    """A document may write each in full or in short."""
    percents: frozenset[str] = field(default=frozenset())


def of(proposal: Proposal) -> Figures:
    """The figures that each document shows: the price with its range, packages, roles, payments, and the plan."""
    costs, write = proposal.costs, proposal.formats
    amounts = [costs.total_cost, *([costs.low, costs.high] if costs.low != costs.high else [])]
    amounts += [package.cost for package in costs.packages] + [payment.amount for payment in costs.payments]
    amounts += [value for line in costs.lines for value in (line.hourly_rate, line.cost)]
    hours = [costs.total_hours, *(line.hours for line in costs.lines), *(package.hours for package in costs.packages)]
    days = [costs.priced_on, costs.valid_until, *(payment.date for payment in costs.payments)]
    days += [day for phase in costs.phases for day in (phase.start, phase.end)]
    return Figures(
        frozenset(map(write.money, amounts)),
        frozenset(map(write.hours, hours)),
        frozenset(days),
        frozenset(write.percent(payment.percent) for payment in costs.payments),
    )


def missing(text: str, proposal: Proposal) -> set[str]:
    """The proposal's figures that are not in the text."""
    wanted, shown = of(proposal), _plain(text)
    every = wanted.amounts | wanted.hours | wanted.percents
    lacking = {figure for figure in every if not _stands(_plain(figure), shown)}
    write = (proposal.formats.day, proposal.formats.short_day)
    return lacking | {
        day.isoformat() for day in wanted.days if not any(_stands(_plain(form(day)), shown) for form in write)
    }


def strange(text: str, proposal: Proposal, *, axis: bool = False) -> set[str]:
    """What looks like an amount of money or a date in the text and is none of the proposal's.

    Only sound for a proposal whose own texts have no digits, as the random ones. With an axis of dates in the text, any
    day of the plan can stand there.
    """
    write, costs, shown = proposal.formats, proposal.costs, _plain(text)
    known = {_plain(each) for each in of(proposal).amounts}
    known |= {
        _plain(write.money(-costs.discount)),
        _plain(write.money(costs.discount)),
        _plain(write.money(costs.list_cost)),
    }
    known |= {_plain(write.money(costs.low)), _plain(write.money(costs.high))}
    known |= {_plain(write.money(costs.budget.amount))} if costs.budget else set()
    dates = [costs.priced_on, costs.valid_until, costs.start, costs.end]
    dates += [day for phase in costs.phases for day in (phase.start, phase.end)]
    dates += [payment.date for payment in costs.payments] + [each.date for each in costs.milestones]
    dates += [deadline.date for deadline in costs.deadlines]
    if axis:
        first = costs.start - dt.timedelta(days=_BESIDE_PLAN)
        dates += [first + dt.timedelta(days=day) for day in range((costs.end - first).days + _BESIDE_PLAN)]
    named = {_plain(form(day)).rstrip(".") for day in dates for form in (write.day, write.short_day)}
    found = set(_money(write.money(_SAMPLE)).findall(shown)) - known
    forms = (_date(write.day(_DAY)), _date(write.short_day(_DAY)))
    return found | {each for form in forms for each in form.findall(shown) if each.rstrip(".") not in named}


def of_page(body: bytes) -> str:
    """All text of an HTML page but its head."""
    reader = _Text()
    reader.feed(body.decode())
    return APART.join(reader.texts)


def of_deck(body: bytes) -> str:
    """All text of a presentation's slides, with tables, groups and charts, without the speaker notes."""
    return APART.join(
        text
        for slide in Presentation(io.BytesIO(body)).slides
        for shape in slide.shapes
        for text in _shape_texts(shape)
    )


def of_document(body: bytes) -> str:
    """All text of a Word document's body, paragraph by paragraph."""
    return APART.join(
        "".join((part.text or "") if part.tag.endswith("}t") else " " for part in _written(paragraph))
        for paragraph in Document(io.BytesIO(body)).element.body.iter(qn("w:p"))
    )


def _written(paragraph: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    yield from paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br"))


def _shape_texts(shape: object) -> Iterator[str]:
    for child in getattr(shape, "shapes", ()):
        yield from _shape_texts(child)
    if getattr(shape, "has_text_frame", False):
        yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)  # type: ignore[attr-defined]
    if getattr(shape, "has_table", False):
        yield from (cell.text for row in shape.table.rows for cell in row.cells)  # type: ignore[attr-defined]


def _plain(text: str) -> str:
    """Without marks of direction, and with every stretch of white space as one space."""
    return " ".join(re.sub("[\u200e\u200f\u061c\u2066-\u2069]", "", text).split())


def _stands(figure: str, text: str) -> bool:
    """Whether a figure stands in the text as a whole: "5" does not stand in "15" or "5.5"."""
    return re.search(rf"(?<![\d.,]){re.escape(figure)}(?![.,]?\d)", text) is not None


def _money(sample: str) -> re.Pattern[str]:
    before, after = (re.escape(part) for part in _plain(sample).split("9"))
    return re.compile(rf"-?{before}\d+(?:[.,\s']\d{{3}})*(?:[.,]\d{{1,2}}(?!\d))?{after}")


def _date(sample: str) -> re.Pattern[str]:
    """Dates as in the sample, with any number for a number and any word for a word."""
    form = re.escape(_plain(sample)).replace("\\ ", " ")
    form = re.sub(r"\d{4}", "<year>", form)
    form = re.sub(r"\d{1,2}", "<day>", form)
    form = re.sub(r"(?<![<\w])[^\W\d]+(?:\\\.)?(?![>\w])", "<word>", form)
    patterns = {"<year>": r"\d{4}", "<day>": r"\d{1,2}", "<word>": r"[^\W\d]{1,12}(?:\.(?= \d))?"}
    return re.compile(re.sub("<(?:year|day|word)>", lambda match: patterns[match[0]], form))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "head"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "head"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)
