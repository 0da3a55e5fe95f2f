"""What SOWGenerator's statements of work say."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from docx import Document
from statements import APPENDIX, RISK, SECTIONS, SHOWN, TEMPLATES, headings, opened, paragraphs, table_under, tables
from word_search import headings_without_content
from worker_tools_samples import LONG_WORD, PROPOSALS, SAMPLE, SMALL, each_with, proposal

from worker.tools.documents.document import UnusableTemplateError
from worker.tools.profile.profile import Clause
from worker.tools.proposal.content import Proposal
from worker.tools.requirements import Kind
from worker.tools.sow.generator import draw


@pytest.fixture(scope="module", params=each_with(TEMPLATES))
def written(request: pytest.FixtureRequest) -> tuple[Proposal, Any]:
    name, by = request.param
    return PROPOSALS[name], opened(PROPOSALS[name], TEMPLATES[by])


@pytest.fixture(scope="module")
def sample() -> Any:  # noqa: ANN401
    return opened(SHOWN)


def test_it_has_every_section_of_a_statement_of_work_in_order(sample: Any) -> None:  # noqa: ANN401
    assert headings(sample, "Heading 1") == SECTIONS
    assert headings(sample, "Appendix Heading") == [APPENDIX]


def test_no_heading_is_empty(written: tuple[Proposal, Any]) -> None:
    _, document = written
    assert headings(document, "Heading 1")
    assert headings_without_content(document) == []


def test_a_heading_without_content_is_found() -> None:
    document = Document()
    document.add_heading("Full", 1)
    document.add_heading("Part", 2)
    document.add_paragraph("Text")
    document.add_heading("Empty", 2)
    document.add_heading("Last", 1)
    assert headings_without_content(document) == ["Empty", "Last"]


def test_what_has_no_content_is_left_out() -> None:
    small = proposal(SMALL)
    document = opened(replace(small, costs=replace(small.costs, risks=())))
    assert not {"Open questions", "Risks", "Constraints"} & {
        *headings(document, "Heading 1"), *headings(document, "Heading 2")
    }  # fmt: skip
    bare = replace(SHOWN, profile=replace(SHOWN.profile, clauses=(), exclusions=()))
    bare = replace(bare, profile=replace(bare.profile, supplier=replace(bare.profile.supplier, jurisdiction="")))
    assert "Contract terms" not in headings(opened(bare), "Heading 1")


def test_a_small_project_says_each_thing_once() -> None:
    shown = proposal(SMALL)
    found = {*headings(opened(shown), "Heading 1"), *headings(opened(shown), "Heading 2")}
    assert not {"Objectives", "Responsibilities (RACI)"} & found
    assert {"Success criteria", "Scope", "Fees by role"} <= found


def test_a_small_project_without_a_criterion_has_no_section_for_it() -> None:
    shown = proposal(replace(SMALL, requirements="- Ideally the shop prints labels\n", duration=None))
    assert shown.objectives
    assert not shown.success_criteria
    document = opened(shown)
    assert "Objectives and success criteria" not in headings(document, "Heading 1")
    assert headings_without_content(document) == []


def test_every_requirement_stands_in_it_with_its_lines(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    rows = {row[0]: row for table in tables(document) for row in table}
    for kind in (Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION, Kind.CONSTRAINT, Kind.OPEN_QUESTION):
        for item in shown.items(kind):
            assert rows[item.id][1] == item.text
            assert rows[item.id][-1] == ", ".join(map(str, item.lines))


def test_every_requirement_is_traced_to_its_work_package(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    if not shown.trace:
        assert headings(document, "Appendix Heading") == []
        return
    rows = table_under(document, "Line", "Notes", "Requirement", "Work package")
    found = {(each, row[0]) for row in rows for each in row[2].split(", ")}
    assert found == {(each.requirement_id, str(each.line)) for each in shown.trace}


def test_every_figure_is_that_of_the_costs(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    costs, formats = shown.costs, shown.formats
    total = formats.money(costs.total_cost)
    assert table_under(document, "Role", "Hours", "Hourly rate", "Fee") == [
        *(
            [line.role, formats.hours(line.hours), formats.money(line.hourly_rate), formats.money(line.cost)]
            for line in costs.lines
        ),
        ["Total", formats.hours(costs.total_hours), "", total],
    ]
    assert table_under(document, "Work package", "Hours", "Fee") == [
        *([each.name, formats.hours(each.hours), formats.money(each.cost)] for each in costs.packages),
        ["Total", formats.hours(costs.total_hours), total],
    ]
    assert table_under(document, "Milestone", "Planned for", "Share", "Amount") == [
        *(
            [each.milestone, formats.short_day(each.date), formats.percent(each.percent), formats.money(each.amount)]
            for each in costs.payments
        ),
        ["Total", "", formats.percent(100), total],
    ]
    assert [row[2:4] for row in table_under(document, "Phase", "Work", "Begins", "Ends", "Milestone")] == [
        [formats.short_day(phase.start), formats.short_day(phase.end)] for phase in costs.phases
    ]
    assert set(costs.assumptions) <= set(paragraphs(document))


def test_each_milestone_stands_in_the_plan_with_its_day() -> None:
    stages, milestones = SHOWN.approach, SHOWN.costs.milestones
    extra = replace(milestones[0], name="Pilot", date=stages[2].start)
    document = opened(replace(SHOWN, costs=replace(SHOWN.costs, milestones=(*milestones, extra))))
    plan = table_under(document, "Phase", "Work", "Begins", "Ends", "Milestone")
    further = table_under(document, "Milestone", "Planned for")
    days = {row[4]: row[3] for row in plan} | dict(further)
    assert further == [["Pilot", SHOWN.formats.short_day(stages[2].start)]]
    assert {each.name: SHOWN.formats.short_day(each.date) for each in milestones} == {
        name: day for name, day in days.items() if name != "Pilot"
    }


def test_a_discount_leads_from_the_roles_to_the_total() -> None:
    costs = SHOWN.costs
    packages = tuple(replace(each, cost=each.cost * Decimal("0.9")) for each in costs.packages)
    shown = replace(SHOWN, costs=replace(costs, packages=packages, discount_percent=Decimal(10)))
    rows = table_under(opened(shown), "Role", "Hours", "Hourly rate", "Fee")
    money = shown.formats.money
    assert rows[-3:] == [
        ["Before the discount", "", "", money(shown.costs.list_cost)],
        ["Discount (10%)", "", "", money(-shown.costs.discount)],
        ["Total", shown.formats.hours(shown.costs.total_hours), "", shown.total],
    ]


def test_the_cover_names_the_parties_the_number_and_the_days(sample: Any) -> None:  # noqa: ANN401
    shown = [paragraph for paragraph in sample.paragraphs if paragraph.style.name == "Cover Detail"]
    assert dict(paragraph.text.split("\t") for paragraph in shown) == {
        "Client": "Fennmark Logistics",
        "Supplier": "Example Consulting Ltd",
        "Number": "7F3A9C21",
        "Version": "1",
        "Date": "22 November 2026",
        "Valid until": "22 December 2026",
    }
    assert headings(sample, "Title") == ["Customer portal"]
    assert headings(sample, "Subtitle") == ["Fennmark Logistics"]


def test_what_is_missed_stands_in_the_summary_and_among_the_risks(sample: Any) -> None:  # noqa: ANN401
    assert f"{RISK.text} {RISK.mitigation}" in headings(sample, "Important Note")
    assert table_under(sample, "Risk", "Probability", "Impact", "What is done") == [
        [RISK.text, "High", "High", RISK.mitigation]
    ]


def test_deliverables_have_criteria_and_somebody_who_accepts_them(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    assert table_under(document, "Deliverable", "Acceptance criteria", "Accepted by", "Planned for") == [
        [each.name, each.acceptance, each.accepted_by, shown.formats.short_day(each.date)]
        for each in shown.deliverables
    ]


def test_one_role_answers_for_each_activity(written: tuple[Proposal, Any]) -> None:
    shown, document = written
    rows = table_under(document, "Activity", "Responsible", "Accountable", "Consulted", "Informed")
    roles = {*shown.raci.client_roles, *shown.raci.supplier_roles}
    assert [row[0] for row in rows] == [row.activity for row in shown.raci.rows]
    assert all(row[2] in roles and set(row[1].split(", ")) <= roles for row in rows)


def test_the_profiles_clauses_stand_in_order_below_their_note() -> None:
    clauses = (Clause("Warranty", ("One.", "Two.")), Clause("Liability", ("Three.",)))
    document = opened(replace(SHOWN, profile=replace(SHOWN.profile, clauses=clauses, clauses_note="Only samples.")))
    said = paragraphs(document)
    start = len(said) - said[::-1].index("Contract terms")
    assert said[start : start + 6] == ["Only samples.", "Warranty", "One.", "Two.", "Liability", "Three."]


def test_what_the_notes_put_out_of_scope_is_listed_as_such() -> None:
    document = opened(proposal(replace(SAMPLE, requirements="- It must print\nOut of scope:\n- A native app\n")))
    assert "A native app (OUT-1; notes, line 3)." in headings(document, "List Bullet")


@pytest.mark.parametrize("template", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_template_that_is_no_document_is_refused(template: bytes) -> None:
    with pytest.raises(UnusableTemplateError, match="not a Word document"):
        draw(SHOWN, template)


def test_awkward_text_is_written_as_it_is() -> None:
    document = opened(PROPOSALS["awkward"])
    said = " ".join([*paragraphs(document), *(cell for table in tables(document) for row in table for cell in row)])
    assert "Müller & Söhne <AG> \"Nord\" 'Süd'" in said
    assert LONG_WORD in said
    assert "emoji 🚀🎉 and 日本語の文字" in said
    assert 'with <tags> & "quotes" and control characters' in said
