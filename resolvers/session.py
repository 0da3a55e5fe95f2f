"""What a session is made of, as frozen values: the assessment, its state, its results, the agent's events.

Times are aware UTC datetimes. Texts and numbers have been checked at the edge (`resolvers.inputs`); nothing in
here validates again, and nothing here knows GraphQL or DynamoDB.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from schema.statuses import AgentEventType, SessionStatus


def digest(text: str) -> str:
    """128 bits in hexadecimal that tell a text from every other."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class Assessment:
    """What the consultant submitted; it never changes."""

    client_name: str
    project_name: str | None
    industry: str | None
    requirements: str
    duration: str | None
    team_size: int | None


@dataclass(frozen=True)
class Lease:
    """One run's right to publish, until another run takes it after `expires_at`."""

    run_id: str
    expires_at: datetime


@dataclass(frozen=True)
class State:
    """The small, hot part of a session: all that changes with every update."""

    session_id: str
    owner: str
    client_name: str
    project_name: str | None
    assessment_digest: str
    status: SessionStatus
    current_stage: str | None
    progress: int
    """Percent, 0 to 100."""
    revision: int
    """Orders what clients see: +1 with every accepted update and every change of status."""
    last_sequence: int
    """Sequence of the newest agent event, 0 when there is none."""
    created_at: datetime
    updated_at: datetime
    listed_at: datetime
    """When the status or the progress last changed: the owner's list tells this time, so that the other updates leave
    the index alone."""
    expires_at: datetime
    """When the session may vanish; readers treat it as gone from then on."""
    cancel_requested: bool = False
    error_message: str | None = None
    lease: Lease | None = None
    """The newest run's lease. It stays when the session has ended, to recognise that run's replays."""
    last_update: str = ""
    """The digest of the newest accepted update: tells its replay from another update of the same revision."""
    results_revision: int = 0
    """The revision that last changed the results, 0 when there are none."""
    version: int = 1
    """Guards writes: every write of the state raises it."""

    @property
    def summary(self) -> "SessionSummary":
        """The session in its owner's list."""
        return SessionSummary(
            self.session_id,
            self.client_name,
            self.project_name,
            self.status,
            self.progress,
            self.created_at,
            self.listed_at,
        )


@dataclass(frozen=True)
class CostLine:
    role: str
    hours: float
    hourly_rate: float
    cost: float


@dataclass(frozen=True)
class CostData:
    """Totals in `currency` and hours; the lines sum to them exactly."""

    total_cost: float
    total_hours: float
    complexity_level: str
    currency: str
    lines: tuple[CostLine, ...]


@dataclass(frozen=True)
class Results:
    """What the run has produced so far. None, or an empty tuple: not yet."""

    requirements_data: str | None = None
    """JSON text."""
    cost_data: CostData | None = None
    template_paths: tuple[str, ...] = ()
    powerpoint_key: str | None = None
    """S3 key in the artifacts bucket."""
    sow_key: str | None = None

    @property
    def json_bytes(self) -> int:
        """How much room they take in an answer; `requirements_data` stands there as a string within JSON."""
        return len(json.dumps(asdict(self), ensure_ascii=False).encode(errors="replace"))

    def updated(self, newer: "Results") -> "Results":
        """These results with what `newer` has put in place."""
        return replace(
            self,
            requirements_data=newer.requirements_data or self.requirements_data,
            cost_data=newer.cost_data or self.cost_data,
            template_paths=newer.template_paths or self.template_paths,
            powerpoint_key=newer.powerpoint_key or self.powerpoint_key,
            sow_key=newer.sow_key or self.sow_key,
        )


@dataclass(frozen=True)
class AgentEvent:
    sequence: int
    """1, 2, 3 ... without a gap in one session."""
    type: AgentEventType
    tool: str | None
    text: str
    truncated: bool
    timestamp: str
    """When the worker saw it, as AWSDateTime."""


@dataclass(frozen=True)
class Update:
    """One publish of a run: revision 0 claims the session, every later one is the last known revision + 1."""

    session_id: str
    run_id: str
    revision: int
    status: SessionStatus
    current_stage: str | None
    progress: int
    error_message: str | None = None
    results: Results | None = None
    events: tuple[AgentEvent, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same update sent again, and for no other."""
        return digest(repr(self))


@dataclass(frozen=True)
class Session:
    """A session as one consistent read found it; `assessment` is None when it was not asked for."""

    state: State
    results: Results = field(default_factory=Results)
    assessment: Assessment | None = None


@dataclass(frozen=True)
class SessionSummary:
    session_id: str
    client_name: str
    project_name: str | None
    status: SessionStatus
    progress: int
    created_at: datetime
    updated_at: datetime
