"""The rules reader: reads notes without a model. The same notes always give the same analysis.

It merges what `understanding` finds twice, and gives each requirement its id, size, discipline and work package. It is
the reader where no model is set up, and the one that reads the notes when a model fails.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.tools.analysis import complexity
from worker.tools.analysis.rules import confidence, merging, packages, topics, wording
from worker.tools.analysis.rules.understanding import Understanding, understand
from worker.tools.analysis.rules.verdicts import Verdict
from worker.tools.requirements import ID_PREFIXES, Analysis, Kind, Requirement


@dataclass(frozen=True)
class RulesReader:
    """Reads notes by rules."""

    name: str = "rules"

    def read(self, notes: str, *, today: dt.date) -> Analysis:
        """What the notes ask for. A date without a year is the next one after `today`."""
        found = understand(notes, today)
        stated = [verdict for verdict in found.verdicts if verdict.kind is not None]
        kept = merging.merge(stated, found.words, found.systems)
        share = confidence.of(found)
        warnings = [*found.text.warnings, *confidence.warnings(share, found.languages, found.verdicts)]
        doubtful = found.languages.main is None or share < confidence.LOW or not kept
        requirements = tuple(_numbered(kept, found, doubtful=doubtful))
        return Analysis(
            requirements=requirements,
            complexity=complexity.weigh(requirements),
            facts=found.facts,
            confidence=share,
            warnings=tuple(warnings),
        )


def _numbered(kept: Sequence[Verdict], found: Understanding, *, doubtful: bool) -> Iterator[Requirement]:
    """The requirements with ids, numbered by kind."""
    words = found.words
    numbers = dict.fromkeys(Kind, 0)
    stated = [(verdict.kind, verdict.statement) for verdict in kept if verdict.kind is not None]
    named = packages.names(stated, english=words.languages[0] == "en")
    for (kind, statement), package in zip(stated, named, strict=True):
        numbers[kind] += 1
        size, reason = topics.size(kind, statement)
        text = wording.sentence(statement, words, found.people)
        yield Requirement(
            id=f"{ID_PREFIXES[kind]}-{numbers[kind]}",
            kind=kind,
            text=text,
            lines=tuple(sorted(set(statement.lines))),
            priority=topics.priority(statement, words),
            work_package=package,
            size=size,
            size_reason=reason,
            discipline=topics.discipline(kind, text),
        )
    if doubtful:
        number = numbers[Kind.OPEN_QUESTION] + 1
        yield Requirement(f"{ID_PREFIXES[Kind.OPEN_QUESTION]}-{number}", Kind.OPEN_QUESTION, confidence.QUESTION, ())
