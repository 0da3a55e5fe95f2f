"""The parts of a proposal, as typed values that all three documents share. Texts are safe to put into XML.

The modules beside this one make them from the analysis, the costs and the profile. This module only says what they
are, so that it imports none of them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from worker.tools.requirements import Requirement


@dataclass(frozen=True)
class Figure:
    """One of the figures that a reader looks for first."""

    label: str
    value: str
    sentence: str
    """What the figure means, as one sentence."""


@dataclass(frozen=True)
class Quote:
    """A whole sentence of the client, as it stands in the notes, without list marks and time stamps."""

    text: str
    line: int
    """Where the sentence begins, counted from 1."""
    speaker: str = ""
    """Who says it, where the notes name somebody."""


@dataclass(frozen=True)
class Objective:
    """What the client wants to achieve with one part of the project."""

    title: str
    """The work package."""
    text: str
    """A sentence, in the words of the package's main requirement."""
    source: str
    """Where the notes say so: "Notes, line 17"; empty where they don't."""


@dataclass(frozen=True)
class Criterion:
    """Something that can be measured when the project is over."""

    text: str
    source: str
    """The requirement's id, or what else it follows from: "Stated deadline"."""


@dataclass(frozen=True)
class ScopePackage:
    """One work package, with what is built in it."""

    name: str
    description: str
    """What the package covers, as one sentence."""
    requirements: tuple[Requirement, ...]
    """Empty for what serves all packages: the set-up and the management."""
    hours: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Stage:
    """One phase of the plan, with what happens in it."""

    name: str
    text: str
    """Two or three sentences."""
    start: dt.date
    end: dt.date
    milestone: str
    """What is reached on its last day; empty if no milestone is planned for it."""


@dataclass(frozen=True)
class Deliverable:
    """Something that is handed over and accepted."""

    name: str
    acceptance: str
    """The criteria, as one or two sentences."""
    accepted_by: str
    """The client's role that accepts it."""
    phase: str
    date: dt.date
    """When it is handed over: the last day of the phase."""


@dataclass(frozen=True)
class RoleShare:
    """One role of the supplier's team."""

    role: str
    responsibility: str
    hours: Decimal
    hours_per_week: Decimal
    packages: tuple[str, ...]
    """The work packages in which the role works; empty for all of them."""


@dataclass(frozen=True)
class RaciRow:
    """Who does what in one activity."""

    activity: str
    parts: Mapping[str, str]
    """By role: "R" is responsible, "A" accountable, "C" consulted, "I" informed.

    Exactly one role is accountable. "A/R" is one that also does the work."""


@dataclass(frozen=True)
class Raci:
    """The responsibilities of both parties."""

    client_roles: tuple[str, ...]
    supplier_roles: tuple[str, ...]
    rows: tuple[RaciRow, ...]


class Flow(StrEnum):
    """Which way data goes between the solution and a system of the client."""

    IN = "in"
    """From the system into the solution."""
    OUT = "out"
    """From the solution into the system."""
    BOTH = "both"
    UNKNOWN = "unknown"
    """The notes don't say."""


@dataclass(frozen=True)
class System:
    """A system that the solution is connected to."""

    name: str
    flow: Flow
    requirement_ids: tuple[str, ...]


@dataclass(frozen=True)
class Component:
    """A part of the solution itself: a work package that is built."""

    name: str
    requirement_ids: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """The solution's parts and the systems around them, for a diagram."""

    components: tuple[Component, ...]
    systems: tuple[System, ...]
    unnamed: tuple[str, ...]
    """The ids of integrations whose system the notes don't name."""


@dataclass(frozen=True)
class Trace:
    """From a line of the notes to what is built for it."""

    line: int
    quote: str
    requirement_id: str
    package: str
    """The work package; for what is not built, what it is: "Constraint"."""
