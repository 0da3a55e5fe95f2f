"""The smallest part of an estimate: one role's hours for one requirement, or for a package that serves all. Pure.

Pieces are where small roles are merged, before `effort` adds them up to packages.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

LEAST_ROLE_HOURS = Decimal(6)
"""Less than a day of work."""


@dataclass(frozen=True)
class Piece:
    """One role's hours."""

    package: str
    role: str
    lead: str
    """The role that has most of the work to which this belongs."""
    hours: Decimal
    requirement_id: str = ""
    """Empty where the work serves all requirements."""

    def given_to(self, role: str) -> "Piece":
        """The same work, done by another role."""
        return replace(self, role=role)


def shared_out(package: str, hours: Decimal, shares: Mapping[str, Decimal], requirement_id: str = "") -> list[Piece]:
    """The hours divided among the roles by their shares."""
    lead = largest(shares)
    return [Piece(package, role, lead, hours * share, requirement_id) for role, share in shares.items()]


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with those of small roles given to their leads, and to the main role where a lead is small itself.

    A piece goes to the lead of its own work, so that one requirement more doesn't change who does the others.
    """
    small = _small(pieces)
    led = [piece.given_to(piece.lead) if piece.role in small else piece for piece in pieces]
    main = largest(totals(piece for piece in led if piece.requirement_id) or totals(led))
    still_small = _small(led)
    return [piece.given_to(main) if piece.role in still_small else piece for piece in led]


def _small(pieces: Iterable[Piece]) -> set[str]:
    return {role for role, hours in totals(pieces).items() if hours < LEAST_ROLE_HOURS}


def totals(pieces: Iterable[Piece]) -> dict[str, Decimal]:
    """The hours of each role."""
    hours: dict[str, Decimal] = defaultdict(Decimal)
    for piece in pieces:
        hours[piece.role] += piece.hours
    return dict(hours)


def largest(weights: Mapping[str, Decimal]) -> str:
    """The name with the largest weight; of several, the first."""
    return max(weights, key=lambda name: weights[name])
