"""The last slides: assumptions, risks, open questions, and what happens next."""

from collections.abc import Sequence

from worker.tools.costs import Risk
from worker.tools.deck import cards, lists
from worker.tools.deck.canvas import page
from worker.tools.deck.cards import Card
from worker.tools.deck.delivery import table_slides
from worker.tools.deck.design import Deck
from worker.tools.deck.fitting import Bullet
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Look
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.tables import Row, Table
from worker.tools.deck.words import capital, many, of_them
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import sentence

_FEW_RISKS = 2
"""So few risks stand beside what the client contributes. A table of them would leave its slide empty."""
_MOST_NEEDS = 9
"""How many open questions and contributions stand together in one list."""


def assumptions(deck: Deck, proposal: Proposal) -> None:
    """Add the assumptions behind the price and the plan."""
    texts = proposal.assumptions
    if not texts:
        return
    title = f"The price and the plan rest on {many(len(texts), 'assumption')}"
    notes = speaker_notes(proposal, [f"{title}. If one does not hold, price and dates change with it."])
    lists.slides(deck, title, "Assumptions", [lists.listing("What we assume", texts, title)], notes)


def risks(deck: Deck, proposal: Proposal) -> None:
    """Add the risks, with what is done about each. A few of them stand beside what the client contributes."""
    found = proposal.costs.risks
    if not found:
        return
    high = sum("High" in {each.probability, each.impact} for each in found)
    title = f"We watch {many(len(found), 'risk')}{of_them(high, len(found), 'with a high probability or impact')}"
    if len(found) <= _FEW_RISKS:
        _beside_needs(deck, proposal, found)
        return
    columns = (
        Column("No.", 0.06),
        Column("Risk", 0.37),
        Column("Probability", 0.11),
        Column("Impact", 0.09),
        Column("What we do about it", 0.37),
    )
    rows = tuple(
        Row((str(place), each.text, each.probability, each.impact, each.mitigation))
        for place, each in enumerate(found, start=1)
    )
    table_slides(deck, proposal, title, "Risks", Table(columns, rows))


def _beside_needs(deck: Deck, proposal: Proposal, found: Sequence[Risk]) -> None:
    bullets = []
    for each in found:
        odds = f"Probability: {each.probability.lower()}; impact: {each.impact.lower()}."
        bullets += [Bullet(f"{sentence(each.text)} {odds}", "Risk"), Bullet(each.mitigation, "What we do")]
    title = f"We watch {many(len(found), 'risk')}"
    watched = lists.Listing("What may go wrong", tuple(bullets), f"{title} and act on {_it(found)} early")
    needs = _needs(proposal)
    both = f"{title} and need {many(len(needs.bullets), 'thing')} from you" if needs.bullets else watched.title
    lists.slides(deck, both, "Risks", [watched, needs], speaker_notes(proposal, [f"{both}."], proposal.questions))


def _it(found: Sequence[Risk]) -> str:
    return "it" if len(found) == 1 else "them"


def _needs(proposal: Proposal) -> lists.Listing:
    """The open questions, unless they have a slide of their own, and what the client contributes."""
    asked = () if _asks_apart(proposal) else proposal.questions
    bullets = (*(Bullet(each.text, each.id) for each in asked), *map(Bullet, proposal.client_duties))
    return lists.Listing("What we need from you", bullets, f"We need {many(len(bullets), 'thing')} from you")


def _asks_apart(proposal: Proposal) -> bool:
    return len(proposal.questions) + len(proposal.client_duties) > _MOST_NEEDS


def outlook(deck: Deck, proposal: Proposal) -> None:
    """Add the open questions where they are many, and the next steps beside what the client contributes."""
    questions, steps = proposal.questions, proposal.next_steps
    if _asks_apart(proposal):
        answers = f"{capital(many(len(questions), 'answer'))} from you would make the price firmer"
        asked = lists.requirements(proposal, "What we need to know", questions, answers)
        lists.slides(deck, answers, "Open questions", [asked], speaker_notes(proposal, [f"{answers}."], questions))
    title = f"{capital(many(len(steps), 'step'))} lead to the start on {proposal.start}"
    needs = _needs(proposal)
    if not needs.bullets or 0 < len(proposal.costs.risks) <= _FEW_RISKS:
        _steps(deck, proposal, title)
        return
    notes = speaker_notes(proposal, [f"{title}."], questions)
    lists.slides(deck, title, "Next steps", [needs, lists.listing("What happens next", steps, title)], notes)


def _steps(deck: Deck, proposal: Proposal, title: str) -> None:
    shown = page(deck, title, "Next steps", Look.SECTION)
    found = [Card(step, str(place), edge=Ink.SIGNAL) for place, step in enumerate(proposal.next_steps, start=1)]
    cards.grid(shown, shown.area, found, 1)
    shown.note(speaker_notes(proposal, [f"{title}."]))
