"""The slides of a proposal in their order. Every figure comes from the proposal."""

from worker.tools.deck import closing, delivery, investment, opening, scope
from worker.tools.deck.design import Deck
from worker.tools.proposal.content import Proposal

SLIDES = (
    opening.cover,
    opening.summary,
    opening.heard,
    scope.overview,
    scope.small,
    scope.packages,
    scope.limits,
    delivery.approach,
    delivery.plan,
    delivery.team,
    delivery.solution,
    investment.by_package,
    investment.by_role,
    investment.payments,
    closing.assumptions,
    closing.risks,
    closing.outlook,
)


def build(deck: Deck, proposal: Proposal) -> None:
    """Add all slides to the deck. A subject of which the proposal has nothing gets no slide."""
    for add in SLIDES:
        add(deck, proposal)
