"""The rules reader: reads notes without a model. The same notes always give the same analysis.

It repairs the text, finds languages and speakers, joins lines to statements, decides what each asks for, settles
questions by their answers, and merges what is said twice. It is the reader where no model is set up, and the one that
reads the notes when a model fails.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from worker.tools.analysis import complexity
from worker.tools.analysis.rules import (
    confidence,
    dialogue,
    language,
    lines,
    mail,
    merging,
    names,
    packages,
    source,
    surroundings,
    talk,
    topics,
    wording,
)
from worker.tools.analysis.rules.classify import classify
from worker.tools.analysis.rules.collector import Collector
from worker.tools.analysis.rules.facts import find as facts
from worker.tools.analysis.rules.lexicon import Lexicon, lexicon
from worker.tools.analysis.rules.outline import Outline
from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.source import Raw
from worker.tools.analysis.rules.speech import Speeches
from worker.tools.analysis.rules.verdicts import Notes, Verdict
from worker.tools.facts import Facts
from worker.tools.requirements import ID_PREFIXES, Analysis, Kind, Requirement

_SPACED = 0.8
_LEAST_SPACED = 8
_STEP = 2


@dataclass(frozen=True)
class RulesReader:
    """Reads notes by rules."""

    name: str = "rules"

    def read(self, notes: str, *, today: dt.date) -> Analysis:
        """What the notes ask for. A date without a year is the next one after `today`."""
        text = source.read(notes)
        raws = _tightened(text.lines)
        languages = language.find([raw.text for raw in raws])
        words = lexicon(languages.read)
        outline = _outline(raws, words)
        people = names.people(outline.statements, words)
        systems = names.systems(outline.statements, words, people)
        sober = [each for each in outline.statements if not Signals(each.text, words).has("order")]
        found = facts.find(sober, words, today)
        figures = (fact.lines for fact in (found.duration, found.start, found.team_size) if fact is not None)
        of_all = Notes(words, systems, frozenset(_limits(found)), frozenset(figures))
        statements = surroundings.seen(outline.statements, words)
        settled = list(dialogue.settle([classify(each, of_all) for each in statements], of_all))
        verdicts = list(talk.join(settled, words))
        kept = merging.merge([verdict for verdict in verdicts if verdict.kind is not None], words, systems)
        share = confidence.of(text.lines, verdicts, outline.structure | outline.silent, found, languages)
        warnings = [*text.warnings, *confidence.warnings(share, languages, verdicts)]
        doubtful = languages.main is None or share < confidence.LOW or not kept
        return _analysis(list(_numbered(kept, words, people, doubtful=doubtful)), found, share, warnings)


def _limits(found: Facts) -> Iterator[tuple[int, ...]]:
    """The lines of the facts that limit the project: its budget and its deadlines. Of a deadline that is named twice each place counts."""
    for fact in (found.budget, *found.deadlines):
        if fact is not None:
            yield fact.lines
            yield from ((line,) for line in fact.lines)


def _analysis(requirements: Sequence[Requirement], found: Facts, share: float, warnings: Sequence[str]) -> Analysis:
    counts = {kind: sum(requirement.kind is kind for requirement in requirements) for kind in Kind}
    return Analysis(
        requirements=tuple(requirements),
        complexity=complexity.weigh(counts, [requirement.text for requirement in requirements]),
        facts=found,
        confidence=share,
        warnings=tuple(warnings),
    )


def _outline(raws: Sequence[Raw], words: Lexicon) -> Collector:
    speeches = Speeches([raw.text for raw in raws], words)
    return Outline(words, lines.read(raws, words, speeches), raws).read(mail.envelope(raws, words))


def _numbered(
    kept: Sequence[Verdict], words: Lexicon, people: AbstractSet[str], *, doubtful: bool
) -> Iterator[Requirement]:
    """The requirements with ids, numbered by kind."""
    numbers = dict.fromkeys(Kind, 0)
    stated = [(verdict.kind, verdict.statement) for verdict in kept if verdict.kind is not None]
    for (kind, statement), package in zip(stated, packages.names(stated, english=words.languages[0] == "en"), strict=True):
        numbers[kind] += 1
        size, reason = topics.size(kind, statement)
        text = wording.sentence(statement.text, words, spoken=not statement.listed, people=people)
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


_LIST_MARK = re.compile(r"\s*(?:[-*\u2022#|>]|\d+[.)])")


def _tightened(raws: Sequence[Raw]) -> list[Raw]:
    """The lines of a PDF that was pasted with a blank line after each line, without those blank lines."""
    full = [place for place, raw in enumerate(raws) if raw.text.strip()]
    if len(full) < _LEAST_SPACED:
        return list(raws)
    steps = [(earlier, later) for earlier, later in pairwise(full) if later - earlier == _STEP]
    spaced = len(steps)
    wrapped = sum(
        raws[later].text.lstrip()[:1].islower() and not _LIST_MARK.match(raws[later].text) for _, later in steps
    )
    if spaced < _SPACED * (len(full) - 1) or wrapped * 10 < spaced:
        return list(raws)
    kept: list[Raw] = []
    for place, raw in enumerate(raws):
        if raw.text.strip() or (place + 1 < len(raws) and not raws[place + 1].text.strip()):
            kept.append(raw)
    return kept
