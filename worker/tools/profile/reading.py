"""Reads profiles: the default, a firm's own over it, and the one that a session was priced with."""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from worker.tools.profile.checking import completed
from worker.tools.profile.profile import (
    Clause,
    Design,
    Effort,
    PaymentTerm,
    Profile,
    RateCard,
    Supplier,
    Terms,
)
from worker.tools.requirements import Discipline, Kind, Size
from worker.tools.workbench import MissingInputError, TemplateStore
from worker.tools.workspace import PROFILE, Workspace

FILE = Path(__file__).with_name("default.json")

OWN = "profile.json"
"""The firm's profile in the templates bucket."""

MOST_WARNINGS = 8
"""More faults than that are only counted, so that the tool's answer stays short."""

WARNING_LENGTH = 200
"""Characters of a warning. A longer one is cut and ends with an ellipsis."""


@functools.cache
def standard() -> Profile:
    """The profile that ships with the tools."""
    return parse(json.loads(FILE.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Found:
    """A profile, with what it was read from."""

    profile: Profile
    content: Mapping[str, Any]
    """The profile as JSON, complete."""
    warnings: tuple[str, ...] = ()
    """What is wrong with the firm's file, in sentences."""


def firms_profile(templates: TemplateStore) -> Found:
    """The firm's profile over the default. What is wrong with it is a warning, and the default counts there."""
    default = json.loads(FILE.read_text(encoding="utf-8"))
    try:
        body = templates.read(OWN)
    except ClientError as error:
        why = error.response["Error"]["Code"]
        return Found(standard(), default, (f"{OWN} can't be read ({why}): the default profile counts",))
    if body is None:
        return Found(standard(), default)
    try:
        own = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Found(standard(), default, (f"{OWN} is not JSON ({error}): the default profile counts",))
    content, wrong = completed(own, default)
    return Found(parse(content), content, tuple(_told(wrong)))


def _told(wrong: Sequence[str]) -> Iterator[str]:
    for fault in wrong[:MOST_WARNINGS]:
        warning = f"{OWN}: {fault}"
        yield warning if len(warning) <= WARNING_LENGTH else f"{warning[: WARNING_LENGTH - 1]}…"
    if len(wrong) > MOST_WARNINGS:
        yield f"{OWN} has {len(wrong) - MOST_WARNINGS} more faults: `scopesmith profile check` prints all of them"


def read_profile(workspace: Workspace) -> Profile:
    """Read the profile that the session was priced with, which CostCalculator has kept.

    Raises:
        MissingInputError: the session has not been priced yet.
    """
    value = workspace.read_json(PROFILE)
    if value is None:
        raise MissingInputError(f"{PROFILE} is missing: call CostCalculator first")
    return parse(value)


def parse(value: Mapping[str, Any]) -> Profile:
    """The profile in a checked JSON object."""
    effort, terms = value["effort"], value["terms"]
    return Profile(
        supplier=Supplier(**{**value["supplier"], "address": tuple(value["supplier"]["address"])}),
        locale=value["locale"],
        roles=value["roles"],
        rate_cards=tuple(
            RateCard(card["name"], card["currency"], card.get("note", ""), _amounts(card["rates"]))
            for card in value["rate_cards"]
        ),
        effort=Effort(
            hours={
                Kind(kind): {Size(size): hours for size, hours in _amounts(sizes).items()}
                for kind, sizes in effort["hours"].items()
            },
            shares={Discipline(discipline): _amounts(shares) for discipline, shares in effort["shares"].items()},
            set_up=_amounts(effort["set_up"]),
            go_live=_amounts(effort["go_live"]),
            management=_amounts(effort["management"]),
            productive_hours_per_week=effort["productive_hours_per_week"],
        ),
        terms=Terms(**{**terms, "payments": tuple(PaymentTerm(**each) for each in terms["payments"])}),
        assumptions=tuple(value["assumptions"]),
        exclusions=tuple(value["exclusions"]),
        design=Design(**value["design"]),
        clauses=tuple(Clause(each["title"], tuple(each["paragraphs"])) for each in value["clauses"]),
        clauses_note=value["clauses_note"],
    )


def _amounts(written: Mapping[str, Any]) -> dict[str, Decimal]:
    """Numbers that the file has as texts or as numbers."""
    return {name: Decimal(str(amount)) for name, amount in written.items()}
