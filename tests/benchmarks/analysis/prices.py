"""`python -m tests.benchmarks.analysis.prices`: prices the briefs of tests/data/briefs, for a presales lead to read.

Each row is a brief with its hours, price, weeks and team beside the budget and the day that its notes state. It claims
nothing: only a person can say whether a price would be laughed at.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from schema.assessment import Assessment
from worker.tools.analysis.analyzer import analyze
from worker.tools.costs import Costs
from worker.tools.pricing.calculator import price
from worker.tools.profile.reading import standard
from worker.tools.proposal.formats import Formats
from worker.tools.requirements import BUILT, Analysis, Size

from .corpus import Brief, briefs
from .reading import TODAY

COLUMNS = ("Brief", "Scope", "Hours", "Price", "Range", "Weeks", "Team", "Budget", "Ends", "Stated day")
_WIDTH = 170


def main() -> int:
    """Print the table."""
    console = Console(width=_WIDTH)
    table = Table(*COLUMNS, title="the briefs, priced by the default profile")
    for brief in briefs():
        found = analyze(brief.notes, today=TODAY)
        table.add_row(brief.name, *cells(found, priced(brief, found)))
    console.print(table)
    return 0


def priced(brief: Brief, found: Analysis) -> Costs:
    """The price of a brief, where the form states nothing."""
    return price(Assessment("Client", None, None, brief.notes, None, None), found, standard(), TODAY)


def cells(found: Analysis, costs: Costs) -> Sequence[str]:
    """A row, but for the brief's name."""
    formats = Formats(standard().locale, costs.currency)
    sizes = Counter(each.size or Size.M for each in found.requirements if each.kind in BUILT)
    return (
        " ".join(f"{count}{size}" for size in Size if (count := sizes[size])) or "-",
        formats.hours(costs.total_hours),
        formats.money(costs.total_cost),
        f"{formats.money(costs.low)} to {formats.money(costs.high)}",
        str(costs.weeks),
        str(costs.team_size),
        _budget(costs),
        formats.short_day(costs.end),
        ", ".join(_days(costs, formats)) or "-",
    )


def _budget(costs: Costs) -> str:
    if costs.budget is None:
        return "-"
    amount = Formats(standard().locale, costs.budget.currency).money(costs.budget.amount)
    return f"{amount}, passed" if costs.budget.over is not None and costs.budget.over > 0 else amount


def _days(costs: Costs, formats: Formats) -> Iterator[str]:
    for deadline in costs.deadlines:
        late = f", {deadline.days_late} days late" if deadline.days_late > 0 else ""
        yield f"{formats.short_day(deadline.date)}{late}"


if __name__ == "__main__":
    sys.exit(main())
