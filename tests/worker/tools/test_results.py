"""What travels with every progress update: complete, in the contract's form, and bounded."""

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worker_tools_samples import AWKWARD, SAMPLE, SMALL, proposal, workbench

from schema.limits import RESULTS_BYTES
from schema.statuses import Tool
from worker.tools.declarations import TOOLS
from worker.tools.requirements import Analysis, Complexity, Kind, Requirement
from worker.tools.results import REQUIREMENTS_BYTES, produced, summary
from worker.tools.workspace import PRESENTATION, PROPOSAL_PAGE, STATEMENT_OF_WORK, TEMPLATES

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def size(value: object) -> int:
    return len(json.dumps(value).encode())


def test_results_fill_in_tool_by_tool(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    keys = []
    for tool in Tool:
        keys.append(sorted(produced(bench.workspace)))
        TOOLS[tool].run(bench)
    keys.append(sorted(produced(bench.workspace)))
    assert keys == [
        [],
        ["requirementsData"],
        ["costData", "requirementsData"],
        ["costData", "requirementsData", "templatePaths"],
        ["costData", "powerpointKey", "requirementsData", "templatePaths"],
        ["costData", "htmlKey", "powerpointKey", "requirementsData", "sowKey", "templatePaths"],
    ]


def test_costs_and_keys_have_the_contracts_form(s3: "S3Client") -> None:
    bench = workbench(s3, SMALL)
    for tool in Tool:
        TOOLS[tool].run(bench)
    results = produced(bench.workspace)
    costs = proposal(SMALL).costs
    assert results["costData"] == {
        "totalCost": float(costs.total_cost),
        "totalHours": float(costs.total_hours),
        "complexityLevel": "Low",
        "currency": "USD",
        "lines": [
            {
                "role": line.role,
                "hours": float(line.hours),
                "hourlyRate": float(line.hourly_rate),
                "cost": float(line.cost),
            }
            for line in costs.lines
        ],
    }
    assert results["templatePaths"] == []
    assert results["powerpointKey"] == bench.workspace.key(PRESENTATION)
    assert results["sowKey"] == bench.workspace.key(STATEMENT_OF_WORK)
    assert results["htmlKey"] == bench.workspace.key(PROPOSAL_PAGE)


def test_a_small_analysis_is_summarized_whole() -> None:
    found = proposal(SAMPLE).analysis
    data = summary(found)
    assert data["truncated"] is False
    assert data["complexityLevel"] == "High"
    assert data["counts"] == {
        "functional": 24,
        "nonFunctional": 9,
        "integrations": 7,
        "constraints": 7,
        "outOfScope": 1,
        "openQuestions": 6,
    }
    items = data["items"]
    assert isinstance(items, dict)
    assert items["openQuestions"][0] == {
        "id": "Q-1",
        "text": "The client's customers, would they have accounts in Entra ID as well?",
        "lines": [29, 30],
    }
    assert {key: len(entries) for key, entries in items.items()} == data["counts"]


def test_a_large_analysis_is_cut_and_says_so() -> None:
    data = summary(proposal(AWKWARD).analysis)
    assert data["truncated"] is True
    assert size(data) <= REQUIREMENTS_BYTES
    assert size(data) > REQUIREMENTS_BYTES * 0.9


REQUIREMENTS = st.builds(
    Requirement,
    st.just("FR-1"),
    st.sampled_from(Kind),
    st.text(max_size=400),
    st.lists(st.integers(1, 99_999), max_size=30).map(tuple),
)


@settings(deadline=None)
@given(st.lists(REQUIREMENTS, max_size=120).map(tuple))
def test_a_summary_stays_within_its_bound_and_marks_every_cut(requirements: tuple[Requirement, ...]) -> None:
    found = Analysis(requirements, Complexity("High", 1, ("because",)))
    data = summary(found)
    assert size(data) <= REQUIREMENTS_BYTES
    shown = data["items"]
    assert isinstance(shown, dict)
    whole = all(
        [each.text for each in found.of(kind)] == [entry["text"] for entry in entries]
        and [list(each.lines) for each in found.of(kind)] == [entry["lines"] for entry in entries]
        for kind, entries in zip(Kind, shown.values(), strict=True)
    )
    assert data["truncated"] is not whole


def test_results_stay_small_whatever_the_templates_are_called(s3: "S3Client") -> None:
    bench = workbench(s3, AWKWARD)
    for tool in (Tool.REQUIREMENTS_ANALYZER, Tool.COST_CALCULATOR):
        TOOLS[tool].run(bench)
    bench.workspace.write_json(TEMPLATES, {"paths": ["日" * 341] * 2})  # S3's keys have 1,024 bytes
    results = produced(bench.workspace)
    assert results["templatePaths"]
    assert size(results) <= RESULTS_BYTES


@pytest.mark.parametrize("tool", Tool)
def test_every_tool_is_declared_under_the_name_that_the_agent_calls(tool: Tool) -> None:
    expected = {
        Tool.REQUIREMENTS_ANALYZER: "analyze_requirements",
        Tool.COST_CALCULATOR: "calculate_costs",
        Tool.TEMPLATE_RETRIEVER: "retrieve_templates",
        Tool.POWERPOINT_GENERATOR: "generate_powerpoint",
        Tool.SOW_GENERATOR: "generate_sow",
    }
    assert TOOLS[tool].function == expected[tool]
    assert TOOLS[tool].description
