"""The edge: limits of the contract, every fault at once, blank optional texts as not given."""

import base64
from typing import Any

import pytest

from resolvers.api import inputs, pages
from resolvers.errors import InvalidInputError
from resolvers.storage.store import Position
from resolvers.times import parse
from schema.limits import EVENT_TEXT_BYTES, RESULTS_BYTES
from schema.statuses import SessionStatus


def assessment(**changes: object) -> dict[str, Any]:
    return {"clientName": "Northwind", "requirements": "They need a portal.", **changes}


def progress(**changes: object) -> dict[str, Any]:
    base = {
        "sessionId": "s",
        "runId": "run-1",
        "revision": 2,
        "status": "PROCESSING",
        "progress": 5,
        "events": [],
    }
    return {**base, **changes}


def event(sequence: int, **changes: object) -> dict[str, Any]:
    base = {"sequence": sequence, "type": "CHUNK", "text": "x", "truncated": False}
    return {**base, "timestamp": "2026-11-22T10:30:00.000Z", **changes}


def faulty_fields(refused: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    info = refused.value.info
    assert isinstance(info, list)
    return [fault["field"] for fault in info]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clientName", ""),
        ("clientName", " \t\n"),
        ("clientName", "x" * 201),
        ("projectName", "x" * 201),
        ("industry", "x" * 101),
        ("requirements", "   "),
        ("requirements", "x" * 100_001),
        ("duration", "x" * 101),
        ("teamSize", 0),
        ("teamSize", 1001),
        ("startDate", "2027-02-30"),
        ("startDate", "2027-3-1"),
        ("currency", "eur"),
        ("currency", "EURO"),
        ("clientRequestToken", "x" * 65),
        ("clientRequestToken", " "),
        ("requirements", "half a pair: \ud83d"),
    ],
)
def test_a_value_outside_its_limit_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.submission(assessment(**{field: value}))
    assert faulty_fields(refused) == [field]
    assert field in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clientName", "x" * 200),
        ("projectName", "x" * 200),
        ("industry", "x" * 100),
        ("requirements", "\U0001f600" * 100_000),
        ("duration", "x" * 100),
        ("teamSize", 1),
        ("teamSize", 1000),
        ("clientRequestToken", "x" * 64),
    ],
)
def test_a_value_at_its_limit_is_taken(field: str, value: object) -> None:
    inputs.submission(assessment(**{field: value}))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.submission({"clientName": " ", "requirements": "", "teamSize": 0, "industry": "x" * 101})
    assert faulty_fields(refused) == ["clientName", "industry", "requirements", "teamSize"]


def test_a_blank_optional_text_counts_as_not_given() -> None:
    parsed = inputs.submission(assessment(projectName=" ", industry="", duration=None)).assessment
    assert (parsed.project_name, parsed.industry, parsed.duration) == (None, None, None)


def test_the_digest_tells_assessments_apart_and_ignores_the_token() -> None:
    one = inputs.submission(assessment(clientRequestToken="a")).digest
    assert one == inputs.submission(assessment(clientRequestToken="b")).digest
    assert one != inputs.submission(assessment(teamSize=3)).digest


def test_an_update_is_parsed_whole() -> None:
    parsed = inputs.update(
        progress(
            results={"requirementsData": {"count": 1}, "powerpointKey": "sessions/s/presentation.pptx"},
            events=[event(4, type="TOOL_CALL", tool="CostCalculator"), event(5)],
        )
    )
    assert parsed.status is SessionStatus.PROCESSING
    assert [e.sequence for e in parsed.events] == [4, 5]
    assert parsed.events[0].tool == "CostCalculator"
    assert parsed.results is not None
    assert parsed.results.requirements_data == '{"count":1}'


def test_requirements_data_is_taken_as_an_object_and_as_a_json_text() -> None:
    """AppSync parses AWSJSON before it calls the Lambda; what was encoded twice still arrives as text."""
    for data in ({"count": 1}, '{"count": 1}'):
        parsed = inputs.update(progress(results={"requirementsData": data}))
        assert parsed.results is not None
        assert parsed.results.requirements_data == '{"count":1}'


def test_requirements_data_may_be_a_text_that_is_no_json() -> None:
    parsed = inputs.update(progress(results={"requirementsData": "hello"}))
    assert parsed.results is not None
    assert parsed.results.requirements_data == '"hello"'


