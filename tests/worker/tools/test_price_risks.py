"""The risks of an offer: missed days and a passed budget with what would mend them, then what the content brings."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from priced_work import analysis, priced, requirement

from schema.assessment import Assessment
from worker.tools.costs import Concern, Costs, Risk
from worker.tools.facts import NO_FACTS, Budget, Deadline, Facts, Length
from worker.tools.pricing.given import NO_CHANGES, Offer
from worker.tools.requirements import Discipline, Kind, Priority, Requirement, Size

NOTES = "Notes\nEverything is live on that day.\nA pilot runs before.\nCode freeze from then on.\nBudget"
OPEN = Assessment("Client", None, None, NOTES, None, None)
SCOPE = tuple(
    requirement(place, priority=priority)
    for place, priority in enumerate([Priority.MUST] * 6 + [Priority.SHOULD] * 4 + [Priority.COULD] * 4)
)
START = dt.date(2026, 12, 14)


def offer(
    facts: Facts = NO_FACTS,
    found: Sequence[Requirement] = SCOPE,
    assessment: Assessment = OPEN,
    changes: Offer = NO_CHANGES,
) -> Costs:
    return priced(assessment, analysis(found, facts=facts), changes=changes)


def about(costs: Costs, concern: Concern) -> list[Risk]:
    return [risk for risk in costs.risks if risk.concern is concern]


def live_by(day: dt.date) -> Facts:
    return Facts(deadlines=(Deadline(day, (2,)),))


def test_a_team_that_nobody_stated_is_as_large_as_the_deadline_needs() -> None:
    usual = offer()
    day = usual.end - dt.timedelta(weeks=2)
    kept = offer(live_by(day))
    assert kept.end <= day < usual.end
    assert kept.team_size >= usual.team_size
    assert kept.deadlines[0].days_late <= 0
    assert about(kept, Concern.DEADLINE) == []


def test_a_deadline_that_a_stated_team_misses_names_the_days_and_the_team_that_keeps_it() -> None:
    alone = dataclasses.replace(OPEN, team_size=1)
    free = offer(assessment=alone)
    day = START + dt.timedelta(weeks=12)
    costs = offer(live_by(day), assessment=alone)
    late = (costs.end - day).days
    [risk] = about(costs, Concern.DEADLINE)
    assert costs.end == free.end
    assert costs.risks[0] is risk
    assert costs.deadlines[0].days_late == late > 0
    assert f"{late} days after the stated date, 8 March 2027 (line 2 of the notes)" in risk.text
    team = int(risk.mitigation.split("A team of ")[1].split()[0])
    assert offer(live_by(day), assessment=dataclasses.replace(OPEN, team_size=team)).end <= day
    assert offer(live_by(day), assessment=dataclasses.replace(OPEN, team_size=team - 1)).end > day
    assert "Without the 8 should-have and could-have requirements, the work ends on" in risk.mitigation


def test_a_deadline_that_no_team_keeps_says_so() -> None:
    costs = offer(live_by(START + dt.timedelta(weeks=2)))
    [risk] = about(costs, Concern.DEADLINE)
    assert "No team does all of it in time: the work takes at least" in risk.mitigation


def test_a_start_after_the_deadline_asks_for_another_one_of_the_two() -> None:
    costs = offer(live_by(START), changes=Offer(start_date=START + dt.timedelta(weeks=8)))
    [risk] = about(costs, Concern.DEADLINE)
    assert risk.mitigation.startswith("The work begins on 8 February 2027, after that date: agree another")


def test_an_earlier_start_is_offered_where_there_is_time_for_it() -> None:
    day = START + dt.timedelta(weeks=60)
    alone = dataclasses.replace(OPEN, team_size=1)
    late = Offer(start_date=START + dt.timedelta(weeks=50))
    [risk] = about(offer(live_by(day), assessment=alone, changes=late), Concern.DEADLINE)
    assert "A start by " in risk.mitigation


def test_a_kept_deadline_is_stated_without_a_risk() -> None:
    costs = offer(live_by(dt.date(2028, 1, 1)))
    assert costs.deadlines[0].days_late < 0
    assert about(costs, Concern.DEADLINE) == []


def test_of_several_days_the_last_one_is_the_go_live_and_the_others_are_to_be_settled() -> None:
    facts = Facts(deadlines=(Deadline(dt.date(2028, 1, 1), (2,)), Deadline(dt.date(2027, 1, 15), (3,))))
    costs = offer(facts)
    assert [each.date for each in costs.deadlines] == [dt.date(2028, 1, 1)]
    assert about(costs, Concern.DEADLINE) == []
    assert any("15 January 2027 (line 3 of the notes)" in risk.text for risk in costs.risks)


def test_a_day_that_the_notes_call_live_is_the_go_live_even_if_another_one_comes_later() -> None:
    facts = Facts(deadlines=(Deadline(dt.date(2027, 9, 1), (2,)), Deadline(dt.date(2028, 1, 1), (5,))))
    assert [each.date for each in offer(facts).deadlines] == [dt.date(2027, 9, 1)]


def test_a_freeze_is_no_go_live_but_the_go_live_must_not_fall_into_it() -> None:
    before, after = (offer(Facts(deadlines=(Deadline(day, (4,)),))) for day in (START, dt.date(2029, 1, 1)))
    assert [risk.text[:22] for risk in about(before, Concern.DEADLINE)] == ["A freeze begins on 14 "]
    assert about(after, Concern.DEADLINE) == []
    assert before.weeks == offer().weeks


def test_more_than_the_most_weeks_that_the_notes_allow_is_a_missed_deadline() -> None:
    alone = dataclasses.replace(OPEN, team_size=1)
    tight, within = (offer(Facts(duration=Length(8, (1,), at_most_weeks=most)), assessment=alone) for most in (10, 90))
    [risk] = about(tight, Concern.DEADLINE)
    assert "more than the stated at most 10 weeks (line 1 of the notes)" in risk.text
    assert "A team of" in risk.mitigation
    assert about(within, Concern.DEADLINE) == []


def test_a_passed_budget_names_the_difference_and_the_scope_that_fits() -> None:
    total = offer(changes=Offer(currency="EUR")).total_cost
    costs = offer(Facts(budget=Budget(total - 3_000, "EUR", (5,))))
    [risk] = about(costs, Concern.BUDGET)
    assert costs.total_cost == total
    assert costs.budget is not None
    assert costs.budget.over == 3_000
    assert "(line 5 of the notes) by €3,000" in risk.text
    assert "Without the 4 could-have requirements, the price is €" in risk.mitigation
    assert "within the budget" in risk.mitigation
    without = [each for each in SCOPE if each.priority is not Priority.COULD]
    cheaper = offer(found=without, changes=Offer(currency="EUR")).total_cost
    assert f"€{cheaper:,.0f}" in risk.mitigation or f"€{cheaper:,.2f}" in risk.mitigation


def test_a_budget_below_even_the_musts_asks_for_phases() -> None:
    [risk] = about(offer(Facts(budget=Budget(Decimal(1_000), "EUR", (5,)))), Concern.BUDGET)
    assert "above it" in risk.mitigation
    assert "a first phase within the budget" in risk.mitigation
    assert risk.impact == "High"


def test_where_everything_is_a_must_priorities_are_asked_for() -> None:
    musts = [requirement(place) for place in range(9)]
    [risk] = about(offer(Facts(budget=Budget(Decimal(1_000), "EUR", (5,))), musts), Concern.BUDGET)
    assert "No requirement is marked as less than a must" in risk.mitigation


def test_a_kept_budget_is_stated_without_a_risk() -> None:
    costs = offer(Facts(budget=Budget(Decimal(9_000_000), "EUR", (5,))))
    assert costs.budget is not None
    assert costs.budget.over is not None
    assert costs.budget.over < 0
    assert about(costs, Concern.BUDGET) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            [requirement(place, Kind.INTEGRATION) for place in range(7)],
            "7 integrations (R-0, R-1, R-2, R-3, R-4 and 2 more)",
        ),
        ([requirement(1), requirement(2, Kind.OPEN_QUESTION)], "1 open question (R-2) may change"),
        ([requirement(1, text="Migrate the old customers")], "data to be taken over is not known (R-1)"),
        ([requirement(1, discipline=Discipline.DATA)], "The data that 1 requirement (R-1)"),
        ([requirement(9, Kind.CONSTRAINT)], "name nothing that is to be built"),
    ],
)
def test_content_brings_risks(found: Sequence[Requirement], words: str) -> None:
    costs = offer(found=found)
    assert any(words in risk.text for risk in costs.risks), [risk.text for risk in costs.risks]
    assert all(risk.mitigation and {risk.probability, risk.impact} <= {"Low", "Medium", "High"} for risk in costs.risks)


def test_a_plain_small_project_has_few_risks() -> None:
    assert offer(found=[requirement(1, size=Size.S)]).risks == ()


def test_a_regulated_sector_one_person_and_a_poorly_understood_text_are_risks() -> None:
    bank = dataclasses.replace(OPEN, industry="Banking", team_size=1)
    unsure = dataclasses.replace(analysis(SCOPE), confidence=0.5)
    texts = " ".join(risk.text for risk in priced(bank, unsure).risks)
    for words in ("banking supervision", "One person does the work", "Only 50% of the notes' lines"):
        assert words in texts


def test_at_most_ten_risks_are_given_the_missed_ones_first() -> None:
    found = [*SCOPE, *(requirement(50 + place, Kind.INTEGRATION, text="Migrate") for place in range(9))]
    found += [requirement(90 + place, Kind.OPEN_QUESTION) for place in range(9)]
    facts = Facts(
        budget=Budget(Decimal(1), "EUR", (5,)),
        deadlines=(Deadline(START, (2,)), Deadline(START, (4,)), Deadline(dt.date(2026, 12, 1), (3,))),
        duration=Length(2, (1,), at_most_weeks=3),
    )
    crowd = dataclasses.replace(OPEN, industry="Banking")
    costs = priced(crowd, dataclasses.replace(analysis(found, facts=facts), confidence=0.2))
    concerns = [risk.concern for risk in costs.risks]
    assert len(concerns) <= 10
    assert concerns[:4] == [Concern.DEADLINE, Concern.DEADLINE, Concern.DEADLINE, Concern.BUDGET]
    assert Concern.BUDGET not in concerns[4:]
