"""The same figures everywhere: random proposals, and every amount, hour and date of the price in what is handed out."""

import figures_in
import pytest
from hypothesis import HealthCheck, given, settings
from random_proposals import SEVERAL, proposals

from worker.tools.deck import generator as deck
from worker.tools.page import generator as page
from worker.tools.proposal.content import Proposal
from worker.tools.results import cost_data
from worker.tools.sow import generator as sow

FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check_page(proposal: Proposal) -> None:
    text = figures_in.of_page(page.draw(proposal))
    assert figures_in.missing(text, proposal) == set()
    assert figures_in.strange(text, proposal) == set()


def check_documents(proposal: Proposal) -> None:
    slides = figures_in.of_deck(deck.draw(proposal, None).body)
    assert figures_in.missing(slides, proposal) == set()
    assert figures_in.strange(slides, proposal, axis=True) == set()
    words = figures_in.of_document(sow.draw(proposal, None).body)
    assert figures_in.missing(words, proposal) == set()
    assert figures_in.strange(words, proposal) == set()


def check_results(proposal: Proposal) -> None:
    costs, data = proposal.costs, cost_data(proposal.costs)
    assert (data["totalCost"], data["totalHours"]) == (float(costs.total_cost), float(costs.total_hours))
    lines = data["lines"]
    assert isinstance(lines, list)
    assert sum(line["cost"] for line in lines) == data["totalCost"]
    assert sum(line["hours"] for line in lines) == data["totalHours"]


@FEW
@given(proposals())
def test_the_page_and_the_api_show_the_figures_of_the_price_and_no_others(proposal: Proposal) -> None:
    check_page(proposal)
    check_results(proposal)


@pytest.mark.thorough
@pytest.mark.timeout(1800)
@SEVERAL
@given(proposals())
def test_every_document_shows_the_figures_of_the_price_and_no_others(proposal: Proposal) -> None:
    check_page(proposal)
    check_results(proposal)
    check_documents(proposal)


@FEW
@given(proposals())
def test_packages_roles_and_payments_sum_to_the_total(proposal: Proposal) -> None:
    costs = proposal.costs
    assert sum(package.cost for package in costs.packages) == costs.total_cost
    assert sum(package.hours for package in costs.packages) == costs.total_hours
    assert sum(payment.amount for payment in costs.payments) == costs.total_cost
    assert sum(line.cost for line in costs.lines) == costs.total_cost + costs.discount
