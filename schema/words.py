"""The API's words as one JSON value, for clients and for programs in other languages.

`schema.sdl` prints it to `words.json`. A client that knows these words must still show one that it does not know: a
newer server may send it.
"""

import json

from schema import limits, statuses
from schema.assessment import DURATION, FIELDS, TEAM_SIZE, Holds, Text, WholeNumber
from schema.refusals import ConflictReason, ErrorType, OwnerLimit
from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from schema.statuses import STAGES, AgentEventType, SessionStatus

_TOOL = "{tool}"
"""The placeholder for a tool's name."""


def words() -> dict[str, object]:
    """Every word that a client meets, in the order in which a session meets it."""
    return {
        "statuses": [
            {"name": status, "rank": status.rank, "ends": status.ended, "rests": status.resting}
            for status in SessionStatus
        ],
        "currentStages": {
            "received": statuses.RECEIVED,
            "starting": statuses.STARTING,
            "awaitingReview": statuses.AWAITING_REVIEW,
            "reviewed": statuses.REVIEWED,
            "running": statuses.running(_TOOL),
            "finished": statuses.finished(_TOOL),
            "failed": statuses.failed(_TOOL),
            "completed": statuses.COMPLETED,
        },
        "tools": [
            {
                "name": tool,
                "whileRunning": stage.while_running,
                "onceAnswered": stage.once_answered,
                "progress": stage.progress,
            }
            for tool, stage in STAGES.items()
        ],
        "progress": {
            "started": statuses.STARTED_PROGRESS,
            "reviewed": statuses.REVIEWED_PROGRESS,
            "completed": statuses.COMPLETED_PROGRESS,
        },
        "agentEventTypes": list(AgentEventType),
        "requirementKinds": list(RequirementKind),
        "requirementSizes": list(RequirementSize),
        "requirementPriorities": list(RequirementPriority),
        "errorTypes": list(ErrorType),
        "conflictReasons": list(ConflictReason),
        "ownerLimits": list(OwnerLimit),
        "limits": {
            "assessment": {field.api_name: {"required": field.required, **_limit(field.holds)} for field in FIELDS},
            "clientRequestToken": {"longest": limits.CLIENT_REQUEST_TOKEN_LENGTH},
            "review": {
                "requirements": _numbers(limits.REVIEWED_REQUIREMENTS) | {"bytes": limits.REVIEWED_REQUIREMENTS_BYTES},
                "text": {"longest": limits.REQUIREMENT_TEXT_LENGTH},
                "workPackage": {"longest": limits.WORK_PACKAGE_LENGTH},
                "lines": _numbers(limits.REQUIREMENT_LINES),
                "line": _numbers(limits.LINE_NUMBER),
                "teamSize": _limit(TEAM_SIZE),
                "duration": _limit(DURATION),
                "discountPercent": {"least": 0, "most": 100},
                "note": {"longest": limits.REVIEW_NOTE_LENGTH},
            },
            "events": _page(limits.EVENT_PAGE_SIZE, limits.DEFAULT_EVENT_PAGE_SIZE),
            "sessions": _page(limits.SESSION_PAGE_SIZE, limits.DEFAULT_SESSION_PAGE_SIZE),
        },
    }


def print_words() -> str:
    """The text of `words.json`."""
    return json.dumps(words(), indent=2, ensure_ascii=False) + "\n"


def _limit(holds: Holds) -> dict[str, object]:
    """The bounds of what a field may hold. A date, a currency's code and a flag have none but their form."""
    match holds:
        case WholeNumber(least, most):
            return {"least": least, "most": most}
        case Text(longest):
            return {"longest": longest}
        case _:
            return {}


def _numbers(allowed: range) -> dict[str, int]:
    return {"least": allowed.start, "most": allowed.stop - 1}


def _page(sizes: range, default: int) -> dict[str, int]:
    """The `limit` argument of a page."""
    return {**_numbers(sizes), "default": default}