def test_empty_results_change_nothing() -> None:
    assert inputs.update(progress(results={})).results is None
    assert inputs.update(progress(results={"requirementsData": None, "templatePaths": []})).results is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"revision": -1}, "revision"),
        ({"revision": 0, "status": "COMPLETED"}, "status"),
        ({"revision": 0, "events": [event(1)]}, "events"),
        ({"runId": ""}, "runId"),
        ({"progress": 101}, "progress"),
        ({"progress": -1}, "progress"),
        ({"errorMessage": "x" * 2001}, "errorMessage"),
        ({"currentStage": "x" * 201}, "currentStage"),
        ({"events": [event(1), event(3)]}, "events.1.sequence"),
        ({"events": [event(1, text="é" * (EVENT_TEXT_BYTES // 2 + 1))]}, "events.0.text"),
        ({"events": [event(1, timestamp="yesterday")]}, "events.0.timestamp"),
        ({"events": [event(1, timestamp="2026-11-22T10:30:00")]}, "events.0.timestamp"),
        ({"events": [event(1, text="half: \ud83d")]}, "events.0.text"),
        ({"events": [event(1, tool="half: \ud83d")]}, "events.0.tool"),
        ({"events": [event(1, tool="x" * 101)]}, "events.0.tool"),
        ({"results": {"requirementsData": '{"x": NaN}'}}, "results.requirementsData"),
        ({"results": {"requirementsData": '{"x": 1e999}'}}, "results.requirementsData"),
        ({"results": {"requirementsData": "[" * 100_000 + "]" * 100_000}}, "results.requirementsData"),
        ({"results": {"requirementsData": '"half: \\ud83d"'}}, "results.requirementsData"),
        ({"results": {"templatePaths": ["default/\ud83d.pptx"]}}, "results.templatePaths.0"),
        ({"results": {"requirementsData": "x" * RESULTS_BYTES}}, "results"),
        ({"results": {"requirementsData": {"x": "x" * RESULTS_BYTES}}}, "results"),
        ({"results": {"powerpointKey": "https://example.com/deck.pptx"}}, "results.powerpointKey"),
        ({"results": {"sowKey": "sessions/another/statement-of-work.docx"}}, "results.sowKey"),
    ],
)
def test_a_faulty_update_is_refused_by_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.update(progress(**changes))
    assert field in faulty_fields(refused)


@pytest.mark.parametrize("limit", [0, -5, 1001])
def test_a_page_size_outside_its_bounds_is_refused(limit: int) -> None:
    with pytest.raises(InvalidInputError) as refused:
        inputs.page_size(limit, range(1, 1001), 100)
    assert faulty_fields(refused) == ["limit"]


def test_an_omitted_page_size_is_the_default() -> None:
    assert inputs.page_size(None, range(1, 1001), 100) == 100


def test_a_negative_after_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        inputs.after(-1)
    assert inputs.after(None) == 0


def test_a_next_token_leads_back_to_its_position() -> None:
    position = Position("5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11", parse("2026-11-22T10:30:00.123Z"))
    assert pages.position(pages.token(position)) == position


def encoded(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode()


ID = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "\u2713",
        encoded("not json"),
        encoded("[]"),
        encoded('["x", "y"]'),
        encoded(f'["{ID}", "0001-01-01T00:00:00+23:59"]'),
        encoded(f'["{ID}", 5]'),
        encoded("[" * 100_000),
    ],
)
def test_a_foreign_next_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        pages.position(text)
    assert faulty_fields(refused) == ["nextToken"]


def test_what_an_older_client_submits_has_the_digest_that_it_had() -> None:
    """A session whose token is used again is compared by it, also one that an older version has stored."""
    given = assessment(teamSize=5)
    assert inputs.submission(given).digest == "9221a0bc2a97d15ef13121bfacdbd7d9"
    assert inputs.submission({**given, "review": False, "currency": None}).digest == inputs.submission(given).digest
    for changed in ({"review": True}, {"currency": "EUR"}, {"startDate": "2027-03-01"}):
        assert inputs.submission({**given, **changed}).digest != inputs.submission(given).digest


def test_a_start_date_is_a_day_without_an_offset() -> None:
    for text in ("2027-03-01", "2027-03-01Z", "2027-03-01+05:30"):
        assert inputs.submission(assessment(startDate=text)).assessment.start_date == "2027-03-01"


def test_a_claim_alone_says_which_review_it_works_on() -> None:
    assert inputs.update(progress(revision=0, reviewId=7)).review_id == 7
    assert inputs.update(progress(proposalVersion=2)).proposal_version == 2
    with pytest.raises(InvalidInputError) as refused:
        inputs.update(progress(reviewId=7, proposalVersion=-1))
    assert sorted(faulty_fields(refused)) == ["proposalVersion", "reviewId"]
