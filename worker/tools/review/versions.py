"""The versions of a proposal in the workspace: which one is the newest, and the terms that reviewers have set.

`worker.tools.review.apply` makes a version. This module loads no tool, because the Lambdas import it when they start.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from schema.review import Review
from worker.tools.workspace import CURRENT, TERMS, Workspace

REVIEWED_PREFIX = "review-"
"""How the mark begins that a reviewed list has in place of a digest."""


@dataclass(frozen=True)
class Terms:
    """What reviewers have said about the offer's terms. None leaves it to the form, the notes and the profile."""

    team_size: int | None = None
    duration: str | None = None
    start_date: str | None = None
    """YYYY-MM-DD."""
    currency: str | None = None
    discount_percent: float = 0.0

    def after(self, review: Review) -> "Terms":
        """The terms with what a review says. What it leaves out stays."""
        said = {name: value for name in asdict(self) if (value := getattr(review, name)) is not None}
        return replace(self, **said)


def select(workspace: Workspace) -> int | None:
    """Let the workspace be at the newest version. Return the id of the review that made it, if one did."""
    current = workspace.read_json(CURRENT)
    workspace.version = _number(current, "version") or 1
    return _number(current, "review")


def point_to(workspace: Workspace, review: Review) -> None:
    """Make the workspace's version the newest one, as the outcome of a review."""
    workspace.write_json(CURRENT, {"version": workspace.version, "review": review.id})


def read_terms(workspace: Workspace) -> Terms:
    """The terms of the workspace's version."""
    held: dict[str, Any] = workspace.read_json(TERMS) or {}
    return Terms(**held)


def mark_of(review: Review) -> str:
    """What a reviewed list was made from, in place of a digest."""
    return f"{REVIEWED_PREFIX}{review.id}"


def is_reviewed(made_from: str | None) -> bool:
    """Whether a list was made by a reviewer, and so must not be read from the notes again."""
    return (made_from or "").startswith(REVIEWED_PREFIX)


def _number(value: Mapping[str, object] | None, name: str) -> int | None:
    found = value.get(name) if value else None
    return found if isinstance(found, int) else None
