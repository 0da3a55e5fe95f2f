"""The same figures everywhere: random proposals, and every amount, hour and date of the price in what is handed out."""

import figures_in
import pytest
from hypothesis import HealthCheck, given, settings
from random_proposals import proposals

from worker.tools.page.generator import draw as page
from worker.tools.proposal.content import Proposal

FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check_page(proposal: Proposal) -> None:
    text = figures_in.of_page(page(proposal))
    assert figures_in.missing(text, proposal) == set()
    assert figures_in.strange(text, proposal) == set()


@FEW
@given(proposals())
def test_the_page_shows_the_figures_of_the_price_and_no_others(proposal: Proposal) -> None:
    check_page(proposal)


@pytest.mark.slow
@MANY
@given(proposals())
def test_hundreds_of_pages_show_the_figures_of_the_price_and_no_others(proposal: Proposal) -> None:
    check_page(proposal)


@FEW
@given(proposals())
def test_packages_roles_and_payments_sum_to_the_total(proposal: Proposal) -> None:
    costs = proposal.costs
    assert sum(package.cost for package in costs.packages) == costs.total_cost
    assert sum(package.hours for package in costs.packages) == costs.total_hours
    assert sum(payment.amount for payment in costs.payments) == costs.total_cost
    assert sum(line.cost for line in costs.lines) == costs.total_cost + costs.discount
