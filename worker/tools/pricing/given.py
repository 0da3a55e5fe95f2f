"""Settles what the plan and the price go by: the reviewer's word, then the form's, then the notes', then the profile's.

Where two of them disagree, and where nobody says anything, an assumption tells the reader what counts. Pure.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from schema.assessment import Assessment
from worker.tools.facts import Facts, Length
from worker.tools.pricing.durations import read_duration
from worker.tools.pricing.plan import first_working_day
from worker.tools.profile.profile import Profile, RateCard
from worker.tools.proposal.formats import Formats
from worker.tools.proposal.words import counted, enumerated


@dataclass(frozen=True)
class Offer:
    """What a reviewer has decided about the offer. It comes before everything else; None leaves a thing as it is."""

    team_size: int | None = None
    duration: str | None = None
    """As a person writes it: "6 months"."""
    start_date: dt.date | None = None
    currency: str | None = None
    """ISO 4217."""
    discount_percent: Decimal | None = None


NO_CHANGES = Offer()


@dataclass(frozen=True)
class Given:
    """What counts."""

    team: int | None
    weeks: int | None
    at_most_weeks: int | None
    """The most weeks that the notes allow, where they state `weeks` too."""
    weeks_lines: tuple[int, ...]
    """The lines of the notes that state `weeks`; empty where the notes don't count."""
    start: dt.date
    """A working day."""
    rates: RateCard
    discount_percent: Decimal
    assumptions: tuple[str, ...]


def settle(assessment: Assessment, facts: Facts, profile: Profile, today: dt.date, changes: Offer) -> Given:
    """What the plan and the price of an offer go by that is made today."""
    settling = _Settling(assessment, facts, profile, changes)
    rates = settling.rates()
    team = settling.team()
    weeks, noted = settling.weeks()
    return Given(
        team=team,
        weeks=weeks,
        at_most_weeks=noted.at_most_weeks if noted else None,
        weeks_lines=noted.lines if noted else (),
        start=settling.start(today, Formats(profile.locale, rates.currency)),
        rates=rates,
        discount_percent=changes.discount_percent or Decimal(0),
        assumptions=tuple(settling.said),
    )


def cited(lines: tuple[int, ...]) -> str:
    """Where the notes say something, such as "(line 12 of the notes)"; empty without lines."""
    if not lines:
        return ""
    return f"({'line' if len(lines) == 1 else 'lines'} {enumerated([str(line) for line in lines])} of the notes)"


@dataclass(frozen=True)
class _Settling:
    assessment: Assessment
    facts: Facts
    profile: Profile
    changes: Offer
    said: list[str] = field(default_factory=list)
    """The assumptions so far."""

    def team(self) -> int | None:
        stated, noted = self.changes.team_size or self.assessment.team_size, self.facts.team_size
        if noted is None:
            return stated
        where = f"the notes name {counted(noted.people, 'person', 'people')} {cited(noted.lines)}"
        if stated is None:
            self.said.append(f"For the team, {where}.")
            return noted.people
        if stated != noted.people:
            self.said.append(f"The request is for a team of {stated}, while {where}: the request counts.")
        return stated

    def weeks(self) -> tuple[int | None, Length | None]:
        """The stated duration, and the notes' own if that is the one that counts."""
        text = self.changes.duration or self.assessment.duration
        stated, noted = read_duration(text), self.facts.duration
        if text and stated is None:
            self.said.append(f"The duration \u201c{text}\u201d could not be read, so it does not count.")
        if stated and stated.longer_end:
            self.said.append(
                f"Of the duration \u201c{text}\u201d, the longer end is planned: {counted(stated.weeks, 'week')}."
            )
        if noted is None:
            return (stated.weeks if stated else None), None
        where = f"the notes say \u201c{noted.stated or counted(noted.weeks, 'week')}\u201d {cited(noted.lines)}"
        if stated is None:
            self.said.append(f"For the duration, {where}{', and the longer end counts' if noted.longer_end else ''}.")
            return noted.weeks, noted
        if stated.weeks != noted.weeks:
            self.said.append(f"The request is for {counted(stated.weeks, 'week')}, while {where}: the request counts.")
        return stated.weeks, None

    def start(self, today: dt.date, formats: Formats) -> dt.date:
        lead = self.profile.terms.lead_time_days
        soonest = first_working_day(today + dt.timedelta(days=lead))
        requested, noted = self.changes.start_date or _requested_start(self.assessment), self.facts.start
        stated = requested or (noted.date if noted else None)
        if stated is None:
            self.said.append(f"No start was stated: work is planned to begin {counted(lead, 'day')} after this offer.")
            return soonest
        day = formats.day(stated)
        if noted and not requested:
            self.said.append(f"For the start, the notes say {day} {cited(noted.lines)}.")
        if noted and requested and noted.date != requested:
            where = f"the notes say {formats.day(noted.date)} {cited(noted.lines)}"
            self.said.append(f"The request is for a start on {day}, while {where}: the request counts.")
        if stated < today:
            later = f"work is planned to begin {counted(lead, 'day')} after this offer"
            self.said.append(f"The stated start, {day}, is over: {later}.")
            return soonest
        working = first_working_day(stated)
        if working != stated:
            self.said.append(f"The stated start, {day}, is at a weekend: work begins on {formats.day(working)}.")
        return working

    def rates(self) -> RateCard:
        """The rate card that counts. No exchange rate is ever made up."""
        requested, budget = self.changes.currency or self.assessment.currency, self.facts.budget
        budgeted = budget.currency if budget else None
        first = self.profile.rate_cards[0]
        for currency in filter(None, dict.fromkeys((requested, budgeted))):
            whose = "which was requested" if currency == requested else "the currency of the stated budget"
            card = self.profile.rate_card(currency)
            if card and currency != requested and budget:
                self.said.append(f"The price is in {currency}, {whose} {cited(budget.lines)}.")
            if card:
                return card
            self.said.append(f"There are no rates in {currency}, {whose}, and no exchange rate is assumed.")
        if not requested and not budgeted:
            self.said.append(f"No currency was stated: the price is in {first.currency}.")
        else:
            self.said.append(f"The price is in {first.currency}.")
        return first


def _requested_start(assessment: Assessment) -> dt.date | None:
    return dt.date.fromisoformat(assessment.start_date) if assessment.start_date else None
