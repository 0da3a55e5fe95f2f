"""The proposal in words: what is said follows from the analysis and the price, and small projects get less."""

import dataclasses
import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from random_proposals import proposals
from worker_tools_samples import AWKWARD, BARE, PROPOSALS, SAMPLE, SMALL, proposal

from schema.assessment import Assessment
from worker.tools.costs import Concern, Risk, StatedBudget, StatedDeadline
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import Flow
from worker.tools.proposal.words import enumerated, every, ranges, sentence, some_of, the
from worker.tools.requirements import BUILT, Kind

sample = PROPOSALS["sample"]
bare = PROPOSALS["bare"]
small = proposal(SMALL)


def noted(*lines: str) -> Proposal:
    """The proposal for notes of these lines."""
    return proposal(Assessment("Acme", "Portal", None, "\n".join(lines), None, None))


def changed(found: Proposal, **changes: object) -> Proposal:
    """The proposal with other costs."""
    return dataclasses.replace(found, costs=dataclasses.replace(found.costs, **changes))  # type: ignore[arg-type]


def test_ids_and_lists_are_put_into_words() -> None:
    assert ranges(["FR-6", "FR-7", "FR-8", "NFR-2"]) == "FR-6 to FR-8 and NFR-2"
    assert ranges(["FR-1", "FR-2"]) == "FR-1 and FR-2"
    assert ranges([]) == ""
    assert enumerated(["a", "b", "c"]) == "a, b and c"
    assert some_of(["a", "b", "c"], 2, "system") == "a, b and c"
    assert some_of(["a", "b", "c", "d"], 2, "system") == "a, b and 2 more systems"
    assert (the(1, "question"), the(2, "question")) == ("the question", "the 2 questions")
    assert (every(1, "test"), every(2, "test"), every(3, "test")) == ("the test", "both tests", "all 3 tests")
    assert (sentence("a list, "), sentence("really?"), sentence(" ")) == ("A list.", "really?".capitalize(), "")


def test_the_summary_says_who_wants_what_for_how_much_and_when() -> None:
    assert 3 <= len(sample.summary) <= 5
    text = " ".join(sample.summary)
    for part in ("Fennmark Logistics", sample.profile.supplier.name, sample.total, sample.start, sample.end):
        assert part in text


def test_a_limit_that_is_not_kept_is_in_the_summary_and_the_next_steps() -> None:
    risk = Risk("The plan ends 12 days after the stated day.", "Start with the musts.", Concern.DEADLINE)
    missed = StatedDeadline(sample.costs.end - dt.timedelta(days=12), (83,), 12)
    late = changed(sample, risks=(risk,), deadlines=(missed,))
    assert late.alerts == (risk,)
    assert risk.text in late.summary
    assert "does not keep" in late.next_steps[0]
    assert not any("finished by" in criterion.text for criterion in late.success_criteria)
    assert "before the stated" not in " ".join(late.summary)


def test_a_limit_that_is_kept_is_a_criterion() -> None:
    kept = StatedDeadline(sample.costs.end + dt.timedelta(days=7), (83,), -7)
    budget = StatedBudget(Decimal(900_000), sample.costs.currency, (82,), Decimal(-1))
    found = changed(sample, deadlines=(kept,), budget=budget)
    said = {criterion.text: criterion.source for criterion in found.success_criteria}
    assert said[f"The work is finished by {found.formats.day(kept.date)}."] == "Notes, line 83"
    assert (
        said[f"The price stays within the stated budget of {found.formats.money(budget.amount)}."] == "Notes, line 82"
    )
    assert "7 days before the stated" in " ".join(found.summary)


def test_notes_that_were_hardly_understood_are_said_to_be() -> None:
    def caution(confidence: float) -> str:
        return dataclasses.replace(sample, analysis=dataclasses.replace(sample.analysis, confidence=confidence)).caution

    assert (caution(1.0), caution(0.7)) == ("", "")
    assert "Only 69%" in caution(0.69)


