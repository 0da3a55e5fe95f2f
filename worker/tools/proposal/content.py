"""The proposal: what was understood, the price and the plan, in words.

Every figure comes from costs.json, every requirement from requirements.json, and every term from the profile. The
modules beside this one write the parts; `Proposal` hands them out, each made once. All texts are safe to put into XML.
"""

from dataclasses import dataclass
from functools import cached_property

from schema.assessment import Assessment
from worker.tools.assessment import read_assessment
from worker.tools.costs import Costs, Risk, read_costs
from worker.tools.profile.profile import Profile
from worker.tools.profile.reading import read_profile
from worker.tools.proposal import goals, people, quotes, scope, summary, systems, work
from worker.tools.proposal.offer import Offer
from worker.tools.proposal.parts import (
    Criterion,
    Deliverable,
    Figure,
    Objective,
    Outline,
    Quote,
    Raci,
    RoleShare,
    ScopePackage,
    Stage,
    Trace,
)
from worker.tools.proposal.words import legible
from worker.tools.requirements import Analysis, Requirement, read_requirements
from worker.tools.workspace import Workspace

UNNAMED_PROJECT = "Proposed solution"


@dataclass(frozen=True)
class Proposal(Offer):
    """A proposal in words and figures."""

    # The first page.

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Price, effort, duration and team, each with a sentence."""
        return tuple(summary.figures(self))

    @cached_property
    def summary(self) -> tuple[str, ...]:
        """Three to five sentences: what the client wants, what is offered, price and dates, what is open."""
        return tuple(summary.summary(self))

    @property
    def alerts(self) -> tuple[Risk, ...]:
        """What a reader must see first: a stated deadline or budget that is not kept."""
        return summary.alerts(self)

    @property
    def caution(self) -> str:
        """A sentence for the first page where the notes were hard to understand; empty where they were not."""
        return summary.caution(self)

    # What the client wants.

    @cached_property
    def sentences(self) -> quotes.Notes:
        """The notes as sentences."""
        return quotes.read("\n".join(self.notes))

    @cached_property
    def heard(self) -> tuple[Quote, ...]:
        """The client's own sentences that matter most, at most six."""
        return goals.heard(self)

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        """What the client wants to achieve."""
        return tuple(goals.objectives(self))

    @cached_property
    def success_criteria(self) -> tuple[Criterion, ...]:
        """What can be measured when the project is over."""
        return tuple(goals.success_criteria(self))

    # The scope.

    @cached_property
    def packages(self) -> tuple[ScopePackage, ...]:
        """The work packages in their order, each with its requirements."""
        return tuple(scope.packages(self))

    @cached_property
    def systems(self) -> Outline:
        """The solution's parts and the client's systems around them."""
        return systems.outline(self)

    @cached_property
    def trace(self) -> tuple[Trace, ...]:
        """From each line of the notes that states a requirement to the work package."""
        return tuple(scope.trace(self))

    def sources(self, requirement: Requirement) -> str:
        """Where the notes state a requirement, such as "Notes, lines 12 and 40"."""
        return scope.sources(requirement)

    def said(self, requirement: Requirement) -> str:
        """The requirement's text; the sentence of the notes in quotation marks where it is speech."""
        return scope.said(requirement, self)

    # How it is done, and by whom.

    @cached_property
    def approach(self) -> tuple[Stage, ...]:
        """The phases with what happens in each."""
        return tuple(work.approach(self))

    @cached_property
    def deliverables(self) -> tuple[Deliverable, ...]:
        """What is handed over, with its acceptance criteria."""
        return tuple(work.deliverables(self))

    @cached_property
    def roles(self) -> tuple[RoleShare, ...]:
        """The supplier's team by role."""
        return tuple(people.roles(self))

    @cached_property
    def raci(self) -> Raci:
        """Who is responsible, accountable, consulted and informed."""
        return people.raci(self)

    @property
    def client_duties(self) -> tuple[str, ...]:
        """What the client contributes, as sentences that begin with a verb."""
        return tuple(people.client_duties(self))

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What to do after the proposal, as phrases that begin with a verb."""
        return tuple(people.next_steps(self))


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
