"""The slides about the scope: the work packages, their requirements, and what is not in scope."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.tools.costs import NOTHING
from worker.tools.deck import cards, lists, tables
from worker.tools.deck.canvas import page
from worker.tools.deck.cards import Card
from worker.tools.deck.design import Deck
from worker.tools.deck.fitting import Bullet
from worker.tools.deck.ink import Ink
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.tables import Role, Row, Table
from worker.tools.deck.words import capital, listed, many
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import ScopePackage
from worker.tools.proposal.words import clause, sentence
from worker.tools.requirements import Kind, Requirement

LIMIT = 300
"""How many requirements a deck shows. The statement of work has all."""
_CARDS = range(4, 17)
"""How many work packages have an overview of their own."""
_FEW = 6
_MORE = "…"
_LEAST_BUILT = 3
_SMALL = 3
"""So few requirements stand beside what is not in scope. A table of them would leave its slide empty."""
_SHORT = 300
"""The longest text of a requirement, in characters, with which a scope counts as small."""
_FEW_CONSTRAINTS = 2
"""So few constraints would leave their column empty."""
_ROOMY = 9
"""So few work packages have room for larger text."""


def overview(deck: Deck, proposal: Proposal) -> None:
    """Add a card for each work package."""
    packages = proposal.packages
    built = [each for each in packages if each.requirements]
    if len(packages) not in _CARDS or len(built) < _LEAST_BUILT:
        return
    number = sum(len(each.requirements) for each in built)
    title = f"The scope is {many(number, 'requirement')} in {many(len(packages), 'work package')}"
    shown = page(deck, title, "Scope")
    money, hours = proposal.formats.money, proposal.formats.hours
    largest = max(packages, key=lambda each: each.cost)
    found = [
        Card(
            f"{hours(each.hours)} hours, {money(each.cost)}, {_share(each, proposal)} of the price",
            each.name,
            many(len(each.requirements), "requirement") if each.requirements else "for all packages",
            Ink.SIGNAL if each is largest else Ink.STRONG,
        )
        for each in packages
    ]
    cards.grid(shown, shown.area, found, _columns(len(found)), most=1.45 if len(found) <= _ROOMY else 1.2)
    say = [f"The largest package is {largest.name} with {hours(largest.hours)} hours."]
    shown.note(speaker_notes(proposal, say))


def _share(package: ScopePackage, proposal: Proposal) -> str:
    total = proposal.costs.total_cost
    share = round(package.cost * 100 / total) if total else 0
    return proposal.formats.percent(share) if share else "less than 1%"


def _columns(cards: int) -> int:
    """The number of columns that leaves the fewest places empty."""
    return min((3, 4, 5) if cards > _FEW else (2, 3), key=lambda columns: (-cards % columns, -columns))


def _is_small(proposal: Proposal) -> bool:
    built = [each.text for package in proposal.packages for each in package.requirements]
    return 0 < len(built) <= _SMALL and max(map(len, built)) <= _SHORT


def small(deck: Deck, proposal: Proposal) -> None:
    """Add a small scope on one slide: what is built, beside what is not."""
    if not _is_small(proposal):
        return
    built = [each for package in proposal.packages for each in package.requirements]
    hours = proposal.formats.hours
    bullets = []
    for each in built:
        effort = hours(proposal.costs.effort.get(each.id, NOTHING))
        bullets.append(Bullet(sentence(proposal.said(each)), f"{each.id} ({each.priority.lower()}, {effort} hours)"))
    bullets.append(Bullet("Anything more is a change: we price it before we build it."))
    whole = sum((proposal.costs.effort.get(each.id, NOTHING) for each in built), NOTHING)
    takes = "takes" if len(built) == 1 else "take"
    title = capital(f"{many(len(built), 'requirement')} {takes} {hours(whole)} hours to build")
    shown = lists.Listing("What we build", tuple(bullets), title)
    notes = speaker_notes(proposal, [f"{title}."], [*built, *proposal.items(Kind.OUT_OF_SCOPE)])
    lists.slides(deck, title, "Scope", [shown, _excluded(proposal)], notes)


def packages(deck: Deck, proposal: Proposal) -> None:
    """Add the requirements of each package, as a table that goes on as long as it needs."""
    if _is_small(proposal):
        return
    rows = list(_rows(proposal))
    if not rows:
        _nothing_yet(deck, proposal)
        return
    columns = (
        Column("No.", 0.09),
        Column("Requirement", 0.63),
        Column("Priority", 0.1),
        Column("Size", 0.06),
        Column("Hours", 0.12, numeric=True),
    )
    measured = tables.measure(Table(columns, tuple(rows)), deck.area, deck.slack)
    continued = Row(("Continued", "", "", "", ""), Role.BAND)
    spread = tables.pages(measured, spare=measured.height(continued))
    by_id = {each.id: each for each in proposal.requirements}
    current, number = "", ""
    for found in spread:
        body = [Row((f"{current}, continued", "", "", "", ""), Role.BAND)] if found[0].role is Role.BODY else []
        names = [current] if body else []
        names += [row.cells[0] for row in found if row.role is Role.BAND]
        current = next((row.cells[0] for row in reversed(found) if row.role is Role.BAND), current)
        shown_ids = [row.cells[0] for row in found if row.cells[0] in by_id]
        members = [by_id[each] for each in shown_ids]
        part = bool(body) or _goes_on(proposal, current, members)
        title = _title(proposal, names, members, part=part) if members else _rest(found, number)
        number = next((each.id for each in reversed(members)), number)
        shown = page(deck, title, "Scope")
        tables.draw(shown, measured, [*body, *found], f"Requirements of {listed(names)}: {', '.join(shown_ids)}")
        shown.note(speaker_notes(proposal, [title + "."], members))


def _title(proposal: Proposal, names: Sequence[str], members: Sequence[Requirement], *, part: bool) -> str:
    """What a slide's requirements are. A part of one package is told from the others by its numbers."""
    hours = sum((proposal.costs.effort.get(each.id, NOTHING) for each in members), NOTHING)
    verb = "takes" if len(members) == 1 else "take"
    name = listed(names)
    if part and len(names) == 1 and len(members) > 1:
        name += f", {members[0].id} to {members[-1].id}"
    return f"{name}: {many(len(members), 'requirement')} {verb} {proposal.formats.hours(hours)} hours"


