"""What the price and the plan assume, in sentences for the client. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from worker.tools.facts import Facts
from worker.tools.pricing.estimate import Estimate
from worker.tools.pricing.given import cited
from worker.tools.pricing.sectors import Sector
from worker.tools.proposal.formats import Formats
from worker.tools.proposal.words import counted
from worker.tools.requirements import Analysis, Kind

BUSY = Decimal("0.75")
"""A team of which less than this share is busy on average is larger than the work needs."""


_BESIDE_WORK: Mapping[str, re.Pattern[str]] = {
    "licences or subscriptions": re.compile(
        r"\b(?:licen[cs]e?s?|subscriptions?|saas|lizenz\w*|licences?|abonnements?|licencias?|suscripci\w+|licenz[ae]"
        r"|licenties?|licens\w*|licencj\w*|licen\u00e7as?)\b",
        re.IGNORECASE,
    ),
    "devices": re.compile(
        r"\b(?:hardware|devices?|tablets?|cabling|equipment|ger\u00e4te\w*|verkabelung|mat\u00e9riel|appareils?"
        r"|equipos?|dispositivi|attrezzature|apparatuur|h\u00e5rdvara|sprz\u0119t\w*|equipamentos?)\b",
        re.IGNORECASE,
    ),
}
"""What a budget may cover besides work, by the words of its lines."""
_NOT_COVERED = re.compile(
    r"\b(?:excl\w*|without|on top|separate\w*|ohne|zuz\u00fcglich|exkl\w*|hors|sans|en sus|sin|aparte|esclus\w*"
    r"|senza|zonder|utan|bez|sem)\b(?!\.? (?:vat|hst|gst|tax|mwst|taxe|tva|iva|btw|moms))",
    re.IGNORECASE,
)


def of_estimate(whole: Estimate, analysis: Analysis, notes: Sequence[str], spare: int) -> Iterator[str]:
    """What the effort, the team and the plan assume. `notes` are the lines of the notes."""
    facts = analysis.facts
    given = whole.conditions.given
    formats = Formats(whole.conditions.profile.locale, given.rates.currency)
    yield from _plan(whole, formats)
    yield from _budget(facts, formats)
    yield from _beside_work(facts, notes)
    yield from _days(facts, formats)
    questions = analysis.count(Kind.OPEN_QUESTION)
    reasons = f"{counted(questions, 'open question')} and " if questions else ""
    yield (
        f"The hours include {formats.percent(spare)} for what is uncertain: {reasons}what the notes leave unsaid. The"
        " likely range runs from a project that needs none of it to one that needs three times as much."
    )
    if given.discount_percent:
        yield f"The price includes a discount of {formats.percent(given.discount_percent)} on the rates."
    yield "Public holidays and leave are not in the plan: the dates move by the days that are agreed for them."


def of_sector(industry: str | None, sector: Sector | None, formats: Formats) -> str:
    """What the estimate assumes about the client's industry."""
    if not industry:
        return "The industry was not stated: no rules of a regulated sector are priced."
    if sector is None:
        return f"The industry \u201c{industry}\u201d is taken to have no regulation of its own."
    if sector.factor == 1:
        return f"The industry \u201c{industry}\u201d adds nothing to the effort: {sector.reason}."
    added = formats.percent((sector.factor - 1) * 100)
    return f"The industry \u201c{industry}\u201d adds {added} to the effort: {sector.reason}."


def _plan(whole: Estimate, formats: Formats) -> Iterator[str]:
    given, planned, available = whole.conditions.given, whole.schedule, whole.conditions.available_weeks
    size = counted(planned.team_size, "person", "people")
    if given.team is None:
        why = " by the stated date" if available and given.weeks is None and planned.weeks == available else ""
        yield f"No team size was stated: {size} at a time do the work{why}."
    elif planned.busy < planned.team_size * BUSY:
        busy = formats.hours(planned.busy.quantize(Decimal("0.1")))
        yield (
            f"The stated team of {planned.team_size} is larger than the work needs: over"
            f" {counted(planned.weeks, 'week')} it keeps {busy} of them busy on average, and only that is priced."
        )
    if given.weeks and planned.weeks < given.weeks:
        yield (
            f"The plan takes {counted(planned.weeks, 'week')} instead of the stated {given.weeks}, so that it ends by"
            " the stated date."
        )
    if given.weeks and given.at_most_weeks and given.weeks < planned.weeks <= given.at_most_weeks:
        yield (
            f"The work takes {counted(planned.weeks, 'week')}, more than the {given.weeks} that the notes aim at and"
            f" within the {given.at_most_weeks} that they allow."
        )
    if given.weeks is None:
        yield f"No duration was stated: the work is planned to take {counted(planned.weeks, 'week')}."
    if planned.coordination:
        share = formats.rounded_percent(planned.coordination * 100)
        yield f"The team is larger than is usual for this work, so its hours include {share} for coordination."


def _beside_work(facts: Facts, notes: Sequence[str]) -> Iterator[str]:
    """What the stated budget pays for and the price doesn't hold."""
    lines = facts.budget.lines if facts.budget else ()
    said = " ".join(notes[line - 1] for line in lines if 0 < line <= len(notes))
    covered = [name for name, words in _BESIDE_WORK.items() if words.search(said)]
    if covered and not _NOT_COVERED.search(said):
        yield (
            f"The stated budget {cited(lines)} also covers {' and '.join(covered)}: the price is for work alone and"
            " leaves them out."
        )


def _days(facts: Facts, formats: Formats) -> Iterator[str]:
    for deadline in facts.deadlines:
        if deadline.assumed:
            day = formats.short_day(deadline.date)
            yield (
                f"\u201c{deadline.assumed}\u201d {cited(deadline.lines)} names no year: it is taken to mean {day},"
                " the next such day."
            )


def _budget(facts: Facts, formats: Formats) -> Iterator[str]:
    budget = facts.budget
    if budget is None:
        return
    if budget.currency is None:
        amount = formats.money(budget.amount)
        yield f"The stated budget {cited(budget.lines)} names no currency: it is taken to be {amount}."
    elif budget.currency != formats.currency:
        amount = Formats(formats.locale, budget.currency).money(budget.amount)
        yield (
            f"The stated budget of {amount} {cited(budget.lines)} is in another currency than the price: the two are"
            " not compared."
        )
