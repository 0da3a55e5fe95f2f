"""Collects the facts about this project from the statements.

A number is a fact only beside words that say what it is. A number about something else (revenue, an order's value, a
retention period, the tender's own dates) is none.
"""

import datetime as dt
from collections.abc import Sequence

from worker.tools.analysis.rules.facts import budget, calendar, duration, people, tongues
from worker.tools.analysis.rules.facts.candidates import candidates
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.statements import Statement
from worker.tools.facts import Facts


def find(statements: Sequence[Statement], lexicon: Lexicon, today: dt.date) -> Facts:
    """The facts of these statements."""
    said = list(candidates(statements, lexicon))
    deadlines, start = calendar.find(said, lexicon, today)
    length = duration.find(said, lexicon)
    return Facts(
        budget=budget.find(said, lexicon),
        deadlines=deadlines,
        duration=length.length if length else None,
        start=start,
        team_size=people.find(said, lexicon, length.candidate if length else None),
        languages=tongues.find(said, lexicon),
    )