def test_quotes_are_whole_sentences_of_the_client_in_the_notes_order() -> None:
    assert 4 <= len(sample.heard) <= 6
    assert [quote.line for quote in sample.heard] == sorted(quote.line for quote in sample.heard)
    for quote in sample.heard:
        assert not quote.text.startswith(("[", "-", "*", "Priya"))
        assert not quote.text.endswith("?")
        assert quote.speaker != "Priya"
        assert " ".join(quote.text.split()) in " ".join(SAMPLE.requirements.split())
    assert ("Anna Lindqvist", 17) in {(quote.speaker, quote.line) for quote in sample.heard}


def test_quotes_come_from_different_packages() -> None:
    lines = {line: each.work_package for each in sample.requirements if each.kind in BUILT for line in each.lines}
    assert max(Counter(lines.get(quote.line, quote.text) for quote in sample.heard).values()) <= 2


def test_a_wrapped_sentence_is_quoted_whole() -> None:
    found = noted(
        "[10:01] Ann (CFO): We lose half of the claims that come in by fax, and the portal must", "keep them."
    )
    assert [(q.text, q.line, q.speaker) for q in found.heard] == [
        ("We lose half of the claims that come in by fax, and the portal must keep them.", 1, "Ann")
    ]


def test_every_package_is_described_by_what_it_holds() -> None:
    said = {package.name: package.description for package in sample.packages}
    assert all(text.endswith(".") for text in said.values())
    assert "Kompass, SAP S/4HANA" in said["Integrations and interfaces"]
    assert said["Booking features"].startswith("Customers can book a shipment online")
    assert "response times" in said["Quality and operation"]
    assert "open questions" in said["Discovery and set-up"]


def test_a_package_is_described_by_whole_requirements() -> None:
    package = next(each for each in sample.packages if each.name == "Booking features")
    *named, more = package.description.removesuffix(".").split("; ")
    assert {part.lower() for part in named} <= {each.text.removesuffix(".").lower() for each in package.requirements}
    assert more == f"and {len(package.requirements) - len(named)} more requirements"


def test_speech_is_quoted_as_it_stands_in_the_notes() -> None:
    found = noted(
        "- The portal must print labels",
        "[10:01] Ann (CFO): You can't lose a single pickup, mate, it must keep all.",
    )
    texts = {found.said(each) for each in found.requirements}
    assert "The portal must print labels" in {text.removesuffix(".") for text in texts}
    assert "“You can't lose a single pickup, mate, it must keep all.”" in texts


def test_a_share_is_written_in_whole_percent() -> None:
    shares = [sample.formats.rounded_percent(Decimal(share)) for share in ("12.6", "0.6", "0.4")]
    assert shares == ["13%", "1%", "less than 1%"]


def test_the_summary_counts_the_musts_in_words() -> None:
    assert (
        noted("- We must print labels").summary[0].endswith("has stated 1 requirement for “Portal”, which is a must.")
    )
    assert ", both of them a must." in noted("- We must print labels", "- We must scan labels").summary[0]


def test_sources_name_the_lines() -> None:
    by_id = {each.id: each for each in sample.requirements}
    assert sample.sources(by_id["FR-7"]) == "Notes, line 41"
    assert sample.sources(by_id["FR-2"]) == "Notes, lines 17 and 18"
    assert sample.sources(dataclasses.replace(by_id["FR-6"], lines=())) == "Not stated in the notes"


def test_the_trace_leads_from_each_line_to_its_package() -> None:
    traced = {each.id for each in sample.requirements if each.lines}
    assert {row.requirement_id for row in sample.trace} == traced
    assert [row.line for row in sample.trace] == sorted(row.line for row in sample.trace)
    booking = next(row for row in sample.trace if row.requirement_id == "FR-7")
    assert (booking.line, booking.package) == (41, "Booking features")
    assert booking.quote.startswith("Customers can book a shipment online")


@pytest.mark.parametrize(
    ("text", "name", "flow"),
    [
        ("- Kompass (TMS): bookings in, positions out", "Kompass", Flow.BOTH),
        ("- SAP S/4HANA: master data", "SAP S/4HANA", Flow.UNKNOWN),
        ("- Telematics provider: positions by webhook", "Telematics provider", Flow.IN),
        ("- The orders must come from SAP", "SAP", Flow.IN),
        ("- Paid invoices must be sent to DATEV every night", "DATEV", Flow.OUT),
        ("- Customer data must be synchronised with Salesforce", "Salesforce", Flow.BOTH),
    ],
)
def test_systems_are_named_with_the_direction_of_their_data(text: str, name: str, flow: Flow) -> None:
    (system,) = noted("## Integrations", "", text).systems.systems
    assert (system.name, system.flow) == (name, flow)