def _rest(rows: Sequence[Row], number: str) -> str:
    """The title of a slide on which no requirement begins: one goes on, or the rest is left to the other document."""
    more = next((row.cells[1] for row in rows if row.cells[0] == _MORE), "")
    return clause(more) or f"{number} goes on from the slide before"


def _goes_on(proposal: Proposal, name: str, members: Sequence[Requirement]) -> bool:
    """Whether the package has more requirements than the slide shows."""
    whole = next((len(each.requirements) for each in proposal.packages if each.name == name), 0)
    return whole > len(members)


def _rows(proposal: Proposal) -> Iterator[Row]:
    left = LIMIT
    total = sum(len(each.requirements) for each in proposal.packages)
    for package in proposal.packages:
        if not package.requirements or left <= 0:
            continue
        shown = package.requirements[:left]
        left -= len(shown)
        yield _band(proposal, package)
        for each in shown:
            effort = proposal.costs.effort.get(each.id)
            yield Row(
                (each.id, proposal.said(each), each.priority.capitalize(), each.size or "",
                 "" if effort is None else proposal.formats.hours(effort))
            )  # fmt: skip
    if total > LIMIT:
        more = f"{many(total - LIMIT, 'more requirement')}: the statement of work lists all {total}."
        yield Row((_MORE, capital(more), "", "", ""))


def _band(proposal: Proposal, package: ScopePackage) -> Row:
    said = f"{proposal.formats.hours(package.hours)} hours"
    return Row((package.name, "", "", said, ""), Role.BAND)


def _nothing_yet(deck: Deck, proposal: Proposal) -> None:
    title = "The notes state no requirement yet, so the first phase settles the scope"
    shown = page(deck, title, "Scope")
    first = proposal.costs.phases[0]
    found = [
        Card("We go through your goals, your users and your systems in workshops.", "We ask", "First"),
        Card("You get a list of requirements with priorities and sizes, which you correct.", "We write", "Then"),
        Card(
            f"The {first.name} phase ends on {proposal.formats.day(first.end)} with a scope and a price that both"
            " sides agree to.", "We agree", "At the end",
        ),
    ]  # fmt: skip
    cards.grid(shown, shown.area, found, 1)
    shown.note(speaker_notes(proposal, [title + "."], proposal.requirements))


def limits(deck: Deck, proposal: Proposal) -> None:
    """Add what is not in scope, beside the constraints. A few constraints lead the list instead."""
    out, constraints = _excluded(proposal), proposal.constraints
    verb = "binds" if len(constraints) == 1 else "bind"
    binds = f"{many(len(constraints), 'constraint')} {verb} the solution"
    beside = lists.requirements(proposal, "What binds the solution", constraints, capital(binds))
    shown = [beside] if _is_small(proposal) else [out, beside]
    title = " and ".join(each.title[:1].lower() + each.title[1:] for each in shown if each.bullets)
    if not title:
        return
    title = capital(title.replace(" and ", ", and "))
    if len(shown) > 1 and 0 < len(constraints) <= _FEW_CONSTRAINTS:
        head = "What binds the solution, and what is not in scope"
        shown = [lists.Listing(head, (*beside.bullets, *out.bullets), title)]
    notes = speaker_notes(proposal, [f"{title}."], [*proposal.items(Kind.OUT_OF_SCOPE), *constraints])
    lists.slides(deck, title, "Boundaries", shown, notes)


def _excluded(proposal: Proposal) -> lists.Listing:
    stated, number = proposal.items(Kind.OUT_OF_SCOPE), len(proposal.excluded)
    title = capital(f"{many(number, 'thing')} {'is' if number == 1 else 'are'} not in scope")
    out = lists.requirements(proposal, "Not in scope", stated, title)
    return replace(out, bullets=(*out.bullets, *map(Bullet, proposal.excluded[len(stated) :])))
