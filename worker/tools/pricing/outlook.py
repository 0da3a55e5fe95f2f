"""What the risks are told by: the estimate with its dates, beside what the notes state. Pure."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from worker.tools.costs import Phase
from worker.tools.facts import Budget
from worker.tools.pricing import plan
from worker.tools.pricing.deadlines import StatedDays
from worker.tools.pricing.estimate import Conditions, Estimate, estimate
from worker.tools.pricing.sectors import Sector
from worker.tools.proposal.formats import Formats
from worker.tools.requirements import BUILT, Analysis, Priority, Requirement


@dataclass(frozen=True)
class Reduced:
    """A smaller scope, and its estimate."""

    name: str
    """Such as "without the 3 could-have requirements"."""
    estimate: Estimate
    end: dt.date


@dataclass(frozen=True)
class Outlook:
    """The offer so far."""

    analysis: Analysis
    sector: Sector | None
    conditions: Conditions
    whole: Estimate
    phases: tuple[Phase, ...]
    days: StatedDays
    budget: Budget | None
    today: dt.date

    @property
    def end(self) -> dt.date:
        """The last day of work."""
        return self.phases[-1].end

    @property
    def formats(self) -> Formats:
        """How texts write values."""
        return Formats(self.conditions.profile.locale, self.conditions.given.rates.currency)

    @cached_property
    def built(self) -> tuple[Requirement, ...]:
        """What is to be built."""
        return tuple(each for each in self.analysis.requirements if each.kind in BUILT)

    @cached_property
    def reduced(self) -> tuple[Reduced, ...]:
        """Smaller scopes by priority, the largest first. Only those that still build something."""
        return tuple(
            self._without(dropped, name)
            for dropped, name in (
                ({Priority.COULD}, "could-have requirements"),
                ({Priority.COULD, Priority.SHOULD}, "should-have and could-have requirements"),
            )
            if self._is_smaller(dropped)
        )

    def _is_smaller(self, dropped: set[Priority]) -> bool:
        """Whether something is dropped, by the last of the priorities too, and something is left."""
        priorities = [each.priority for each in self.built]
        last = Priority.SHOULD if Priority.SHOULD in dropped else Priority.COULD
        return last in priorities and not dropped.issuperset(priorities)

    def _without(self, dropped: set[Priority], name: str) -> Reduced:
        kept = [each for each in self.analysis.requirements if each not in self.built or each.priority not in dropped]
        count = len(self.analysis.requirements) - len(kept)
        only = f"the {count} {name}" if count > 1 else f"the one {name.removesuffix('s').replace(' and ', ' or ')}"
        smaller = estimate(kept, self.conditions)
        phases = plan.phases(self.conditions.given.start, smaller.schedule.weeks)
        return Reduced(f"without {only}", smaller, phases[-1].end)
