"""A version of what is offered, and a reviewer's changes to it, as frozen values.

`client.answers` makes a `Proposal`. `Review.of` says what is different between a proposal and an edited copy of its
fields, so that a review never sends what nobody has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from client.session import CostData


@dataclass(frozen=True)
class Requirement:
    """One thing that the client asks for, excludes, prescribes or leaves open."""

    id: str
    kind: str
    text: str
    lines: tuple[int, ...] = ()
    """Where the notes say so, counted from 1."""
    work_package: str | None = None
    size: str | None = None
    priority: str = "MUST"
    hours: float | None = None

    def as_input(self) -> dict[str, object]:
        """The API's `RequirementInput`."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "workPackage": self.work_package,
            "size": self.size,
            "priority": self.priority,
        }


@dataclass(frozen=True)
class WorkPackage:
    """A part of the work. The packages' costs sum to the total."""

    name: str
    requirement_ids: tuple[str, ...]
    hours: float
    cost: float


@dataclass(frozen=True)
class Proposal:
    """One version of the offer."""

    version: int
    created_at: datetime
    requirements: tuple[Requirement, ...]
    work_packages: tuple[WorkPackage, ...]
    cost_data: CostData | None
    low_cost: float | None
    high_cost: float | None
    confidence: float | None
    team_size: int | None
    duration: str | None
    start_date: str | None
    """YYYY-MM-DD, as all dates here."""
    end_date: str | None
    deadline: str | None
    discount_percent: float
    budget: float | None
    assumptions: tuple[str, ...]
    risks: tuple[str, ...]
    open_questions: tuple[str, ...]
    powerpoint_url: str | None = field(default=None, repr=False)
    sow_url: str | None = field(default=None, repr=False)
    html_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Terms:
    """What a reviewer may set beside the requirements. None leaves it as it is."""

    team_size: int | None = None
    duration: str | None = None
    start_date: str | None = None
    currency: str | None = None
    discount_percent: float | None = None
    note: str | None = None


NO_TERMS = Terms()


@dataclass(frozen=True)
class Review:
    """A reviewer's changes."""

    revision: int
    """The session's revision that the reviewer has seen."""
    approve: bool
    requirements: tuple[Mapping[str, object], ...] | None = None
    """The whole list as it shall be, in the API's form; None leaves it as it is."""
    terms: Terms = NO_TERMS

    def as_input(self) -> dict[str, object]:
        """The API's `ReviewInput`."""
        terms = self.terms
        given = {
            "requirements": None if self.requirements is None else [dict(each) for each in self.requirements],
            "teamSize": terms.team_size,
            "duration": terms.duration,
            "startDate": terms.start_date,
            "currency": terms.currency,
            "discountPercent": terms.discount_percent,
            "note": terms.note,
        }
        said = {name: value for name, value in given.items() if value is not None}
        return {"revision": self.revision, "approve": self.approve, **said}
