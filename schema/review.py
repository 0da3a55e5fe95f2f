"""What a reviewer decided about a priced session: the resolvers accept and store it, the worker acts on it.

Standard library only. `as_api` writes a review under the API's names, for the table and the worker's event, and
`from_api` reads it back. Nothing here checks limits: `resolvers.api.inputs` does so once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.requirements import RequirementKind, RequirementPriority, RequirementSize


@dataclass(frozen=True)
class ReviewedRequirement:
    """One requirement of the reviewer's list."""

    id: str | None
    """The requirement's id in the proposal; None for one that the reviewer added."""
    kind: RequirementKind
    text: str
    work_package: str | None = None
    size: RequirementSize | None = None
    priority: RequirementPriority | None = None
    lines: tuple[int, ...] | None = None
    """Where the notes say so, counted from 1. None leaves the requirement's own lines as they are."""

    def as_api(self) -> dict[str, object]:
        """The API's `RequirementInput`."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "text": self.text,
            "workPackage": self.work_package,
            "size": None if self.size is None else self.size.value,
            "priority": None if self.priority is None else self.priority.value,
            "lines": None if self.lines is None else list(self.lines),
        }

    @classmethod
    def from_api(cls, given: Mapping[str, Any]) -> "ReviewedRequirement":
        """What `as_api` wrote; an optional field may be left out."""
        size, priority, lines = given.get("size"), given.get("priority"), given.get("lines")
        return cls(
            given.get("id"),
            RequirementKind(given["kind"]),
            given["text"],
            given.get("workPackage"),
            None if size is None else RequirementSize(size),
            None if priority is None else RequirementPriority(priority),
            None if lines is None else tuple(lines),
        )


@dataclass(frozen=True)
class Review:
    """One accepted reviewSession. None in a field leaves the proposal's own value as it is."""

    id: int
    """The session's revision that this review made. No two reviews of a session have the same one."""
    approve: bool
    """Whether the documents are to be made. If not, the session is priced again and waits again."""
    requirements: tuple[ReviewedRequirement, ...] | None = None
    """The whole list as it shall be."""
    team_size: int | None = None
    duration: str | None = None
    """As a person writes it: "6 months"."""
    start_date: str | None = None
    """YYYY-MM-DD."""
    currency: str | None = None
    """An ISO 4217 code."""
    discount_percent: float | None = None
    """From 0 to 100."""
    note: str | None = None
    """What the reviewer remarked, for the log."""

    def as_api(self) -> dict[str, object]:
        """The review under the names of the API's `ReviewInput`, with its id instead of the revision."""
        listed = self.requirements
        return {
            "id": self.id,
            "approve": self.approve,
            "requirements": None if listed is None else [requirement.as_api() for requirement in listed],
            "teamSize": self.team_size,
            "duration": self.duration,
            "startDate": self.start_date,
            "currency": self.currency,
            "discountPercent": self.discount_percent,
            "note": self.note,
        }

    @classmethod
    def from_api(cls, given: Mapping[str, Any]) -> "Review":
        """What `as_api` wrote; an optional field may be left out.

        Raises:
            KeyError, ValueError: a required field is missing, or a word is none of the API's.
        """
        listed, percent = given.get("requirements"), given.get("discountPercent")
        return cls(
            given["id"],
            given["approve"],
            None if listed is None else tuple(ReviewedRequirement.from_api(requirement) for requirement in listed),
            given.get("teamSize"),
            given.get("duration"),
            given.get("startDate"),
            given.get("currency"),
            None if percent is None else float(percent),
            given.get("note"),
        )
