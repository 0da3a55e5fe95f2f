"""The API's words as one JSON value, for clients and for programs in other languages.

`schema.sdl` prints it to `words.json`. A client that knows these words must still show one that it does not know: a
newer server may send it.
"""

import json

from schema import limits, statuses
from schema.assessment import FIELDS, Field, WholeNumber
from schema.refusals import ConflictReason, ErrorType, OwnerLimit
from schema.statuses import STAGES, AgentEventType, SessionStatus

_TOOL = "{tool}"
"""The placeholder for a tool's name."""


def words() -> dict[str, object]:
    """Every word that a client meets, in the order in which a session meets it."""
    return {
        "statuses": [{"name": status, "rank": status.rank, "ends": status.ended} for status in SessionStatus],
        "currentStages": {
            "received": statuses.RECEIVED,
            "starting": statuses.STARTING,
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
        "progress": {"started": statuses.STARTED_PROGRESS, "completed": statuses.COMPLETED_PROGRESS},
        "agentEventTypes": list(AgentEventType),
        "errorTypes": list(ErrorType),
        "conflictReasons": list(ConflictReason),
        "ownerLimits": list(OwnerLimit),
        "limits": {
            "assessment": {field.api_name: _limit(field) for field in FIELDS},
            "clientRequestToken": {"longest": limits.CLIENT_REQUEST_TOKEN_LENGTH},
            "events": _page(limits.EVENT_PAGE_SIZE, limits.DEFAULT_EVENT_PAGE_SIZE),
            "sessions": _page(limits.SESSION_PAGE_SIZE, limits.DEFAULT_SESSION_PAGE_SIZE),
        },
    }


def print_words() -> str:
    """The text of `words.json`."""
    return json.dumps(words(), indent=2, ensure_ascii=False) + "\n"


def _limit(field: Field) -> dict[str, object]:
    holds = field.holds
    if isinstance(holds, WholeNumber):
        return {"required": field.required, "least": holds.least, "most": holds.most}
    return {"required": field.required, "longest": holds.longest}


def _page(sizes: range, default: int) -> dict[str, int]:
    """The `limit` argument of a page."""
    return {"least": sizes.start, "most": sizes.stop - 1, "default": default}
