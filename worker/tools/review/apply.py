"""Makes the next version of a proposal from a review.

A version is written before the pointer to it. So a run that dies in between leaves the old version as it was, and the
next run makes the same version again. The pointer names the review, so no review is applied twice.
"""

from dataclasses import asdict, dataclass
from typing import Any

from schema.review import Review
from worker.tools.requirements import from_json
from worker.tools.review.changes import Changes, numbers_of, reviewed
from worker.tools.review.versions import mark_of, point_to, read_terms, select
from worker.tools.workbench import MissingInputError
from worker.tools.workspace import CHANGES, REQUIREMENTS, TERMS, Workspace


@dataclass(frozen=True)
class Reviewed:
    """What a review led to."""

    version: int
    new: bool
    """Whether this run has made the version, and not an earlier run of the same review."""
    changes: Changes


def apply(workspace: Workspace, review: Review) -> Reviewed:
    """Let the workspace be at the version that the review leads to, and make it unless it exists.

    A review that changes nothing leads to the version that was reviewed.

    Raises:
        MissingInputError: there is nothing to review yet.
    """
    if select(workspace) == review.id:
        return Reviewed(workspace.version, new=False, changes=_read_changes(workspace))
    found = workspace.read_json(REQUIREMENTS)
    if found is None:
        raise MissingInputError(f"{workspace.key(REQUIREMENTS)} is missing: there is nothing to review yet")
    analysis, before, past = from_json(found), read_terms(workspace), _read_changes(workspace)
    changes = Changes(numbers=numbers_of(analysis.requirements, past.numbers))
    changed = analysis
    if review.requirements is not None:
        changed, changes = reviewed(analysis, review.requirements, past.numbers)
    terms = before.after(review)
    new = changed is not analysis or terms != before
    if new:
        workspace.version += 1
        workspace.write_json(REQUIREMENTS, changed.as_json(), made_from=mark_of(review))
        workspace.write_json(TERMS, asdict(terms))
        workspace.write_json(CHANGES, {**asdict(changes), "note": review.note})
    point_to(workspace, review)
    return Reviewed(workspace.version, new, changes)


def _read_changes(workspace: Workspace) -> Changes:
    held: dict[str, Any] | None = workspace.read_json(CHANGES)
    if held is None:
        return Changes()
    return Changes(
        tuple(held["added"]), tuple(held["removed"]), tuple(held["changed"]), held["renamed"], held["numbers"]
    )
