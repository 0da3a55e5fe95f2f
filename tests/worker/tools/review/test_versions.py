"""The versions of a proposal in the workspace, against moto's S3."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from worker_tools_samples import SMALL, workbench

from schema.requirements import RequirementKind, RequirementSize
from schema.review import Review, ReviewedRequirement
from schema.statuses import Tool
from worker.tools import call
from worker.tools.call import Called, Outcome
from worker.tools.log import logger
from worker.tools.requirements import Analysis, read_requirements
from worker.tools.review.apply import apply
from worker.tools.review.versions import read_terms, select
from worker.tools.workbench import MissingInputError, Workbench
from worker.tools.workspace import COSTS, CURRENT, PRESENTATION, PROPOSAL, REQUIREMENTS, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def run(tool: Tool, bench: Workbench) -> Called:
    called = call.run(tool, lambda: bench, logger, "[TOOL CALL]")
    assert called.outcome is Outcome.DONE, called.answer
    return called


@pytest.fixture
def priced(s3: "S3Client") -> Workbench:
    """A workbench at version 1, analyzed and priced."""
    bench = workbench(s3, SMALL)
    run(Tool.REQUIREMENTS_ANALYZER, bench)
    run(Tool.COST_CALCULATOR, bench)
    return bench


def listed(analysis: Analysis) -> tuple[ReviewedRequirement, ...]:
    return tuple(ReviewedRequirement(each.id, RequirementKind(each.kind), each.text) for each in analysis.requirements)


def larger(analysis: Analysis) -> tuple[ReviewedRequirement, ...]:
    first, *rest = listed(analysis)
    return (ReviewedRequirement(first.id, first.kind, first.text, size=RequirementSize.XL), *rest)


def record(workspace: Workspace) -> dict[str, Any]:
    value = workspace.read_json(PROPOSAL)
    assert value is not None
    return value


def test_a_change_makes_the_next_version_and_leaves_the_one_before(priced: Workbench) -> None:
    workspace = priced.workspace
    before = workspace.read(REQUIREMENTS), workspace.read(COSTS), workspace.read(PROPOSAL)
    made = apply(workspace, Review(7, approve=False, requirements=larger(read_requirements(workspace)), team_size=2))
    assert (made.version, made.new, workspace.version) == (2, True, 2)
    answer = run(Tool.COST_CALCULATOR, priced).answer
    assert (answer["team_size"], answer["reused"]) == (2, False)
    second = record(workspace)
    workspace.version = 1
    assert (workspace.read(REQUIREMENTS), workspace.read(COSTS), workspace.read(PROPOSAL)) == before
    first = record(workspace)
    assert (first["version"], second["version"]) == (1, 2)
    assert first["costData"]["totalCost"] < second["costData"]["totalCost"]


def test_a_review_that_changes_nothing_makes_no_version(priced: Workbench) -> None:
    workspace = priced.workspace
    made = apply(workspace, Review(3, approve=True, requirements=listed(read_requirements(workspace))))
    assert (made.version, made.new) == (1, False)
    assert select(workspace) == 3
    assert run(Tool.COST_CALCULATOR, priced).answer["reused"]


def test_a_run_that_takes_over_applies_the_review_once(priced: Workbench) -> None:
    workspace = priced.workspace
    review = Review(7, approve=True, requirements=larger(read_requirements(workspace)))
    first = apply(workspace, review)
    again = apply(workspace, review)
    assert (again.version, again.new) == (first.version, False) == (2, False)
    assert again.changes == first.changes


def test_a_run_that_died_before_the_pointer_is_made_up_for(priced: Workbench) -> None:
    workspace = priced.workspace
    review = Review(7, approve=True, requirements=larger(read_requirements(workspace)))
    apply(workspace, review)
    workspace.write_json(CURRENT, {"version": 1, "review": 3})  # as it was before
    made = apply(workspace, review)
    assert (made.version, made.new) == (2, True)


def test_terms_stay_from_version_to_version(priced: Workbench) -> None:
    workspace = priced.workspace
    apply(workspace, Review(4, approve=False, team_size=2, discount_percent=10.0))
    apply(workspace, Review(9, approve=False, duration="6 months"))
    terms = read_terms(workspace)
    assert (workspace.version, terms.team_size, terms.discount_percent, terms.duration) == (3, 2, 10.0, "6 months")


def test_a_reviewed_list_is_not_read_from_the_notes_again(priced: Workbench) -> None:
    workspace = priced.workspace
    apply(workspace, Review(7, approve=True, requirements=listed(read_requirements(workspace))[:1]))
    answer = run(Tool.REQUIREMENTS_ANALYZER, priced).answer
    assert answer["reused"]
    assert len(read_requirements(workspace).requirements) == 1


def test_there_is_nothing_to_review_before_the_analysis(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    with pytest.raises(MissingInputError, match="nothing to review yet"):
        apply(bench.workspace, Review(1, approve=True))


def test_the_record_follows_what_exists(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    run(Tool.REQUIREMENTS_ANALYZER, bench)
    analyzed = record(bench.workspace)
    assert analyzed["costData"] is None
    assert analyzed["requirements"][0]["hours"] is None
    run(Tool.COST_CALCULATOR, bench)
    priced = record(bench.workspace)
    hours = sum(each["hours"] or 0 for each in priced["requirements"])
    packages = priced["workPackages"]
    built = sum(each["hours"] for each in packages if each["requirementIds"])
    assert hours == built
    assert sum(each["cost"] for each in packages) == priced["costData"]["totalCost"]
    assert priced["powerpointKey"] is None
    run(Tool.TEMPLATE_RETRIEVER, bench)
    run(Tool.POWERPOINT_GENERATOR, bench)
    assert record(bench.workspace)["powerpointKey"] == bench.workspace.key(PRESENTATION)
    json.dumps(record(bench.workspace))


def test_a_record_that_a_dead_run_did_not_write_is_written_by_the_next(priced: Workbench) -> None:
    """The tool finds its output and makes nothing, and the record follows all the same."""
    workspace = priced.workspace
    workspace.write_json(PROPOSAL, {"costData": None})
    assert run(Tool.COST_CALCULATOR, priced).answer["reused"]
    assert record(workspace)["costData"] is not None
