"""The five tools over a workspace in moto's S3: what they need, what they reuse, which templates they take."""

import dataclasses
import datetime as dt
import io
import json
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import figures_in
import pytest
from pptx import Presentation
from worker_tools_samples import SMALL, workbench

from schema.statuses import Tool
from worker.tools.declarations import TOOLS
from worker.tools.templates import choose, places
from worker.tools.workbench import MissingInputError, TemplateFile, Workbench
from worker.tools.workspace import (
    ASSESSMENT,
    COSTS,
    PRESENTATION,
    PROFILE,
    PROPOSAL_PAGE,
    REQUIREMENTS,
    STATEMENT_OF_WORK,
    TEMPLATES,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

OUTPUTS = {
    Tool.REQUIREMENTS_ANALYZER: REQUIREMENTS,
    Tool.COST_CALCULATOR: COSTS,
    Tool.TEMPLATE_RETRIEVER: TEMPLATES,
    Tool.POWERPOINT_GENERATOR: PRESENTATION,
    Tool.SOW_GENERATOR: STATEMENT_OF_WORK,
}


def run(bench: Workbench, *tools: Tool) -> dict[Tool, dict[str, Any]]:
    return {tool: dict(TOOLS[tool].run(bench)) for tool in tools or Tool}


def templates_bucket(s3: "S3Client", *keys: str, body: bytes = b"template") -> str:
    name = f"templates-{uuid.uuid4()}"
    s3.create_bucket(Bucket=name)
    for key in keys:
        s3.put_object(Bucket=name, Key=key, Body=body)
    return name


def stamps(bench: Workbench) -> dict[str, bytes | None]:
    return {name: bench.workspace.read(name) for name in OUTPUTS.values()}


@pytest.mark.parametrize(
    ("tool", "before", "missing"),
    [
        (Tool.COST_CALCULATOR, [], "requirements.json is missing: call RequirementsAnalyzer first"),
        (Tool.POWERPOINT_GENERATOR, [Tool.REQUIREMENTS_ANALYZER], "costs.json is missing: call CostCalculator first"),
        (
            Tool.SOW_GENERATOR,
            [Tool.REQUIREMENTS_ANALYZER, Tool.COST_CALCULATOR],
            "templates.json is missing: call TemplateRetriever first",
        ),
    ],
)
def test_a_tool_that_is_called_too_early_names_the_one_to_call(
    s3: "S3Client", tool: Tool, before: Sequence[Tool], missing: str
) -> None:
    bench = workbench(s3, SMALL)
    if before:
        run(bench, *before)
    with pytest.raises(MissingInputError, match=missing):
        run(bench, tool)
    assert bench.workspace.read(OUTPUTS[tool]) is None


@pytest.mark.parametrize("tool", [Tool.REQUIREMENTS_ANALYZER, Tool.TEMPLATE_RETRIEVER])
def test_a_session_without_its_assessment_is_told_so(s3: "S3Client", tool: Tool) -> None:
    with pytest.raises(MissingInputError, match=r"assessment\.json is missing"):
        run(workbench(s3), tool)


def test_answers_to_the_agent_are_short_and_hold_no_data(s3: "S3Client") -> None:
    for answer in run(workbench(s3, SMALL)).values():
        assert len(json.dumps(answer)) < 2_000
        assert answer["reused"] is False


def test_the_same_input_is_not_worked_on_twice_not_even_the_next_day(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    run(bench)
    written = stamps(bench)
    later = dataclasses.replace(bench, today=bench.today + dt.timedelta(days=1))
    assert all(answer["reused"] for answer in run(later).values())
    assert stamps(bench) == written


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "anew"),
    [
        ({"requirements": "We must print."}, {REQUIREMENTS, COSTS, PRESENTATION, STATEMENT_OF_WORK}),
        ({"duration": "90 days"}, {COSTS, PRESENTATION, STATEMENT_OF_WORK}),
        ({"team_size": 3}, {COSTS, PRESENTATION, STATEMENT_OF_WORK}),
        ({"client_name": "Somebody"}, {TEMPLATES, PRESENTATION, STATEMENT_OF_WORK}),
        ({"project_name": None}, {PRESENTATION, STATEMENT_OF_WORK}),
    ],
)
def test_other_input_is_worked_on_anew(s3: "S3Client", change: dict[str, Any], anew: set[str]) -> None:
    bench = workbench(s3, SMALL)
    run(bench)
    bench.workspace.write_json(ASSESSMENT, dataclasses.asdict(dataclasses.replace(SMALL, **change)))
    answers = run(bench)
    assert {OUTPUTS[tool] for tool, answer in answers.items() if not answer["reused"]} == anew


def test_a_changed_template_makes_another_document(s3: "S3Client") -> None:
    body = io.BytesIO()
    Presentation().save(body)
    bucket = templates_bucket(s3, "default/deck.pptx", body=body.getvalue())
    bench = workbench(s3, SMALL, templates=bucket)
    assert run(bench)[Tool.POWERPOINT_GENERATOR]["template"] == "default/deck.pptx"
    wide: Any = Presentation()
    wide.core_properties.title = "changed"
    body = io.BytesIO()
    wide.save(body)
    s3.put_object(Bucket=bucket, Key="default/deck.pptx", Body=body.getvalue())
    assert run(bench)[Tool.POWERPOINT_GENERATOR]["reused"] is False