def test_two_mentions_of_a_system_are_one_system() -> None:
    names = [system.name for system in sample.systems.systems]
    assert names.count("EDI") == 1
    exchange = next(system for system in sample.systems.systems if system.name == "EDI")
    assert len(exchange.requirement_ids) == 2


def test_no_integration_is_lost_in_the_outline() -> None:
    outline = sample.systems
    named = [each for system in outline.systems for each in system.requirement_ids]
    assert sorted([*named, *outline.unnamed]) == sorted(each.id for each in sample.items(Kind.INTEGRATION))


def test_every_deliverable_can_be_accepted_at_the_end_of_its_phase() -> None:
    ends = {phase.name: phase.end for phase in sample.costs.phases}
    for deliverable in sample.deliverables:
        assert deliverable.date == ends[deliverable.phase]
        assert deliverable.acceptance.endswith(".")
        assert deliverable.accepted_by in sample.raci.client_roles
    names = [deliverable.name for deliverable in sample.deliverables]
    assert {"Agreed backlog", "Booking features", "Go-live"} <= set(names)


def test_in_every_activity_one_role_is_accountable_and_one_responsible() -> None:
    roles = {*sample.raci.client_roles, *sample.raci.supplier_roles}
    for row in sample.raci.rows:
        letters = list(row.parts.values())
        assert sum("A" in letter for letter in letters) == 1
        assert sum("R" in letter for letter in letters) == 1
        assert row.parts.keys() <= roles


def test_roles_are_those_of_the_price_with_their_packages() -> None:
    assert [(role.role, role.hours) for role in sample.roles] == [
        (line.role, line.hours) for line in sample.costs.lines
    ]
    packages = {role.role: role.packages for role in sample.roles}
    assert packages["Integration Engineer"] == ("Integrations and interfaces",)
    assert packages["QA Engineer"] == ()  # all of them


def test_a_small_project_has_fewer_words() -> None:
    assert "Test report" not in {deliverable.name for deliverable in small.deliverables}
    assert len(small.client_duties) < len(sample.client_duties)
    assert len(small.summary) < len(sample.summary)
    assert {"Move the data", "Train users and operators"}.isdisjoint(row.activity for row in small.raci.rows)


def test_notes_without_a_requirement_lead_to_an_offer_that_settles_the_scope() -> None:
    assert "no requirement" in bare.summary[0]
    assert [deliverable.name for deliverable in bare.deliverables] == ["Agreed list of requirements", "Priced proposal"]
    assert (bare.objectives, bare.heard, bare.systems.systems) == ((), (), ())
    assert not any("acceptance test" in criterion.text for criterion in bare.success_criteria)
    assert not any("0 " in sentence.split(".")[0][:2] for sentence in bare.summary)


@pytest.mark.parametrize("assessment", [SAMPLE, AWKWARD, BARE, SMALL], ids=lambda each: each.client_name[:8])
def test_the_approach_has_each_phase_with_sentences_of_its_own(assessment: Assessment) -> None:
    found = proposal(assessment)
    assert [stage.name for stage in found.approach] == [phase.name for phase in found.costs.phases]
    assert len({stage.text for stage in found.approach}) == len(found.approach)
    assert all(stage.text.endswith(".") and stage.milestone for stage in found.approach)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(proposals())
def test_whatever_the_proposal_is_its_words_are_complete(found: Proposal) -> None:
    texts = [
        *found.summary,
        *found.client_duties,
        *found.next_steps,
        *(figure.sentence for figure in found.figures),
        *(package.description for package in found.packages),
        *(stage.text for stage in found.approach),
        *(deliverable.acceptance for deliverable in found.deliverables),
        *(criterion.text for criterion in found.success_criteria),
    ]
    assert all(text and "None" not in text and "  " not in text and " ." not in text for text in texts)
    assert not any(text.startswith(("0 ", "1 open questions")) for text in texts)
    covered = {each.id for package in found.packages for each in package.requirements}
    assert covered == {each.id for each in found.requirements if each.kind in BUILT}
