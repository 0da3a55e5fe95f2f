"""Prints a proposal: its figures, the requirements by work package, and what a reader must know."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from client.command.printable import money, number, one_line
from client.command.report import say
from client.proposal import Proposal, Requirement

_OTHERS = {
    "CONSTRAINT": "Constraints",
    "OUT_OF_SCOPE": "Out of scope",
    "OPEN_QUESTION": "Open questions",
}


def print_proposal(proposal: Proposal, console: Console) -> None:
    """Print the whole proposal."""
    for line in figures(proposal):
        say(console, line)
    for risk in proposal.risks:
        say(console, f"risk: {risk}")
    table = Table("No.", "Requirement", "Size", "Priority", "Hours", "Lines", box=None, pad_edge=False)
    for title, members in _groups(proposal):
        table.add_section()
        table.add_row("", Text(one_line(title), style="bold"))
        for each in members:
            table.add_row(*(Text(cell) for cell in _cells(each)))
    console.print(table)


def figures(proposal: Proposal) -> Iterator[str]:
    """The figures in lines: the price, the plan, and how sure the analysis is."""
    cost = proposal.cost_data
    if cost is None:
        yield f"version {proposal.version}: analyzed, not priced yet"
        return
    yield (
        f"version {proposal.version}: {money(cost.total_cost, cost.currency)} for {number(cost.total_hours)} h;"
        f" complexity {cost.complexity_level}"
    )
    if proposal.low_cost is not None and proposal.high_cost is not None:
        low, high = money(proposal.low_cost, cost.currency), money(proposal.high_cost, cost.currency)
        yield f"likely between {low} and {high}"
    if proposal.discount_percent:
        yield f"discount {proposal.discount_percent:g} %"
    yield f"{proposal.duration} from {proposal.start_date} to {proposal.end_date}, a team of {proposal.team_size}"
    for package in proposal.work_packages:
        yield f"{package.name}: {number(package.hours)} h, {money(package.cost, cost.currency)}"


def _groups(proposal: Proposal) -> Iterator[tuple[str, list[Requirement]]]:
    by_id = {each.id: each for each in proposal.requirements}
    packages = [(each.name, [by_id[name] for name in each.requirement_ids]) for each in proposal.work_packages]
    kinds = [(title, [each for each in by_id.values() if each.kind == kind]) for kind, title in _OTHERS.items()]
    packaged = {each.id for _, members in packages for each in members}
    rest = [each for each in by_id.values() if each.kind not in _OTHERS and each.id not in packaged]
    return ((title, members) for title, members in (*packages, ("Requirements", rest), *kinds) if members)


def _cells(each: Requirement) -> tuple[str, ...]:
    hours = "" if each.hours is None else number(each.hours)
    lines = ", ".join(map(str, each.lines))
    return each.id, one_line(each.text), each.size or "", each.priority, hours, lines