def test_the_documents_open_and_carry_the_date_of_the_price(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    run(bench, *list(Tool)[:3])
    run(dataclasses.replace(bench, today=bench.today + dt.timedelta(days=3)), *list(Tool)[3:])
    assert "22 November 2026" in figures_in.of_deck(bench.workspace.read(PRESENTATION) or b"")
    assert "22 November 2026" in figures_in.of_document(bench.workspace.read(STATEMENT_OF_WORK) or b"")
    assert "22 November 2026" in figures_in.of_page(bench.workspace.read(PROPOSAL_PAGE) or b"")


def test_templates_are_looked_for_by_client_then_industry_then_sector_then_default(s3: "S3Client") -> None:
    assert places("Acme & Co. AG", "Motor Insurance") == ("acme-co-ag/", "motor-insurance/", "insurance/", "default/")
    assert places("Insurance", "Insurance") == ("insurance/", "default/")
    assert places("Honey", "Beekeeping") == ("honey/", "beekeeping/", "default/")
    assert places("../", "../") == ("default/",)
    assert places("", None) == ("default/",)
    bucket = templates_bucket(s3, "acme/sow.docx", "logistics/deck.pptx", "logistics/sow.docx", "other/sow.docx")
    answer = run(workbench(s3, SMALL, templates=bucket), Tool.TEMPLATE_RETRIEVER)[Tool.TEMPLATE_RETRIEVER]
    assert answer["templates"] == ["logistics/deck.pptx", "acme/sow.docx"]


def file(key: str, day: int = 1, size: int = 1) -> TemplateFile:
    return TemplateFile(key, "etag", dt.datetime(2026, 1, day, tzinfo=dt.UTC), size)


def test_the_newest_fitting_file_of_the_nearest_place_is_taken() -> None:
    near = [file("a/~$deck.pptx", 9), file("a/empty.pptx", 8, 0), file("a/readme.txt", 7), file("a/deck.potx", 7)]
    far = [file("default/old.pptx", 1), file("default/New.PPTX", 5), file("default/sow.docx", 6)]
    assert choose([near, far], ".pptx") == far[1]
    assert choose([[*near, file("a/deck.pptx", 1)], far], ".pptx") == file("a/deck.pptx", 1)
    assert choose([near, []], ".pptx") is None


@pytest.mark.parametrize("bucket", [None, "no-such-bucket"])
def test_no_templates_are_no_error(s3: "S3Client", bucket: str | None) -> None:
    answers = run(workbench(s3, SMALL, templates=bucket))
    assert answers[Tool.TEMPLATE_RETRIEVER]["templates"] == []
    assert "ship with the tools" in answers[Tool.TEMPLATE_RETRIEVER]["note"]
    assert answers[Tool.SOW_GENERATOR]["template"] == "built-in"


def test_a_broken_template_gives_way_to_the_built_in_design(s3: "S3Client") -> None:
    bucket = templates_bucket(s3, "default/deck.pptx", "default/sow.docx", body=b"not a zip")
    answers = run(workbench(s3, SMALL, templates=bucket))
    for tool in (Tool.POWERPOINT_GENERATOR, Tool.SOW_GENERATOR):
        assert "could not be used" in answers[tool]["warnings"][0]
        assert "built-in design" in answers[tool]["warnings"][0]


def test_a_template_that_vanished_gives_way_to_the_built_in_design(s3: "S3Client") -> None:
    bucket = templates_bucket(s3, "default/deck.pptx")
    bench = workbench(s3, SMALL, templates=bucket)
    run(bench, *list(Tool)[:3])
    s3.delete_object(Bucket=bucket, Key="default/deck.pptx")
    assert "it does not exist any more" in str(run(bench, Tool.POWERPOINT_GENERATOR))


def test_a_logo_that_is_missing_is_a_warning_of_each_document(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL, templates=templates_bucket(s3))
    run(bench, *list(Tool)[:3])
    profile = bench.workspace.read_json(PROFILE) or {}
    bench.workspace.write_json(PROFILE, {**profile, "design": {**profile["design"], "logo": "logo.png"}})  # type: ignore[dict-item]
    answers = run(bench, Tool.POWERPOINT_GENERATOR, Tool.SOW_GENERATOR)
    assert [answer["warnings"][0].partition(":")[0] for answer in answers.values()] == [
        "Presentation",
        "Statement of work",
    ]
    assert all("there is no logo.png in the templates bucket" in answer["warnings"][0] for answer in answers.values())


def test_the_page_is_made_with_the_statement_of_work_and_anew_when_it_is_gone(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    answer = run(bench)[Tool.SOW_GENERATOR]
    assert answer["page"] == bench.workspace.key(PROPOSAL_PAGE)
    kept = bench.workspace.read(PROPOSAL_PAGE)
    assert run(bench, Tool.SOW_GENERATOR)[Tool.SOW_GENERATOR]["reused"] is True
    bench.workspace.write(PROPOSAL_PAGE, b"old", content_type="text/html")
    again = run(bench, Tool.SOW_GENERATOR)[Tool.SOW_GENERATOR]
    assert (again["reused"], bench.workspace.read(PROPOSAL_PAGE)) == (False, kept)
