"""The proposal: what was understood, the price and the plan, in words.

Every figure comes from costs.json, every requirement from requirements.json, and every term from the profile. All
texts are safe to put into XML.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from schema.assessment import Assessment
from worker.tools.assessment import read_assessment
from worker.tools.costs import Concern, Costs, Risk, read_costs
from worker.tools.profile.profile import Profile
from worker.tools.profile.reading import read_profile
from worker.tools.proposal.formats import Formats
from worker.tools.proposal.words import counted, legible
from worker.tools.requirements import BUILT, Analysis, Kind, Requirement, read_requirements
from worker.tools.workspace import Workspace

UNNAMED_PROJECT = "Proposed solution"


@dataclass(frozen=True)
class Figure:
    """One of the figures that a reader looks for first."""

    label: str
    value: str
    sentence: str
    """What the figure means, as one sentence."""


@dataclass(frozen=True)
class ScopePackage:
    """One work package, with what is built in it."""

    name: str
    description: str
    requirements: tuple[Requirement, ...]
    hours: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Quote:
    """What the client said, word for word."""

    text: str
    line: int
    """Counted from 1."""


@dataclass(frozen=True)
class Proposal:
    """A proposal in words and figures."""

    client: str
    project: str
    industry: str
    notes: tuple[str, ...]
    """The lines of the notes. Line 1 is the first."""
    analysis: Analysis
    costs: Costs
    profile: Profile
    reference: str
    """What identifies the offer, such as "7F3A9C21"."""
    version: int = 1
    logo: bytes | None = None

    @cached_property
    def formats(self) -> Formats:
        """How this proposal writes values."""
        return Formats(self.profile.locale, self.costs.currency)

    @property
    def number(self) -> str:
        """The offer's number with its version, such as "7F3A9C21-1"."""
        return f"{self.reference}-{self.version}"

    @property
    def date(self) -> str:
        """The day on which the project was priced."""
        return self.formats.day(self.costs.priced_on)

    @property
    def valid_until(self) -> str:
        """The last day of the offer."""
        return self.formats.day(self.costs.valid_until)

    @property
    def start(self) -> str:
        """The first day of work."""
        return self.formats.day(self.costs.start)

    @property
    def end(self) -> str:
        """The last day of work."""
        return self.formats.day(self.costs.end)

    @property
    def total(self) -> str:
        """The price."""
        return self.formats.money(self.costs.total_cost)

    @property
    def price_range(self) -> str:
        """From the lowest to the highest likely cost."""
        return f"{self.formats.money(self.costs.low)} to {self.formats.money(self.costs.high)}"

    @property
    def hours(self) -> str:
        """The effort."""
        return f"{self.formats.hours(self.costs.total_hours)} hours"

    @property
    def duration(self) -> str:
        """The project's length."""
        return counted(self.costs.weeks, "week")

    @property
    def team(self) -> str:
        """The team's size."""
        return counted(self.costs.team_size, "person", "people")

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Price, effort, duration and team, each with a sentence."""
        built = sum(self.analysis.count(kind) for kind in BUILT)
        return (
            Figure("Price", self.total, f"The likely range is {self.price_range}, {self._taxes()}"),
            Figure("Effort", self.hours, f"It covers {counted(built, 'requirement')} in scope and their management."),
            Figure("Duration", self.duration, f"Work runs from {self.start} to {self.end}."),
            Figure("Team", self.team, f"{counted(len(self.costs.lines), 'role')} share the work."),
        )

    @property
    def alerts(self) -> tuple[Risk, ...]:
        """What a reader must see first: a stated deadline or budget that is not kept."""
        return tuple(risk for risk in self.costs.risks if risk.concern is not Concern.OTHER)

    @property
    def packages(self) -> tuple[ScopePackage, ...]:
        """The work packages in their order, each with its requirements."""
        by_id = {each.id: each for each in self.requirements}
        return tuple(
            ScopePackage(
                legible(package.name),
                legible(package.description),
                tuple(by_id[each] for each in package.requirement_ids if each in by_id),
                package.hours,
                package.cost,
            )
            for package in self.costs.packages
        )

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """All requirements, with legible texts."""
        return tuple(replace(each, text=legible(each.text)) for each in self.analysis.requirements)

    def items(self, kind: Kind) -> tuple[Requirement, ...]:
        """The requirements of a kind."""
        return tuple(each for each in self.requirements if each.kind is kind)

    @property
    def excluded(self) -> tuple[str, ...]:
        """What the notes exclude from the scope, and what the profile always excludes."""
        return tuple(item.text for item in self.items(Kind.OUT_OF_SCOPE)) + self.profile.exclusions

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions behind the price and the plan."""
        return tuple(legible(assumption) for assumption in self.costs.assumptions)

    @property
    def heard(self) -> tuple[Quote, ...]:
        """The client's own words that matter most, at most six."""
        return tuple(self._quotes(6))

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What to do after the proposal."""
        first = self.costs.phases[0]
        return (
            "Review this proposal together and answer the open questions",
            f"Agree the statement of work and sign it by {self.valid_until}",
            "Name the client's product owner and the contacts for each connected system",
            f"Hold the kick-off and start the {first.name} phase on {self.formats.day(first.start)}",
        )

    def quote(self, line: int) -> str:
        """A line of the notes; empty if there is no such line."""
        return legible(self.notes[line - 1]) if 0 < line <= len(self.notes) else ""

    def _taxes(self) -> str:
        sentence = self.profile.terms.taxes
        return sentence[:1].lower() + sentence[1:]

    def _quotes(self, most: int) -> Sequence[Quote]:
        lines = [each.lines[0] for each in self.requirements if each.kind in BUILT and each.lines]
        quotes = [Quote(text, line) for line in dict.fromkeys(lines) if (text := self.quote(line))]
        return sorted(sorted(quotes, key=lambda quote: len(quote.text), reverse=True)[:most], key=lambda each: each.line)


def proposal_of(
    assessment: Assessment, analysis: Analysis, costs: Costs, profile: Profile, *, reference: str = "", version: int = 1
) -> Proposal:
    """The proposal for an assessment, what was understood of it, and its price and plan."""
    return Proposal(
        client=legible(assessment.client_name) or "the client",
        project=legible(assessment.project_name or "") or UNNAMED_PROJECT,
        industry=legible(assessment.industry or ""),
        notes=tuple(assessment.requirements.splitlines()),
        analysis=analysis,
        costs=costs,
        profile=profile,
        reference=reference,
        version=version,
    )


def read_proposal(workspace: Workspace) -> Proposal:
    """Read the session's proposal.

    Raises:
        MissingInputError: the requirements or the costs don't exist yet.
    """
    return proposal_of(
        read_assessment(workspace),
        read_requirements(workspace),
        read_costs(workspace),
        read_profile(workspace),
        reference=workspace.session_id[:8].upper(),
    )
