"""The rules reader: reads notes without a model. The same notes always give the same analysis.

It merges what `understanding` finds twice, and gives each requirement its id, size, discipline and work package. It is
the reader where no model is set up, and the one that reads the notes when a model fails.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from worker.tools.analysis import complexity
from worker.tools.analysis.rules import confidence
from worker.tools.analysis.rules.meaning.verdicts import Verdict
from worker.tools.analysis.rules.result import merging, packages, sizes, topics
from worker.tools.analysis.rules.result.sizes import Sized
from worker.tools.analysis.rules.telling import wording
from worker.tools.analysis.rules.understanding import Understanding, understand
from worker.tools.requirements import ID_PREFIXES, Analysis, Kind, Requirement

_WHICH_DAY = "Which day does \u201c{words}\u201d mean?"


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
        texts = [wording.sentence(each.statement, found.words, found.people) for each in kept]
        sized = [_sized(each, text, found) for each, text in zip(kept, texts, strict=True)]
        requirements = (*_numbered(kept, texts, sized, found), *_questions(kept, found, doubtful=doubtful))
        warnings += _beyond(requirements, sized)
        return Analysis(
            requirements=requirements,
            complexity=complexity.weigh(requirements),
            facts=found.facts,
            confidence=share,
            warnings=tuple(warnings),
        )


def _sized(verdict: Verdict, text: str, found: Understanding) -> Sized:
    """The size of what is to be built; of anything else, none."""
    if verdict.kind is None:
        return sizes.NO_SIZE
    return sizes.size(verdict.kind, replace(verdict.statement, text=text), found.words, found.systems)


def _numbered(
    kept: Sequence[Verdict], texts: Sequence[str], sized: Sequence[Sized], found: Understanding
) -> Iterator[Requirement]:
    """The requirements with ids, numbered by kind."""
    words = found.words
    numbers = dict.fromkeys(Kind, 0)
    stated = [(verdict.kind, verdict.statement) for verdict in kept if verdict.kind is not None]
    named = packages.names(stated, english=words.languages[0] == "en")
    for (kind, statement), text, of_size, package in zip(stated, texts, sized, named, strict=True):
        numbers[kind] += 1
        yield Requirement(
            id=f"{ID_PREFIXES[kind]}-{numbers[kind]}",
            kind=kind,
            text=text,
            lines=tuple(sorted(set(statement.lines))),
            priority=topics.priority(statement, words),
            work_package=package,
            size=of_size.size,
            size_reason=of_size.reason,
            discipline=topics.discipline(kind, text),
        )


def _questions(kept: Sequence[Verdict], found: Understanding, *, doubtful: bool) -> Iterator[Requirement]:
    """What the notes don't ask and a consultant would: about days that are no days, and about notes in doubt."""
    asked = [(_WHICH_DAY.format(words=vague.words), vague.lines) for vague in found.vague]
    asked += [(confidence.QUESTION, ())] if doubtful else []
    stated = sum(verdict.kind is Kind.OPEN_QUESTION for verdict in kept)
    for number, (text, lines) in enumerate(asked, start=stated + 1):
        yield Requirement(f"{ID_PREFIXES[Kind.OPEN_QUESTION]}-{number}", Kind.OPEN_QUESTION, text, lines)


def _beyond(requirements: Sequence[Requirement], sized: Sequence[Sized]) -> Iterator[str]:
    """A warning for each requirement that is larger than the largest size, which come first among the requirements."""
    for requirement, of_size in zip(requirements, sized, strict=False):
        if of_size.beyond:
            yield (
                f"{requirement.id} is more work than the largest size stands for ({of_size.reason}): divide it before"
                " you rely on its hours."
            )
