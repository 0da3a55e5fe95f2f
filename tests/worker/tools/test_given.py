"""What counts for price and plan: the reviewer, the form, the notes, the profile, in that order, and said so."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from priced_work import analysis, priced, requirement
from worker_tools_samples import TODAY

from schema.assessment import Assessment
from worker.tools.costs import Costs
from worker.tools.facts import Budget, Deadline, Facts, Length, Start, TeamSize
from worker.tools.pricing.given import NO_CHANGES, Offer

OPEN = Assessment("Client", None, None, "notes", None, None)
FOUND = tuple(requirement(place) for place in range(12))


def offer(facts: Facts, assessment: Assessment = OPEN, changes: Offer = NO_CHANGES) -> Costs:
    return priced(assessment, analysis(FOUND, facts=facts), changes=changes)


def said(costs: Costs) -> str:
    return " ".join(costs.assumptions)


def test_the_notes_team_counts_where_the_form_has_none() -> None:
    costs = offer(Facts(team_size=TeamSize(5, (7,))))
    assert costs.team_size == 5
    assert "the notes name 5 people (line 7 of the notes)" in said(costs)


def test_the_forms_team_counts_before_the_notes_and_the_difference_is_said() -> None:
    costs = offer(Facts(team_size=TeamSize(5, (7,))), dataclasses.replace(OPEN, team_size=3))
    assert costs.team_size == 3
    assert "team of 3, while the notes name 5 people (line 7 of the notes): the request counts" in said(costs)


def test_the_forms_start_and_currency_count_before_the_notes() -> None:
    form = dataclasses.replace(OPEN, start_date="2027-04-05", currency="GBP")
    facts = Facts(budget=Budget(Decimal(900_000), "EUR", (4,)), start=Start(dt.date(2027, 3, 1), (2,)))
    costs = offer(facts, form)
    assert (costs.start, costs.currency) == (dt.date(2027, 4, 5), "GBP")
    assert (
        "for a start on 5 April 2027, while the notes say 1 March 2027 (line 2 of the notes): the request counts"
        in said(costs)
    )


def test_the_reviewers_figures_come_first() -> None:
    form = dataclasses.replace(OPEN, team_size=3, duration="12 weeks")
    changes = Offer(6, "20 weeks", dt.date(2027, 2, 1), "GBP", Decimal(5))
    costs = offer(Facts(team_size=TeamSize(5, (7,)), start=Start(dt.date(2027, 3, 1), (2,))), form, changes)
    assert (costs.team_size, costs.weeks, costs.start) == (6, 20, dt.date(2027, 2, 1))
    assert (costs.currency, costs.discount_percent) == ("GBP", Decimal(5))


def test_the_notes_duration_counts_where_the_form_has_none() -> None:
    costs = offer(Facts(duration=Length(26, (3, 9), longer_end=True, stated="5-6 months")))
    assert costs.weeks == 26
    assert "the notes say “5-6 months” (lines 3 and 9 of the notes), and the longer end counts" in said(costs)


def test_more_weeks_than_the_notes_aim_at_but_not_more_than_they_allow_are_said() -> None:
    costs = offer(Facts(duration=Length(4, (3,), at_most_weeks=90)), dataclasses.replace(OPEN, team_size=1))
    assert f"The work takes {costs.weeks} weeks, more than the 4 that the notes aim at and within the 90" in said(costs)


def test_a_stated_day_shortens_a_stated_duration_and_this_is_said() -> None:
    day = dt.date(2027, 4, 16)
    costs = offer(Facts(duration=Length(40, (3,)), deadlines=(Deadline(day, (4,)),)))
    assert costs.end == day
    assert "The plan takes 18 weeks instead of the stated 40, so that it ends by the stated date." in costs.assumptions


def test_a_form_that_names_no_length_leaves_it_to_the_notes_and_says_so() -> None:
    costs = offer(Facts(duration=Length(26, (3,))), dataclasses.replace(OPEN, duration="asap"))
    assert costs.weeks == 26
    assert "“asap” could not be read" in said(costs)


def test_nothing_stated_is_said_for_each_thing() -> None:
    text = said(offer(Facts()))
    for thing in ("team size", "duration", "start", "currency"):
        assert f"No {thing} was stated" in text
    assert "The industry was not stated" in text


@pytest.mark.parametrize(
    ("stated", "begins", "words"),
    [
        (dt.date(2027, 3, 1), dt.date(2027, 3, 1), "the notes say 1 March 2027"),
        (dt.date(2027, 3, 6), dt.date(2027, 3, 8), "is at a weekend: work begins on 8 March 2027"),
        (dt.date(2026, 1, 5), dt.date(2026, 12, 14), "The stated start, 5 January 2026, is over"),
    ],
)
def test_work_starts_on_the_stated_day_or_the_next_on_which_it_can(
    stated: dt.date, begins: dt.date, words: str
) -> None:
    costs = offer(Facts(start=Start(stated, (2,))))
    assert costs.start == begins == costs.phases[0].start
    assert words in said(costs)


def test_without_a_start_work_begins_after_the_profiles_lead_time_on_a_working_day() -> None:
    costs = offer(Facts())
    assert costs.start == dt.date(2026, 12, 14)
    assert costs.start > TODAY
    assert costs.start.weekday() < 5


def test_the_budgets_currency_counts_where_there_are_rates_in_it() -> None:
    costs = offer(Facts(budget=Budget(Decimal(900_000), "EUR", (4,))))
    assert (costs.currency, costs.rate_card) == ("EUR", "Example rate card 2026 (EUR)")
    assert "The price is in EUR, the currency of the stated budget (line 4 of the notes)." in costs.assumptions


def test_the_requested_currency_counts_before_the_budgets_and_nothing_is_converted() -> None:
    costs = offer(Facts(budget=Budget(Decimal(1), "EUR", (4,))), changes=Offer(currency="GBP"))
    assert costs.currency == "GBP"
    assert costs.budget is not None
    assert (costs.budget.currency, costs.budget.over) == ("EUR", None)
    assert "€1 (line 4 of the notes) is in another currency than the price: the two are not compared." in said(costs)
    assert all("budget" not in risk.text for risk in costs.risks)


def test_a_currency_without_rates_is_priced_in_the_profiles_first_one_and_said() -> None:
    costs = offer(Facts(budget=Budget(Decimal(1), "PLN", (4,))))
    assert costs.currency == "USD"
    assert "There are no rates in PLN, the currency of the stated budget, and no exchange rate is assumed." in said(
        costs
    )
    assert "The price is in USD." in costs.assumptions


def test_a_budget_without_a_currency_is_taken_to_be_in_the_prices_and_said() -> None:
    costs = offer(Facts(budget=Budget(Decimal(900_000), None, (4,))))
    assert costs.budget is not None
    assert costs.budget.over == costs.total_cost - 900_000
    assert "names no currency: it is taken to be US$900,000." in said(costs)


def test_a_team_that_the_work_does_not_keep_busy_is_said() -> None:
    costs = offer(Facts(), dataclasses.replace(OPEN, team_size=8, duration="40 weeks"))
    assert (costs.team_size, costs.weeks) == (8, 40)
    assert "The stated team of 8 is larger than the work needs" in said(costs)


def test_a_day_without_a_year_is_an_assumption() -> None:
    costs = offer(Facts(deadlines=(Deadline(dt.date(2027, 3, 1), (4,), "1 March"),)))
    (said,) = [each for each in costs.assumptions if "names no year" in each]
    assert said.startswith("\u201c1 March\u201d (line 4 of the notes) names no year: it is taken to mean 1 Mar 2027")


@pytest.mark.parametrize(
    ("line", "covered"),
    [
        ("The ceiling is EUR 320,000, excl. VAT, with the first year's subscription.", "licences or subscriptions"),
        ("EUR 320,000 for hardware, cabling and labour, and not a euro more.", "devices"),
        ("320.000 Euro, Lizenzen und Tablets inbegriffen.", "licences or subscriptions and devices"),
    ],
)
def test_what_the_budget_covers_besides_work_is_an_assumption(line: str, covered: str) -> None:
    facts = Facts(budget=Budget(Decimal(320_000), "EUR", (1,)))
    costs = offer(facts, dataclasses.replace(OPEN, requirements=line))
    assert f"The stated budget (line 1 of the notes) also covers {covered}: the price is for work alone" in said(costs)


@pytest.mark.parametrize("line", ["Our budget is EUR 320,000 in total.", "EUR 320,000, licences come on top."])
def test_a_budget_for_work_alone_needs_no_such_assumption(line: str) -> None:
    facts = Facts(budget=Budget(Decimal(320_000), "EUR", (1,)))
    assert "for work alone" not in said(offer(facts, dataclasses.replace(OPEN, requirements=line)))
