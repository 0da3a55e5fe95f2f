"""Statuses, tools, stages and their progress: the one table that resolvers and worker share.

A *stage* is one tool's part of an assessment. The table says which status a session has while the tool runs,
which one once it has answered, and how much of the whole is done by then. Nothing here knows how a status is
stored, published or shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class SessionStatus(StrEnum):
    """A session's status. The members are in the order in which a session passes through them."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    ANALYZING_REQUIREMENTS = "ANALYZING_REQUIREMENTS"
    REQUIREMENTS_ANALYZED = "REQUIREMENTS_ANALYZED"
    CALCULATING_COSTS = "CALCULATING_COSTS"
    COSTS_CALCULATED = "COSTS_CALCULATED"
    AWAITING_REVIEW = "AWAITING_REVIEW"
    GENERATING_POWERPOINT = "GENERATING_POWERPOINT"
    POWERPOINT_GENERATED = "POWERPOINT_GENERATED"
    GENERATING_SOW = "GENERATING_SOW"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"
    CONFIGURATION_ERROR = "CONFIGURATION_ERROR"
    CANCELLED = "CANCELLED"

    @property
    def rank(self) -> int:
        """The status's place in the order above: a running session's rank never falls."""
        return _RANKS[self]

    @property
    def ended(self) -> bool:
        """Whether the session has ended. Only retrySession and reviewSession change such a status."""
        return self in ENDED

    @property
    def resting(self) -> bool:
        """Whether no run works on the session and none is expected: it has ended, or waits for a person."""
        return self.ended or self is SessionStatus.AWAITING_REVIEW


_RANKS: Mapping[SessionStatus, int] = {status: rank for rank, status in enumerate(SessionStatus)}

ENDED = frozenset(
    {
        SessionStatus.COMPLETED,
        SessionStatus.ERROR,
        SessionStatus.CONFIGURATION_ERROR,
        SessionStatus.CANCELLED,
    }
)


class AgentEventType(StrEnum):
    """The six kinds of agent event, the same for every agent service."""

    REASONING = "REASONING"
    TOOL_CALL = "TOOL_CALL"
    TOOL_RESPONSE = "TOOL_RESPONSE"
    CHUNK = "CHUNK"
    WARNING = "WARNING"
    FINAL_RESPONSE = "FINAL_RESPONSE"


class Tool(StrEnum):
    """The agent's five tools, by the name of their action group, in the order of the workflow."""

    REQUIREMENTS_ANALYZER = "RequirementsAnalyzer"
    COST_CALCULATOR = "CostCalculator"
    TEMPLATE_RETRIEVER = "TemplateRetriever"
    POWERPOINT_GENERATOR = "PowerPointGenerator"
    SOW_GENERATOR = "SOWGenerator"


@dataclass(frozen=True)
class Stage:
    """One tool's part of an assessment."""

    while_running: SessionStatus
    once_answered: SessionStatus
    progress: int
    """Percent of the whole that is done once the tool has answered."""


STAGES: Mapping[Tool, Stage] = MappingProxyType(
    {
        Tool.REQUIREMENTS_ANALYZER: Stage(
            SessionStatus.ANALYZING_REQUIREMENTS, SessionStatus.REQUIREMENTS_ANALYZED, 30
        ),
        Tool.COST_CALCULATOR: Stage(SessionStatus.CALCULATING_COSTS, SessionStatus.COSTS_CALCULATED, 50),
        Tool.TEMPLATE_RETRIEVER: Stage(SessionStatus.COSTS_CALCULATED, SessionStatus.COSTS_CALCULATED, 60),
        Tool.POWERPOINT_GENERATOR: Stage(SessionStatus.GENERATING_POWERPOINT, SessionStatus.POWERPOINT_GENERATED, 80),
        Tool.SOW_GENERATOR: Stage(SessionStatus.GENERATING_SOW, SessionStatus.GENERATING_SOW, 95),
    }
)

STARTED_PROGRESS = 5
"""Percent done once a worker has taken the session."""

REVIEWED_PROGRESS = STAGES[Tool.COST_CALCULATOR].progress
"""Percent done once a review was accepted: everything after the price is made again."""

COMPLETED_PROGRESS = 100

RECEIVED = "Assessment request received. Processing in background."
STARTING = "Starting the agent"
AWAITING_REVIEW = "Waiting for your review"
REVIEWED = "Review received. Processing in background."
COMPLETED = "Completed"


def running(tool: str) -> str:
    """The `currentStage` while `tool` works."""
    return f"Running {tool}"


def finished(tool: str) -> str:
    """The `currentStage` once `tool` has answered."""
    return f"{tool} finished"


def failed(tool: str) -> str:
    """The `currentStage` once `tool` has answered without having made its output."""
    return f"{tool} failed"
