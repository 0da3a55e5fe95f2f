"""The last slides: assumptions, risks, open questions, and what happens next."""

from worker.tools.deck import cards, lists
from worker.tools.deck.canvas import page
from worker.tools.deck.cards import Card
from worker.tools.deck.delivery import table_slides
from worker.tools.deck.design import Deck, Look
from worker.tools.deck.notes import speaker_notes
from worker.tools.deck.tables import Row, Table
from worker.tools.deck.text import Ink
from worker.tools.deck.words import capital, many
from worker.tools.documents.document import Column
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import Kind

_BESIDE = 7
"""How many open questions stand beside the next steps."""


def assumptions(deck: Deck, proposal: Proposal) -> None:
    """Add the assumptions behind the price and the plan."""
    texts = proposal.assumptions
    if not texts or not proposal.items(Kind.CONSTRAINT):  # then they stand beside what is not in scope
        return
    title = f"The price and the plan rest on {many(len(texts), 'assumption')}"
    notes = speaker_notes(proposal, [f"{title}. If one does not hold, price and dates change with it."])
    lists.slides(deck, title, "Assumptions", [lists.listing("We assume", texts)], notes)


def risks(deck: Deck, proposal: Proposal) -> None:
    """Add the risks, with what is done about each."""
    found = proposal.costs.risks
    if not found:
        return
    high = sum("High" in {each.probability, each.impact} for each in found)
    title = f"We watch {many(len(found), 'risk')}"
    if high:
        title += f", {many(high, 'of them', 'of them')} with a high probability or impact"
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
    questions = proposal.items(Kind.OPEN_QUESTION)
    steps = proposal.next_steps
    start = f"the start on {proposal.start}"
    if not questions or len(questions) > _BESIDE:
        if questions:
            title = f"{capital(many(len(questions), 'answer'))} from you would make the price firmer"
            notes = speaker_notes(proposal, [f"{title}."], questions)
            lists.slides(deck, title, "Open questions", [lists.requirements("We need to know", questions)], notes)
        title = f"{capital(many(len(steps), 'step'))} lead to {start}"
        shown = page(deck, title, "Next steps", Look.SECTION)
        found = [Card(step, str(place), edge=Ink.SIGNAL) for place, step in enumerate(steps, start=1)]
        cards.grid(shown, shown.area, found, 1)
        shown.note(speaker_notes(proposal, [f"{title}."]))
        return
    verb = "leads" if len(questions) + len(steps) == 1 else "lead"
    title = capital(f"{many(len(questions), 'answer')} and {many(len(steps), 'step')} {verb} to {start}")
    both = [lists.requirements("What we need to know", questions), lists.listing("What happens next", steps)]
    lists.slides(deck, title, "Next steps", both, speaker_notes(proposal, [f"{title}."], questions))
