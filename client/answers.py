"""Parses the API's JSON answers into typed values.

An answer in another form raises `RejectedError`, which names the first field that does not fit. So no other module
handles dictionaries. `client.api` calls this module; it never calls the API itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from client.errors import RejectedError
from client.proposal import Proposal, Requirement, WorkPackage
from client.session import (
    AgentEvent,
    CostData,
    CostLine,
    Progress,
    Results,
    Session,
    SessionPage,
    SessionSummary,
    State,
    Usage,
)

# JSON as the API sent it. Only this module sees it.
Value = TypeVar("Value")

Json = Mapping[str, Any]


@contextmanager
def _the_form_of(name: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        raise RejectedError(
            f"the API's {name} has a form that this client does not know ({type(error).__name__}: {error}); "
            "update the client, or check --endpoint"
        ) from error


def session(answer: Json) -> Session:
    """A `Session` from the API's JSON."""
    with _the_form_of("Session"):
        return Session(
            state=_state(answer, answer["id"]),
            client_name=answer["assessment"]["clientName"],
            project_name=answer["assessment"]["projectName"],
            created_at=_time(answer["createdAt"]),
        )


def state(answer: Json) -> State:
    """A `Session` from the API's JSON, without what was submitted."""
    with _the_form_of("Session"):
        return _state(answer, answer["id"])


def progress(answer: Json) -> Progress:
    """A `Progress` from the API's JSON."""
    with _the_form_of("Progress"):
        return Progress(_state(answer, answer["sessionId"]), _tuple(_event, answer["events"]))


def events(answer: Json) -> tuple[AgentEvent, ...]:
    """The items of an `EventPage` from the API's JSON."""
    with _the_form_of("EventPage"):
        return _tuple(_event, answer["items"])


def session_page(answer: Json) -> SessionPage:
    """A `SessionPage` from the API's JSON."""
    with _the_form_of("SessionPage"):
        return SessionPage(_tuple(_summary, answer["items"]), answer["nextToken"])


def proposal(answer: Json) -> Proposal:
    """A `Proposal` from the API's JSON."""
    with _the_form_of("Proposal"):
        cost = answer["costData"]
        return Proposal(
            version=int(answer["version"]),
            created_at=_time(answer["createdAt"]),
            requirements=_tuple(_requirement, answer["requirements"]),
            work_packages=_tuple(_work_package, answer["workPackages"]),
            cost_data=None if cost is None else _cost_data(cost),
            low_cost=answer["lowCost"],
            high_cost=answer["highCost"],
            confidence=answer["confidence"],
            team_size=answer["teamSize"],
            duration=answer["duration"],
            start_date=answer["startDate"],
            end_date=answer["endDate"],
            deadline=answer["deadline"],
            discount_percent=float(answer["discountPercent"]),
            budget=answer["budget"],
            assumptions=tuple(answer["assumptions"]),
            risks=tuple(answer["risks"]),
            open_questions=tuple(answer["openQuestions"]),
            powerpoint_url=answer["powerpointUrl"],
            sow_url=answer["sowUrl"],
            html_url=answer["htmlUrl"],
        )


def _requirement(answer: Json) -> Requirement:
    return Requirement(
        id=answer["id"],
        kind=answer["kind"],
        text=answer["text"],
        lines=tuple(answer["lines"]),
        work_package=answer["workPackage"],
        size=answer["size"],
        priority=answer["priority"],
        hours=answer["hours"],
    )


def _work_package(answer: Json) -> WorkPackage:
    return WorkPackage(
        name=answer["name"],
        requirement_ids=tuple(answer["requirementIds"]),
        hours=float(answer["hours"]),
        cost=float(answer["cost"]),
    )


def _state(answer: Json, session_id: str) -> State:
    return State(
        session_id=session_id,
        status=answer["status"],
        current_stage=answer["currentStage"],
        progress=int(answer["progress"]),
        revision=int(answer["revision"]),
        last_sequence=int(answer["lastSequence"]),
        cancel_requested=bool(answer["cancelRequested"]),
        error_message=answer["errorMessage"],
        results=_results(answer["results"]),
        updated_at=_time(answer["updatedAt"]),
        usage=_usage(answer["usage"]),
        proposal_version=int(answer["proposalVersion"]),
    )


def _usage(answer: Json) -> Usage:
    cost = answer["modelCost"]
    return Usage(
        input_tokens=int(answer["inputTokens"]),
        output_tokens=int(answer["outputTokens"]),
        cache_read_input_tokens=int(answer["cacheReadInputTokens"]),
        model_cost=None if cost is None else float(cost),
        model_cost_currency=answer["modelCostCurrency"],
    )


def _results(answer: Json) -> Results:
    cost = answer["costData"]
    return Results(
        requirements_data=_awsjson(answer["requirementsData"]),
        cost_data=None if cost is None else _cost_data(cost),
        template_paths=tuple(answer["templatePaths"]),
        powerpoint_url=answer["powerpointUrl"],
        sow_url=answer["sowUrl"],
        html_url=answer["htmlUrl"],
    )


def _cost_data(answer: Json) -> CostData:
    return CostData(
        total_cost=float(answer["totalCost"]),
        total_hours=float(answer["totalHours"]),
        complexity_level=answer["complexityLevel"],
        currency=answer["currency"],
        lines=_tuple(_cost_line, answer["lines"]),
    )


def _cost_line(answer: Json) -> CostLine:
    return CostLine(
        role=answer["role"],
        hours=float(answer["hours"]),
        hourly_rate=float(answer["hourlyRate"]),
        cost=float(answer["cost"]),
    )


def _event(answer: Json) -> AgentEvent:
    return AgentEvent(
        sequence=int(answer["sequence"]),
        type=answer["type"],
        tool=answer["tool"],
        text=answer["text"],
        truncated=bool(answer["truncated"]),
        timestamp=_time(answer["timestamp"]),
        tool_call_id=answer["toolCallId"],
    )


def _summary(answer: Json) -> SessionSummary:
    return SessionSummary(
        id=answer["id"],
        client_name=answer["clientName"],
        project_name=answer["projectName"],
        status=answer["status"],
        progress=int(answer["progress"]),
        created_at=_time(answer["createdAt"]),
        updated_at=_time(answer["updatedAt"]),
    )


def _awsjson(value: object) -> object:
    """The value of an AWSJSON field: AppSync sends a string of JSON, and a pushed one may be encoded twice.

    The API's values are objects. So a string is decoded until it is none; the JSON value itself is accepted too.
    """
    while isinstance(value, str):
        value = json.loads(value)
    return value


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _tuple(read: Callable[[Json], Value], items: list[Json]) -> tuple[Value, ...]:
    return tuple(read(item) for item in items)
