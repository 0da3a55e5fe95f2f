"""The risks of what the notes limit: the go-live, freezes, the duration and the budget. Pure.

Each risk has its figures, and what would mend it: less scope by priority, another team, an earlier start, or phases.
"""

from collections.abc import Iterator
from decimal import Decimal

from worker.tools.costs import Concern, Risk
from worker.tools.pricing import plan, schedule
from worker.tools.pricing.given import cited
from worker.tools.pricing.outlook import Outlook
from worker.tools.proposal.words import counted

_BY_FAR = Decimal("1.25")
"""A price above the budget times this is far above it."""


def late(outlook: Outlook) -> Iterator[Risk]:
    """The plan ends after the stated go-live."""
    deadline = outlook.days.go_live
    if deadline is None or outlook.end <= deadline.date:
        return
    days = (outlook.end - deadline.date).days
    formats = outlook.formats
    yield Risk(
        f"The plan ends on {formats.day(outlook.end)}, {counted(days, 'day')} after the stated date,"
        f" {formats.day(deadline.date)} {cited(deadline.lines)}.",
        " ".join(
            (*_earlier(outlook), "Or agree which part goes live on the date and which follows in a second phase.")
        ),
        Concern.DEADLINE,
        probability="High",
        impact="High",
    )


def frozen(outlook: Outlook) -> Iterator[Risk]:
    """The plan goes live after a freeze has begun."""
    formats = outlook.formats
    for freeze in outlook.days.freezes:
        if outlook.end >= freeze.date:
            days = (outlook.end - freeze.date).days
            yield Risk(
                f"A freeze begins on {formats.day(freeze.date)} {cited(freeze.lines)}, and the plan goes live on"
                f" {formats.day(outlook.end)}, {counted(days, 'day')} later.",
                "Agree an exception for the go-live, move it to the end of the freeze, or take parts live before it.",
                Concern.DEADLINE,
                probability="High",
            )


def too_long(outlook: Outlook) -> Iterator[Risk]:
    """The work takes longer than the stated duration."""
    given, needed = outlook.conditions.given, outlook.whole.schedule.weeks
    allowed = given.at_most_weeks or given.weeks
    if allowed is None or needed <= allowed:
        return
    at_most = "at most " if given.at_most_weeks else ""
    where = cited(given.weeks_lines)
    team = counted(outlook.whole.schedule.team_size, "person", "people")
    yield Risk(
        f"The work takes {counted(needed, 'week')} with {team},"
        f" more than the stated {at_most}{counted(allowed, 'week')}{' ' if where else ''}{where}.",
        " ".join((_team(outlook, allowed), *_scope(outlook, allowed))),
        Concern.DEADLINE,
        probability="High",
        impact="High",
    )


def other_days(outlook: Outlook) -> Iterator[Risk]:
    """Days before the end on which something may have to be ready."""
    formats = outlook.formats
    missed = [each for each in outlook.days.others if each.date < outlook.end]
    if missed:
        named = ", ".join(f"{formats.day(each.date)} {cited(each.lines)}" for each in missed[:3])
        yield Risk(
            f"The notes also name {named}, before the planned end. What has to be ready by then is not settled.",
            "Agree in discovery what is due on each of these days, and plan it as a release of its own.",
        )


def over_budget(outlook: Outlook) -> Iterator[Risk]:
    """The price passes the stated budget, in the same currency."""
    budget, formats, total = outlook.budget, outlook.formats, outlook.whole.total_cost
    if budget is None or budget.currency not in {None, formats.currency} or total <= budget.amount:
        return
    over = total - budget.amount
    share = over / budget.amount * 100 if budget.amount else Decimal(100)
    yield Risk(
        f"The price of {formats.money(total)} passes the stated budget of {formats.money(budget.amount)}"
        f" {cited(budget.lines)} by {formats.money(over)} ({formats.rounded_percent(share)}).",
        " ".join(_cheaper(outlook, budget.amount)),
        Concern.BUDGET,
        probability="High",
        impact="High" if total > budget.amount * _BY_FAR else "Medium",
    )


def _earlier(outlook: Outlook) -> Iterator[str]:
    deadline = outlook.days.go_live
    if deadline is None:
        return
    given, formats = outlook.conditions.given, outlook.formats
    if given.start > deadline.date:
        yield f"The work begins on {formats.day(given.start)}, after that date: agree another start or another date."
        return
    yield _team(outlook, plan.whole_weeks(given.start, deadline.date))
    for smaller in outlook.reduced:
        if smaller.end < outlook.end:
            kept = " and keeps it" if smaller.end <= deadline.date else ""
            yield f"{smaller.name.capitalize()}, the work ends on {formats.day(smaller.end)}{kept}."
    last_start = deadline.date - (outlook.end - given.start)
    if last_start > outlook.today:
        yield f"A start by {formats.day(last_start)} would keep it too."


def _scope(outlook: Outlook, allowed: int) -> Iterator[str]:
    for smaller in outlook.reduced:
        weeks = smaller.estimate.schedule.weeks
        if weeks < outlook.whole.schedule.weeks:
            kept = ", which keeps it" if weeks <= allowed else ""
            yield f"{smaller.name.capitalize()}, the work takes {counted(weeks, 'week')}{kept}."


def _team(outlook: Outlook, weeks: int) -> str:
    """Which team would do the work in so many weeks."""
    whole, weekly = outlook.whole, outlook.conditions.profile.effort.productive_hours_per_week
    people = schedule.team_for(whole.work_hours, weekly, weeks)
    if people is None:
        least = int(schedule.shortest_weeks(whole.work_hours, weekly) + 1)
        left = f"{counted(weeks, 'week')} {'is' if weeks == 1 else 'are'}" if weeks else "no whole week is"
        return f"No team does all of it in time: the work takes at least {counted(least, 'week')}, and {left} left."
    return f"A team of {people} instead of {whole.schedule.team_size} would keep it."


def _cheaper(outlook: Outlook, budget: Decimal) -> Iterator[str]:
    formats, fits = outlook.formats, False
    for smaller in outlook.reduced:
        cost = smaller.estimate.total_cost
        fits = cost <= budget
        verdict = "within the budget" if fits else f"still {formats.money(cost - budget)} above it"
        yield f"{smaller.name.capitalize()}, the price is {formats.money(cost)}, {verdict}."
        if fits:
            break
    if not outlook.reduced:
        yield "No requirement is marked as less than a must: set priorities together, and price the musts first."
    if not fits:
        yield "Or agree a first phase within the budget, and the rest as a second one."
