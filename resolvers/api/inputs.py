"""Parses GraphQL arguments into typed values, or raises one `InvalidInputError` that lists every fault.

AppSync has already checked types and nullability. This module checks the limits that the schema's descriptions state.
A blank optional text counts as not given.
"""

import json
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any

from resolvers import times
from resolvers.api.check import LARGEST_INT, Arguments, Check
from resolvers.session import AgentEvent, CostData, CostLine, Results, Update, digest
from schema import limits
from schema.assessment import FIELDS, Assessment
from schema.statuses import AgentEventType, SessionStatus
from schema.usage import Usage

_SESSION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RUN_ID = re.compile(r"[0-9A-Za-z-]{1,64}")

_EVENTS_BYTES = limits.PAYLOAD_BYTES - limits.RESULTS_BYTES - 20_000
"""The most that one update's events may take as JSON.

The same payload also carries the results, and 20,000 bytes are kept for the state and three presigned URLs.
"""


@dataclass(frozen=True)
class Submission:
    """An AssessmentInput that has passed all checks."""

    assessment: Assessment
    client_request_token: str | None

    @property
    def digest(self) -> str:
        """Equal for equal assessments. It shows whether a submit with a known token repeats the first one.

        A field with a default counts only where it has another value. So a field that is added to the assessment does
        not change the digest of a submit that leaves it out.
        """
        stated = {
            field.name: getattr(self.assessment, field.name)
            for field in fields(self.assessment)
            if getattr(self.assessment, field.name) != field.default
        }
        canonical = json.dumps(stated, sort_keys=True, separators=(",", ":"))
        return digest(canonical)


def is_session_id(text: str) -> bool:
    """Whether `text` has the form of an id that `submitAssessment` gives out."""
    return _SESSION_ID.fullmatch(text) is not None


def submission(arguments: Arguments) -> Submission:
    """Parse an AssessmentInput.

    Raises:
        InvalidInputError: lists every faulty field.
    """
    check = Check(arguments)
    values: dict[str, Any] = {field.name: check.held(field) for field in FIELDS}
    token = check.text("clientRequestToken", limits.CLIENT_REQUEST_TOKEN_LENGTH)
    if token is None and arguments.get("clientRequestToken") is not None:
        check.fault("clientRequestToken", "must not be blank: give a token or leave it out")
    check.finish()
    return Submission(Assessment(**values), token)


def update(arguments: Arguments) -> Update:
    """Parse a ProgressInput.

    Raises:
        InvalidInputError: lists every faulty field.
    """
    check = Check(arguments)
    status = SessionStatus(arguments["status"])
    revision = check.number("revision", range(LARGEST_INT))
    if revision == 0 and status is not SessionStatus.PROCESSING:
        check.fault("status", f"must be PROCESSING in a claim (revision 0); it is {status}")
    review_id = check.number("reviewId", range(LARGEST_INT))
    if revision and review_id is not None:
        check.fault("reviewId", "must be left out but in a claim (revision 0)")
    if not _RUN_ID.fullmatch(arguments["runId"]):
        check.fault("runId", "must be 1 to 64 letters, digits or '-'")
    parsed = Update(
        session_id=arguments["sessionId"],
        run_id=arguments["runId"],
        revision=revision or 0,
        status=status,
        current_stage=check.text("currentStage", limits.CURRENT_STAGE_LENGTH),
        progress=check.number("progress", range(101)) or 0,
        error_message=check.text("errorMessage", limits.ERROR_MESSAGE_LENGTH),
        results=_results(check, arguments.get("results"), arguments["sessionId"]),
        usage=_usage(check, arguments.get("usage")),
        events=_events(check, arguments["events"]),
        proposal_version=check.number("proposalVersion", range(LARGEST_INT)),
        review_id=review_id,
    )
    if revision == 0 and parsed.events:
        check.fault("events", "must be empty in a claim (revision 0): the run does not know their sequence yet")
    check.finish()
    return parsed


def page_size(value: int | None, allowed: range, default: int) -> int:
    """A checked `limit` argument, or `default` if it was left out.

    Raises:
        InvalidInputError: it is outside `allowed`.
    """
    check = Check({"limit": value})
    size = check.number("limit", allowed)
    check.finish()
    return default if size is None else size


def after(value: int | None) -> int:
    """A checked `after` argument: a sequence number, or 0 if it was left out.

    Raises:
        InvalidInputError: it is negative.
    """
    check = Check({"after": value})
    sequence = check.number("after", range(LARGEST_INT + 1))
    check.finish()
    return sequence or 0


