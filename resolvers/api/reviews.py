"""Parses a ReviewInput into a `Review`, or raises one `InvalidInputError` that lists every fault.

`resolvers.handler` calls it. Whether the session can be reviewed is for `resolvers.lifecycle` to say, and what an id
in the list refers to for the worker, which knows the proposal.
"""

import json
from collections.abc import Sequence

from resolvers.api.check import LARGEST_INT, Arguments, Check
from schema import limits
from schema.assessment import DURATION, TEAM_SIZE
from schema.requirements import RequirementKind, RequirementPriority, RequirementSize
from schema.review import Review, ReviewedRequirement


def review(arguments: Arguments) -> Review:
    """Parse a ReviewInput.

    The review's id is the revision that it makes if the session still is as the reviewer saw it.

    Raises:
        InvalidInputError: lists every faulty field.
    """
    check = Check(arguments)
    revision = check.number("revision", range(LARGEST_INT)) or 0
    parsed = Review(
        id=revision + 1,
        approve=arguments["approve"],
        requirements=_requirements(check, arguments.get("requirements")),
        team_size=check.number("teamSize", TEAM_SIZE.allowed),
        duration=check.text("duration", DURATION.longest),
        start_date=check.day("startDate"),
        currency=check.currency("currency"),
        discount_percent=check.percent("discountPercent"),
        note=check.text("note", limits.REVIEW_NOTE_LENGTH),
    )
    check.finish()
    return parsed


def _requirements(check: Check, given: Sequence[Arguments] | None) -> tuple[ReviewedRequirement, ...] | None:
    if given is None:
        return None
    allowed = limits.REVIEWED_REQUIREMENTS
    if len(given) not in allowed:
        check.fault(
            "requirements",
            f"must be {allowed.start} to {allowed.stop - 1}, or left out to keep the list as it is; they are"
            f" {len(given)}",
        )
        return None
    listed = tuple(_requirement(check.inside("requirements", place, one), one) for place, one in enumerate(given))
    size = len(json.dumps([one.as_api() for one in listed], ensure_ascii=False).encode(errors="replace"))
    if size > limits.REVIEWED_REQUIREMENTS_BYTES:
        check.fault(
            "requirements",
            f"must take at most {limits.REVIEWED_REQUIREMENTS_BYTES} bytes as JSON together; they take {size}: shorten"
            " or merge some of them",
        )
    seen: set[str] = set()
    for place, requirement in enumerate(listed):
        if requirement.id in seen:
            check.fault(f"requirements.{place}.id", "must not stand twice: leave it out to add a requirement")
        seen |= {requirement.id} if requirement.id else set()
    return listed


def _requirement(check: Check, given: Arguments) -> ReviewedRequirement:
    size, priority = given.get("size"), given.get("priority")
    return ReviewedRequirement(
        id=check.text("id", limits.REQUIREMENT_ID_LENGTH),
        kind=RequirementKind(given["kind"]),
        text=check.required_text("text", limits.REQUIREMENT_TEXT_LENGTH),
        work_package=check.text("workPackage", limits.WORK_PACKAGE_LENGTH),
        size=None if size is None else RequirementSize(size),
        priority=None if priority is None else RequirementPriority(priority),
        lines=_lines(check, given.get("lines")),
    )


def _lines(check: Check, given: Sequence[int] | None) -> tuple[int, ...] | None:
    """Each line once, in the order of the notes. Whether the notes have it is not known here."""
    if given is None:
        return None
    most, allowed = limits.REQUIREMENT_LINES.stop - 1, limits.LINE_NUMBER
    if len(given) > most:
        check.fault("lines", f"must be at most {most}, or left out to keep them as they are; they are {len(given)}")
        return None
    if (wrong := next((line for line in given if line not in allowed), None)) is not None:
        check.fault("lines", f"must each be from {allowed.start} to {allowed.stop - 1}; one is {wrong}")
        return None
    return tuple(sorted(set(given)))
