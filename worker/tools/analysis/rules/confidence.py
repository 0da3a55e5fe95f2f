"""How much of the notes the rules understood.

The confidence is the share of lines that are accounted for, weighted by nothing. Blank lines don't count. A line is
accounted for when it is
- in a requirement or a fact,
- structure: a heading, a table's head, a speaker's name or time, the envelope of an e-mail, a page number,
- in a section that asks for nothing,
- or known to ask for nothing: small talk, a question that is answered, what people do today.
It is not accounted for when no word shows what it is, or when it is in a language that the rules can't read.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

from worker.tools.analysis.rules.language import Languages
from worker.tools.analysis.rules.meaning.verdicts import Reason, Verdict
from worker.tools.analysis.rules.understanding import Understanding, understand
from worker.tools.facts import Facts
from worker.tools.requirements import BUILT

LOW = 0.5
"""Below this the notes were not understood well enough to rely on the price."""


def of(found: Understanding) -> float:
    """The confidence of the rules, from 0 to 1."""
    foreign = {number for place in found.languages.foreign for number in found.text.lines[place].numbers}
    stated = {line for verdict in found.verdicts if verdict.kind is not None for line in verdict.statement.lines}
    stated |= {line for fact in _facts(found.facts) for line in fact}
    return _share(found, (_of_nothing(found) | stated) - foreign)


def covered(notes: str, cited: Collection[int], *, today: dt.date) -> float:
    """The confidence of another reader, whose answer cites these lines: the rules know which lines ask for nothing."""
    found = understand(notes, today)
    return _share(found, _of_nothing(found) | set(cited))


def _of_nothing(found: Understanding) -> set[int]:
    """The lines that are known to ask for nothing."""
    known = [each for each in found.verdicts if each.kind is None and each.reason is not Reason.UNDECIDED]
    return set(found.structure) | {line for verdict in known for line in verdict.statement.lines}


def _share(found: Understanding, told: AbstractSet[int]) -> float:
    full = {number for raw in found.text.lines if raw.text.strip() for number in raw.numbers}
    return round(len(told & full) / len(full), 3) if full else 0.0


def _facts(facts: Facts) -> list[tuple[int, ...]]:
    single = (facts.budget, facts.duration, facts.start, facts.team_size, facts.languages)
    return [fact.lines for fact in (*single, *facts.deadlines) if fact is not None]


def warnings(confidence: float, languages: Languages, verdicts: Sequence[Verdict]) -> list[str]:
    """What a person should know before relying on the analysis."""
    found = []
    if languages.main is None:
        found.append(
            "The notes are in a language that the rules can't read, or in none that they recognise: requirements are"
            " likely to be missing. Check the list before you rely on the price."
        )
    elif confidence < LOW:
        found.append(
            f"Only {confidence:.0%} of the lines of the notes could be understood: requirements are likely to be"
            " missing. Check the list before you rely on the price."
        )
    if not any(verdict.kind in BUILT for verdict in verdicts):
        found.append(
            "The notes state no requirement that could be priced: the price covers the set-up of a project only."
        )
    orders = sum(verdict.reason is Reason.ORDER for verdict in verdicts)
    if orders:
        found.append(
            f"The notes give orders to whoever reads them. They were left out: {orders} sentence{'s' * (orders > 1)}."
        )
    return found


QUESTION = "Which requirements do the notes state? Too little of them could be understood for a reliable price."
"""The open question that goes with notes of which too little was understood."""
