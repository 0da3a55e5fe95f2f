"""The content of both documents: the session's requirements and costs in words.

Figures and statements are put into words here, once, so that the deck and the statement of work never disagree. Every
figure comes from costs.json. All texts are safe to put into XML. The documents decide how they look.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from schema.assessment import Assessment
from worker.tools.assessment import read_assessment
from worker.tools.costs import Costs, read_costs
from worker.tools.requirements import Analysis, Kind, Requirement, read_requirements
from worker.tools.workspace import Workspace

UNNAMED_PROJECT = "Proposed solution"

SCOPE_TITLES: Mapping[Kind, str] = {
    Kind.FUNCTIONAL: "Functional requirements",
    Kind.NON_FUNCTIONAL: "Non-functional requirements",
    Kind.INTEGRATION: "Integrations",
}

ALWAYS_EXCLUDED = (
    "Licences, hardware and cloud consumption, which the client contracts directly",
    "Content, translations and the cleansing of the client's data",
    "Changes to third-party systems beyond the interfaces listed in scope",
)

NEXT_STEPS = (
    "Review this proposal together and answer the open questions",
    "Agree the statement of work and sign it before {valid_until}",
    "Name the client's product owner and the contacts for each connected system",
    "Hold the kick-off and start the {first_phase} phase",
)

# Characters that XML 1.0 does not allow (https://www.w3.org/TR/xml/#charsets), and lone surrogates.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """The text without the characters that XML does not allow, and with each stretch of white space as one space."""
    return " ".join(_ILLEGAL.sub(" ", text).split())


def money(amount: Decimal, currency: str) -> str:
    """An amount as text, such as "USD 1,234.50"."""
    return f"{currency} {amount:,.2f}"


def number(value: Decimal) -> str:
    """A number as text, such as "1,234.5". A whole number has no fraction."""
    return f"{value:,.1f}".removesuffix(".0")


def spoken_date(iso: str) -> str:
    """An ISO date as text, such as "22 November 2026"."""
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Proposal:
    """A proposal in words and figures."""

    client: str
    project: str
    industry: str
    requirements: Analysis
    costs: Costs

    @property
    def date(self) -> str:
        """The day on which the project was priced."""
        return spoken_date(self.costs.priced_on)

    @property
    def valid_until(self) -> str:
        """The last day of the offer."""
        return spoken_date(self.costs.valid_until)

    @property
    def total(self) -> str:
        """The price."""
        return money(self.costs.total_cost, self.costs.currency)

    @property
    def hours(self) -> str:
        """The effort."""
        return f"{number(self.costs.total_hours)} hours"

    @property
    def duration(self) -> str:
        """The project's length."""
        return f"{self.costs.weeks} week{'s' * (self.costs.weeks > 1)}"

    @property
    def team(self) -> str:
        """The team's size."""
        return "1 person" if self.costs.team_size == 1 else f"{self.costs.team_size} people"

    def items(self, kind: Kind) -> tuple[Requirement, ...]:
        """The requirements of a kind, with legible texts."""
        return tuple(replace(each, text=legible(each.text)) for each in self.requirements.of(kind))

    @property
    def excluded(self) -> tuple[str, ...]:
        """What the notes exclude from the scope, and what is always excluded."""
        return tuple(item.text for item in self.items(Kind.OUT_OF_SCOPE)) + ALWAYS_EXCLUDED

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions behind the price."""
        return tuple(legible(assumption) for assumption in self.costs.assumptions)

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What to do after the proposal."""
        first = self.costs.phases[0].name
        return tuple(step.format(valid_until=self.valid_until, first_phase=first) for step in NEXT_STEPS)

    @property
    def overview(self) -> tuple[str, ...]:
        """The proposal in a few sentences."""
        counts = [(self.requirements.count(kind), title.lower()) for kind, title in SCOPE_TITLES.items()]
        scope = enumerate_words([f"{count} {_singular(title, count)}" for count, title in counts if count])
        stated = f"states {scope}" if scope else "states no requirement yet; the scope is agreed in the first phase"
        questions = self.requirements.count(Kind.OPEN_QUESTION)
        sentences = [
            f"The brief for {self.project} {stated}.",
            f"We rate its complexity as {self.costs.complexity_level.lower()}.",
            f"The work takes {self.duration} in {len(self.costs.phases)} phases, by a team of {self.team}.",
            f"The price is {self.total} for {self.hours}; the offer is valid until {self.valid_until}.",
        ]
        if questions:
            sentences.append(
                f"{questions} open question{'s' * (questions > 1)} should be answered before the statement of work"
                " is signed."
            )
        return tuple(sentences)


def enumerate_words(words: Sequence[str]) -> str:
    """Words as text, such as "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def proposal_of(assessment: Assessment, requirements: Analysis, costs: Costs) -> Proposal:
    """The proposal for an assessment, its requirements and their costs."""
    return Proposal(
        client=legible(assessment.client_name) or "the client",
        project=legible(assessment.project_name or "") or UNNAMED_PROJECT,
        industry=legible(assessment.industry or ""),
        requirements=requirements,
        costs=costs,
    )


def read_proposal(workspace: Workspace) -> Proposal:
    """Read the session's proposal.

    Raises:
        MissingInputError: the requirements or the costs don't exist yet.
    """
    return proposal_of(read_assessment(workspace), read_requirements(workspace), read_costs(workspace))


def _singular(title: str, count: int) -> str:
    return title.removesuffix("s") if count == 1 else title
