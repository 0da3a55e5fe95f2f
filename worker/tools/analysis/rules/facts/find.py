"""Collects the facts about this project from the statements.

A number is a fact only beside words that say what it is. A number about something else (revenue, an order's value, a
retention period, the tender's own dates) is none.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tools.analysis.rules.facts import budget, calendar, duration, people, tongues
from worker.tools.analysis.rules.facts.candidates import candidates
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.facts import Facts


@dataclass(frozen=True)
class Found:
    """What the statements say about the project."""

    facts: Facts
    vague: tuple[calendar.Vague, ...]
    """Deadlines without a day, where no other deadline is stated."""


def find(statements: Sequence[Statement], lexicon: Lexicon, *, written: dt.date, today: dt.date) -> Found:
    """The facts of these statements. A date without a year is the next one after the day they were written."""
    said = list(candidates(statements, lexicon))
    days = calendar.find(said, lexicon, written, today)
    length = duration.find(said, lexicon)
    facts = Facts(
        budget=budget.find(said, lexicon, today),
        deadlines=days.deadlines,
        duration=length.length if length else None,
        start=days.start,
        team_size=people.find(said, lexicon, length.candidate if length else None),
        languages=tongues.find(said, lexicon),
    )
    return Found(facts, days.vague)
