"""The parts of a session as frozen dataclasses: its state, its results, the agent's events.

Times are aware UTC datetimes. `resolvers.api.inputs` has checked all texts and numbers, so nothing is validated again
here. Nothing here knows GraphQL or DynamoDB.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from schema.assessment import Assessment
from schema.statuses import AgentEventType, SessionStatus
from schema.usage import NO_USAGE, Usage


def digest(text: str) -> str:
    """The first 128 bits of the text's SHA-256, in hexadecimal: different for different texts."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True)
class Lease:
    """One run's right to publish. After `expires_at`, another run may take it."""

    run_id: str
    expires_at: datetime


@dataclass(frozen=True)
class State:
    """The part of a session that every update writes. It is kept small."""

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
    """Orders what clients see. Every accepted update and every change of status raises it by one."""
    last_sequence: int
    """Sequence of the newest agent event, or 0 if there is none."""
    created_at: datetime
    updated_at: datetime
    listed_at: datetime
    """When the status or the progress last changed. The owner's list shows this time instead of `updated_at`, so that
    an update which changes neither does not write to the index."""
    expires_at: datetime
    """From this time on, reads treat the session as gone, and DynamoDB may delete it."""
    starting_until: datetime | None = None
    """Until then, the request that wrote this may still start the worker. None once Lambda has taken the event."""
    cancel_requested: bool = False
    error_message: str | None = None
    usage: Usage = NO_USAGE
    lease: Lease | None = None
    """The newest run's lease. It is kept after that run has ended the session, to recognise the run's replays."""
    last_update: str = ""
    """The digest of the newest accepted update. It shows whether another update with that revision is a replay."""
    results_revision: int = 0
    """The revision that last changed the results, or 0 if there are none."""
    proposal_version: int = 0
    """The newest version of the proposal, or 0 if there is none yet."""
    review_revision: int = 0
    """The id of the newest review, which is the revision that it made, or 0 if there is none."""
    deleting: bool = False
    """Whether the session is being deleted. Reads treat it as gone."""
    version: int = 1
    """Every write of the state raises it and is conditional on it, so that no write overwrites another."""

    @property
    def active(self) -> bool:
        """Whether it counts among its owner's active sessions."""
        return not self.status.resting

    @property
    def summary(self) -> "SessionSummary":
        """The session as its owner's list shows it."""
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
    """Total cost in `currency` and total hours. The lines add up to both exactly."""

    total_cost: float
    total_hours: float
    complexity_level: str
    currency: str
    lines: tuple[CostLine, ...]


@dataclass(frozen=True)
class Results:
    """What the run has produced so far. None or an empty tuple means not yet."""

    requirements_data: str | None = None
    """JSON text."""
    cost_data: CostData | None = None
    template_paths: tuple[str, ...] = ()
    powerpoint_key: str | None = None
    """S3 key in the artifacts bucket."""
    sow_key: str | None = None
    html_key: str | None = None

    @property
    def json_bytes(self) -> int:
        """How many bytes they take in an answer, where `requirements_data` is a string inside the JSON."""
        return len(json.dumps(asdict(self), ensure_ascii=False).encode(errors="replace"))

    def without_documents(self) -> "Results":
        """These results, for a run that makes the documents again."""
        return replace(self, powerpoint_key=None, sow_key=None, html_key=None)

    def updated(self, newer: "Results") -> "Results":
        """These results, with each field that `newer` has replaced by it."""
        return replace(
            self,
            requirements_data=newer.requirements_data or self.requirements_data,
            cost_data=newer.cost_data or self.cost_data,
            template_paths=newer.template_paths or self.template_paths,
            powerpoint_key=newer.powerpoint_key or self.powerpoint_key,
            sow_key=newer.sow_key or self.sow_key,
            html_key=newer.html_key or self.html_key,
        )


@dataclass(frozen=True)
class AgentEvent:
    sequence: int
    """1, 2, 3 and so on within one session, without a gap."""
    type: AgentEventType
    tool: str | None
    text: str
    truncated: bool
    timestamp: str
    """When the worker received it, as AWSDateTime."""
    tool_call_id: str | None = None
    """The same for a tool's call and its response."""


@dataclass(frozen=True)
class Update:
    """One publish of a run. Revision 0 claims the session; each later publish has the last known revision plus one."""

    session_id: str
    run_id: str
    revision: int
    status: SessionStatus
    current_stage: str | None
    progress: int
    error_message: str | None = None
    results: Results | None = None
    usage: Usage | None = None
    """The session's total so far; None leaves it as it is."""
    events: tuple[AgentEvent, ...] = ()
    proposal_version: int | None = None
    """The newest version of the proposal; None leaves it as it is."""
    review_id: int | None = None
    """In a claim: the review that the run works on, or 0 if none. None if the run does not say."""

    @property
    def digest(self) -> str:
        """Equal for an update that is sent again, and different for every other update."""
        return digest(repr(self))


@dataclass(frozen=True)
class Session:
    """A session as one consistent read found it. `assessment` is None unless the reader asked for it."""

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
