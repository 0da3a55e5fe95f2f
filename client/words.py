"""The API's words that this client acts on, read from `web/words.json`, the clients' copy of what the schema prints.

Every other word of the server is only shown. So a status or an event type that a newer server sends is never refused.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_WORDS: Mapping[str, Any] = json.loads(files("client").joinpath("web", "words.json").read_text(encoding="utf-8"))

STATUSES: tuple[str, ...] = tuple(status["name"] for status in _WORDS["statuses"])
PENDING = "PENDING"
COMPLETED = "COMPLETED"
CANCELLED = "CANCELLED"
ENDED = frozenset(str(status["name"]) for status in _WORDS["statuses"] if status["ends"])
"""The statuses out of which only retrySession and reviewSession lead."""

AWAITING_REVIEW = "AWAITING_REVIEW"

EVENT_PAGE_SIZE: int = _WORDS["limits"]["events"]["most"]
SESSION_PAGE_SIZE: int = _WORDS["limits"]["sessions"]["most"]
"""The most that the API gives in one page."""


def api_name(name: str) -> str:
    """The API's name of a field: `clientName` for `client_name`."""
    head, *rest = name.split("_")
    return head + "".join(map(str.capitalize, rest))
