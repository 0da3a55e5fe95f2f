"""The last slides: assumptions, risks, open questions, and what happens next."""

from collections.abc import Sequence
from dataclasses import replace

from worker.tools.deck import cards, lists
from worker.tools.deck.canvas import page
from worker.tools.deck.cards import Card
from worker.tools.deck.delivery import table_slides
from worker.tools.deck.design import Deck
from worker.tools.deck.ink import Ink
from worker.tools.deck.layouts import Look
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.tables import Row, Table
from worker.tools.deck.words import capital, many, spelled
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal

_BESIDE = 7
"""How many open questions stand beside the next steps."""


def assumptions(deck: Deck, proposal: Proposal) -> None:
    """Add the assumptions behind the price and the plan, beside what the client contributes.

    Without constraints, the assumptions are beside what is not in scope, and the contributions beside the next steps.
    """
    texts, duties = proposal.assumptions, proposal.client_duties
    if not texts or not proposal.constraints:
        return
    title = f"The price and the plan rest on {many(len(texts), 'assumption')}"
    assumed = lists.listing("What we assume", texts, title)
    contributed = _duties(duties)
    if duties:
        title += f", and on {many(len(duties), 'thing')} that you contribute"
    notes = speaker_notes(proposal, [f"{title}. If one does not hold, price and dates change with it."])
    lists.slides(deck, title, "Assumptions", [assumed, contributed], notes)


def _duties(texts: Sequence[str]) -> lists.Listing:
    return lists.listing("What you contribute", texts, f"We need {many(len(texts), 'thing')} from you")


def risks(deck: Deck, proposal: Proposal) -> None:
    """Add the risks, with what is done about each."""
    found = proposal.costs.risks
    if not found:
        return
    high = sum("High" in {each.probability, each.impact} for each in found)
    title = f"We watch {many(len(found), 'risk')}"
    if high:
        title += f", {'all' if high == len(found) else spelled(high)} of them with a high probability or impact"
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


def outlook(deck: Deck, proposal: Proposal) -> None:
    """Add the open questions and the next steps: together where both are short."""
    questions, steps = proposal.questions, proposal.next_steps
    answers = f"{capital(many(len(questions), 'answer'))} from you would make the price firmer"
    asked = lists.requirements("What we need to know", questions, answers)
    needed = _duties(() if proposal.constraints and proposal.assumptions else proposal.client_duties)
    if len(questions) > _BESIDE:
        notes = speaker_notes(proposal, [f"{answers}."], questions)
        lists.slides(deck, answers, "Open questions", [asked], notes)
    elif questions:
        needed = replace(asked, head="What we need from you", bullets=(*asked.bullets, *needed.bullets))
    title = f"{capital(many(len(steps), 'step'))} lead to the start on {proposal.start}"
    if not needed.bullets:
        _steps(deck, proposal, title)
        return
    both = f"{capital(many(len(questions), 'answer'))} and {title[:1].lower()}{title[1:]}" if questions else title
    notes = speaker_notes(proposal, [f"{both}."], questions)
    lists.slides(deck, both, "Next steps", [needed, lists.listing("What happens next", steps, title)], notes)


def _steps(deck: Deck, proposal: Proposal, title: str) -> None:
    shown = page(deck, title, "Next steps", Look.SECTION)
    found = [Card(step, str(place), edge=Ink.SIGNAL) for place, step in enumerate(proposal.next_steps, start=1)]
    cards.grid(shown, shown.area, found, 1)
    shown.note(speaker_notes(proposal, [f"{title}."]))
