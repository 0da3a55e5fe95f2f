"""The API's answers about sessions as frozen values.

`client.answers` makes them, `client.merge` puts them in order, and `client.command.views` shows them. They do no I/O.
A status or an event type stays text, so that a new word of a newer server is shown rather than refused.
"""

from dataclasses import dataclass, field
from datetime import datetime

from client.words import ENDED, PENDING


@dataclass(frozen=True)
class Submission:
    """One assessment to submit. The server checks the limits and names every field that breaks one."""

    client_name: str
    requirements: str
    project_name: str | None = None
    industry: str | None = None
    duration: str | None = None
    team_size: int | None = None
    start_date: str | None = None
    """When the work may begin: YYYY-MM-DD."""
    currency: str | None = None
    """An ISO 4217 code."""
    review: bool | None = None
    """Whether the session waits for a person once it is priced."""


@dataclass(frozen=True)
class CostLine:
    """One role's part of the price. `cost` and `hourly_rate` are in the currency of its `CostData`."""

    role: str
    hours: float
    hourly_rate: float
    cost: float


@dataclass(frozen=True)
class CostData:
    """The price. The lines sum to the totals."""

    total_cost: float
    total_hours: float
    complexity_level: str
    currency: str
    lines: tuple[CostLine, ...]


@dataclass(frozen=True)
class Results:
    """What the workflow has made so far. The URLs are presigned: anyone who has one can download until it expires."""

    requirements_data: object = None
    cost_data: CostData | None = None
    template_paths: tuple[str, ...] = ()
    powerpoint_url: str | None = field(default=None, repr=False)
    sow_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Usage:
    """The tokens that the models of a session read and wrote in all its runs, and their price.

    `input_tokens` leaves out what was read from the provider's cache. The price is None when one model has none.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    model_cost: float | None = None
    model_cost_currency: str | None = None

    @property
    def read_tokens(self) -> int:
        """All tokens that the models read, from the cache or not."""
        return self.input_tokens + self.cache_read_input_tokens


@dataclass(frozen=True)
class AgentEvent:
    """One entry of the agent's log. `sequence` counts 1, 2, 3 … without gaps within a session.

    A tool's call and its response have the same `tool_call_id`, where the server knows it.
    """

    sequence: int
    type: str
    tool: str | None
    text: str
    truncated: bool
    timestamp: datetime
    tool_call_id: str | None = None


@dataclass(frozen=True)
class State:
    """A session at one revision: the fields that change as it runs."""

    session_id: str
    status: str
    current_stage: str | None
    progress: int
    revision: int
    last_sequence: int
    cancel_requested: bool
    error_message: str | None
    results: Results
    updated_at: datetime
    usage: Usage = Usage()

    @property
    def ended(self) -> bool:
        """Whether the session's work is over."""
        return self.status in ENDED


@dataclass(frozen=True)
class Session:
    """A session as the API returned it."""

    state: State
    client_name: str
    project_name: str | None
    created_at: datetime

    @property
    def id(self) -> str:
        return self.state.session_id

    @property
    def started_at(self) -> datetime:
        """When its work began. For a PENDING session it is the last update, because that may have been a retry."""
        return self.state.updated_at if self.state.status == PENDING else self.created_at


@dataclass(frozen=True)
class Progress:
    """One pushed update: a state, and the events that came with it."""

    state: State
    events: tuple[AgentEvent, ...]


@dataclass(frozen=True)
class SessionSummary:
    """One line in the list of the caller's sessions."""

    id: str
    client_name: str
    project_name: str | None
    status: str
    progress: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class SessionPage:
    """A page of the caller's sessions, newest first. If `next_token` is set, there are more."""

    items: tuple[SessionSummary, ...]
    next_token: str | None