def _results(check: Check, given: Arguments | None, session_id: str) -> Results | None:
    if not given:
        return None
    workspace = f"sessions/{session_id}/"
    for field in ("powerpointKey", "sowKey", "htmlKey"):
        key = given.get(field)
        if key is not None and not key.startswith(workspace):
            check.fault(f"results.{field}", f"must be a key in the session's workspace: {workspace}<name>")
    for place, path in enumerate(given.get("templatePaths") or ()):
        check.whole_unicode(f"results.templatePaths.{place}", path)
    results = Results(
        requirements_data=_json_text(check, given.get("requirementsData")),
        cost_data=_cost_data(given.get("costData")),
        template_paths=tuple(given.get("templatePaths") or ()),
        powerpoint_key=given.get("powerpointKey"),
        sow_key=given.get("sowKey"),
        html_key=given.get("htmlKey"),
    )
    if results.json_bytes > limits.RESULTS_BYTES:
        check.fault(
            "results", f"must take at most {limits.RESULTS_BYTES} bytes as JSON; they take {results.json_bytes}"
        )
    return None if results == Results() else results


def _usage(check: Check, given: Arguments | None) -> Usage | None:
    if not given:
        return None
    for field in ("inputTokens", "outputTokens", "cacheReadInputTokens"):
        if given[field] < 0:
            check.fault(f"usage.{field}", f"must not be negative; it is {given[field]}")
    usage = Usage.from_api(given)
    cost = usage.model_cost
    if cost is not None and not (math.isfinite(cost) and cost >= 0):
        check.fault("usage.modelCost", f"must be a finite number that is not negative; it is {cost}")
    check.at_most("usage.modelCostCurrency", usage.model_cost_currency or "", limits.MODEL_COST_CURRENCY_LENGTH)
    return usage


def _json_text(check: Check, data: object) -> str | None:
    """An AWSJSON argument as one JSON text.

    AppSync has already parsed it once. If the client encoded it twice, the result is a string that holds JSON, and
    the inner JSON is what the client meant.
    """
    field = "results.requirementsData"
    try:
        if isinstance(data, str):
            with suppress(ValueError):  # the string holds no JSON, so the string itself is the value
                data = json.loads(data)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        check.fault(field, "holds NaN or an infinite number, which JSON can't express")
        return None
    except RecursionError:
        check.fault(field, "is nested too deeply")
        return None
    check.whole_unicode(field, text)
    return None if data is None else text


def _cost_data(given: Arguments | None) -> CostData | None:
    if given is None:
        return None
    return CostData(
        total_cost=given["totalCost"],
        total_hours=given["totalHours"],
        complexity_level=given["complexityLevel"],
        currency=given["currency"],
        lines=tuple(CostLine(line["role"], line["hours"], line["hourlyRate"], line["cost"]) for line in given["lines"]),
    )


def _events(check: Check, given: Sequence[Arguments]) -> tuple[AgentEvent, ...]:
    together = len(json.dumps(given, ensure_ascii=False).encode(errors="replace"))
    if together > _EVENTS_BYTES:
        check.fault("events", f"must take at most {_EVENTS_BYTES} bytes as JSON; they take {together}")
    for index, event in enumerate(given):
        check.whole_unicode(f"events.{index}.text", event["text"])
        check.at_most(f"events.{index}.tool", event.get("tool") or "", limits.TOOL_LENGTH)
        check.at_most(f"events.{index}.toolCallId", event.get("toolCallId") or "", limits.TOOL_CALL_ID_LENGTH)
        size = len(event["text"].encode(errors="replace"))
        if size > limits.EVENT_TEXT_BYTES:
            check.fault(f"events.{index}.text", f"must have at most {limits.EVENT_TEXT_BYTES} bytes; it has {size}")
        if event["sequence"] != given[0]["sequence"] + index:
            check.fault(f"events.{index}.sequence", "must be the sequence of the event before it, plus one")
        try:
            times.parse(event["timestamp"])
        except ValueError as error:
            check.fault(f"events.{index}.timestamp", str(error))
    return tuple(
        AgentEvent(
            sequence=event["sequence"],
            type=AgentEventType(event["type"]),
            tool=event.get("tool"),
            tool_call_id=event.get("toolCallId"),
            text=event["text"],
            truncated=event["truncated"],
            timestamp=event["timestamp"],
        )
        for event in given
    )
