"""The worker's edges: its event, its environment, and the prompt made of them."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from resolvers.worker import Start
from schema.assessment import Assessment
from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from schema.review import Review, ReviewedRequirement
from schema.statuses import Tool
from worker.agents import prompt
from worker.request import InvalidEventError, Request, parse
from worker.settings import ApiSettings, Settings, SettingsError, ToolsSettings

EVENT: dict[str, Any] = {
    "action": "PROCESS_AGENT_WORKFLOW",
    "session_id": "0b6f2a34-9c1d-4d58-8a53-0d2c8a4b7f11",
    "client_name": "Café Zürich",
    "project_name": "Order app",
    "industry": "retail",
    "requirements": "They need an app.",
    "duration": "6 months",
    "team_size": 5,
}
ENVIRONMENT = {
    "GRAPHQL_URL": "https://example.com/graphql",
    "ARTIFACTS_BUCKET_NAME": "artifacts",
    "AWS_REGION": "eu-west-1",
    "BEDROCK_AGENT_ID": "AGENT12345",
    "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345",
}


def test_an_event_of_the_resolvers_becomes_a_request() -> None:
    request = parse(EVENT)
    assert request.session_id == EVENT["session_id"]
    submitted = {key: value for key, value in EVENT.items() if key not in {"action", "session_id"}}
    assert asdict(request.assessment) == {**submitted, "start_date": None, "currency": None, "review": False}
    assert (request.review, request.proposal_version) == (None, 0)


def test_an_event_carries_the_newest_review() -> None:
    """What the resolvers write is what the worker reads, whatever the reviewer left open."""
    listed = (
        ReviewedRequirement("FR-1", RequirementKind.FUNCTIONAL, "Orders are shown.", "Orders", RequirementSize.M),
        ReviewedRequirement(None, RequirementKind.CONSTRAINT, "Go live in May.", None, None, RequirementPriority.MUST),
        ReviewedRequirement("FR-2", RequirementKind.FUNCTIONAL, "Merged.", lines=(4, 9)),
        ReviewedRequirement("FR-3", RequirementKind.FUNCTIONAL, "Stated nowhere.", lines=()),
    )
    for review in (
        Review(7, approve=True, requirements=listed, team_size=4, discount_percent=2.5, start_date="2027-03-01"),
        Review(9, approve=False),
    ):
        assessment = Assessment("Café", None, None, "An app.", None, None, "2027-02-01", "USD", review=True)
        start = Start("s-1", assessment, review.id, review, proposal_version=2)
        assert parse(json.loads(json.dumps(start.event()))) == Request("s-1", assessment, review.id, review, 2)


def test_what_the_consultant_left_open_is_none() -> None:
    request = parse({**EVENT, "project_name": None, "industry": None, "duration": "", "team_size": None})
    left_open = ("project_name", "industry", "duration", "team_size")
    assert [getattr(request.assessment, field) for field in left_open] == [None] * 4
    assert parse({key: EVENT[key] for key in ("action", "session_id", "client_name", "requirements")}) == request


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"action": "DELETE"}, "action must be 'PROCESS_AGENT_WORKFLOW', not 'DELETE'"),
        ({"session_id": None}, "session_id is missing"),
        ({"session_id": "../other"}, "session_id must be 1 to 61 letters"),
        ({"session_id": "x" * 62}, "session_id must be 1 to 61 letters"),
        ({"client_name": ""}, "client_name is missing"),
        ({"client_name": 7}, "client_name must be a text, not 7"),
        ({"requirements": None}, "requirements is missing"),
        ({"team_size": "five"}, "team_size must be a whole number, not 'five'"),
        ({"team_size": True}, "team_size must be a whole number, not True"),
        ({"review": "yes"}, "review must be true or false, not 'yes'"),
        ({"reviewed": "yes"}, "reviewed is no review: "),
        ({"reviewed": {"approve": True}}, "reviewed is no review: KeyError('id')"),
        ({"reviewed": {"id": 3, "approve": True, "requirements": [{"kind": "WISH"}]}}, "reviewed is no review: "),
    ],
)
def test_a_faulty_event_is_refused_with_what_is_wrong(change: dict[str, object], fault: str) -> None:
    with pytest.raises(InvalidEventError) as raised:
        parse({**EVENT, **change})
    assert fault in str(raised.value)
    assert str(raised.value).count(";") == 0


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidEventError, match=r"action.*; session_id.*; client_name.*; requirements"):
        parse({})
    with pytest.raises(InvalidEventError, match="must be a JSON object, not list"):
        parse([EVENT])


def test_settings_come_from_the_environment() -> None:
    assert Settings.of({**ENVIRONMENT, "AGENT_MODEL_ID": "eu.model", "TEMPLATES_BUCKET_NAME": "templates"}) == Settings(
        ApiSettings("https://example.com/graphql", "eu-west-1"),
        artifacts_bucket="artifacts",
        templates_bucket="templates",
        agent_model_id="eu.model",
        agent_guardrail_id="",
        agent_guardrail_version="",
        agent_id="AGENT12345",
        agent_alias_id="ALIAS12345",
        analysis_model_id="eu.model",
    )


@pytest.mark.parametrize(
    ("variables", "model_id"),
    [
        ({"AGENT_MODEL_ID": "agents", "ANALYSIS_MODEL_ID": "another"}, "another"),
        ({"AGENT_MODEL_ID": "agents", "ANALYSIS_MODEL_ID": ""}, ""),
        ({"AGENT_MODEL_ID": "PLACEHOLDER_MODEL"}, ""),
        ({}, ""),
    ],
)
def test_the_agents_model_reads_the_notes_unless_another_one_or_none_is_named(
    variables: dict[str, str], model_id: str
) -> None:
    assert Settings.of({**ENVIRONMENT, **variables}).analysis_model_id == model_id


def test_the_tools_lambda_has_no_model_but_a_named_one() -> None:
    assert ToolsSettings.of({**ENVIRONMENT, "AGENT_MODEL_ID": "agents"}).analysis_model_id == ""
    assert ToolsSettings.of({**ENVIRONMENT, "ANALYSIS_MODEL_ID": "another"}).analysis_model_id == "another"


@pytest.mark.parametrize("name", ["GRAPHQL_URL", "ARTIFACTS_BUCKET_NAME"])
def test_a_setting_that_must_be_there_is_missed_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        Settings.of({**ENVIRONMENT, name: ""})


def test_a_missing_agent_id_is_left_to_the_run() -> None:
    environment = {key: value for key, value in ENVIRONMENT.items() if not key.startswith("BEDROCK")}
    assert Settings.of(environment).agent_id == ""


def test_the_prompt_tells_the_assessment_and_the_tools_in_order() -> None:
    told = prompt.agent_request(parse(EVENT), "run-1")
    for text in ("Café Zürich", "Order app", "retail", "6 months", "Team size: 5", "They need an app."):
        assert text in told.prompt
    places = [told.prompt.index(f"{number}. {tool}") for number, tool in enumerate(Tool, start=1)]
    assert places == sorted(places)
    assert dict(told.attributes) == {"client_name": "Café Zürich", "project_name": "Order app", "industry": "retail"}


def test_what_was_left_open_is_not_made_up() -> None:
    request = Request("s", Assessment("Café", None, None, "An app.", None, None))
    told = prompt.agent_request(request, "run-1")
    assert told.prompt.count("not given") == 4
    assert "None" not in told.prompt
    assert dict(told.attributes) == {"client_name": "Café"}


def test_the_agents_conversation_is_new_for_each_run_and_short_enough() -> None:
    """Bedrock takes 2 to 100 characters as a session id; a run id is a uuid of 36."""
    longest = parse({**EVENT, "session_id": "x" * 61})
    first, second = (prompt.agent_request(longest, letter * 36).conversation_id(3) for letter in "ab")
    assert first != second
    assert len(first) == 100
