"""What an offer consists of: the analysis, the price, the terms, and its main figures as text.

`content.Proposal` adds the parts in words. The texts here are safe to put into XML.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from worker.tools.costs import Costs, Package, Risk
from worker.tools.profile.profile import Profile
from worker.tools.proposal.formats import Formats
from worker.tools.proposal.words import counted, legible
from worker.tools.requirements import Analysis, Kind, Requirement

_MANAGEMENT = "management"
"""The word by which the package of the project's management is known."""


@dataclass(frozen=True)
class Offer:
    """The input of a proposal."""

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
    """A PNG or JPEG that can be opened."""

    @property
    def number(self) -> str:
        """The offer's number with its version, such as "7F3A9C21-1"."""
        return f"{self.reference}-{self.version}"

    @cached_property
    def formats(self) -> Formats:
        """How this proposal writes values."""
        return Formats(self.profile.locale, self.costs.currency)

    @property
    def language(self) -> str:
        """The language of the documents' own texts (BCP 47), for spelling checks and screen readers."""
        return self.profile.locale.replace("_", "-") if self.profile.locale.startswith("en") else "en-GB"

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
        noun = "hour" if self.costs.total_hours == 1 else "hours"
        return f"{self.formats.hours(self.costs.total_hours)} {noun}"

    @property
    def duration(self) -> str:
        """The project's length."""
        return counted(self.costs.weeks, "week")

    @property
    def team(self) -> str:
        """The team's size. `roles` says who is in it."""
        return counted(self.costs.team_size, "person", "people")

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """All requirements, with legible texts."""
        return tuple(replace(each, text=legible(each.text)) for each in self.analysis.requirements)

    def items(self, kind: Kind) -> tuple[Requirement, ...]:
        """The requirements of a kind."""
        return tuple(each for each in self.requirements if each.kind is kind)

    @property
    def constraints(self) -> tuple[Requirement, ...]:
        """What the client prescribes."""
        return self.items(Kind.CONSTRAINT)

    @property
    def questions(self) -> tuple[Requirement, ...]:
        """What is still open."""
        return self.items(Kind.OPEN_QUESTION)

    @property
    def excluded(self) -> tuple[str, ...]:
        """What the notes exclude from the scope, and what the profile always excludes."""
        return tuple(item.text for item in self.items(Kind.OUT_OF_SCOPE)) + self.profile.exclusions

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions behind the price and the plan."""
        return tuple(legible(assumption) for assumption in self.costs.assumptions)

    @property
    def risks(self) -> tuple[Risk, ...]:
        """What may go wrong, with what is done about it, the most urgent first."""
        return tuple(
            replace(risk, text=legible(risk.text), mitigation=legible(risk.mitigation)) for risk in self.costs.risks
        )

    def managed_by(self, package: Package) -> bool:
        """Whether a package is the project's management."""
        return not package.requirement_ids and _MANAGEMENT in package.name.lower()

    def quote(self, line: int) -> str:
        """A line of the notes as it stands there; empty if there is no such line."""
        return legible(self.notes[line - 1]) if 0 < line <= len(self.notes) else ""
