"""Understands notes without a model: repairs the text, joins its lines to statements, and decides what each asks for.

It finds languages and speakers, settles questions by their answers, and knows which lines ask for nothing. `reader`
makes an analysis of it; the model's reader asks it how much of the notes an answer covers.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from worker.tools.analysis.rules import language
from worker.tools.analysis.rules.facts import dates
from worker.tools.analysis.rules.facts import find as facts
from worker.tools.analysis.rules.facts.calendar import Vague
from worker.tools.analysis.rules.language import Languages
from worker.tools.analysis.rules.lexicon import Lexicon, lexicon
from worker.tools.analysis.rules.meaning import names, surroundings
from worker.tools.analysis.rules.meaning.classify import classify, parts
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Notes, Verdict
from worker.tools.analysis.rules.outline.collector import Collector
from worker.tools.analysis.rules.outline.outline import Outline
from worker.tools.analysis.rules.outline.statements import Section, Statement
from worker.tools.analysis.rules.talk import dialogue, joining
from worker.tools.analysis.rules.telling import clauses, references
from worker.tools.analysis.rules.text import lines, mail, source
from worker.tools.analysis.rules.text.source import Raw, Source
from worker.tools.analysis.rules.text.speech import Speeches
from worker.tools.facts import Facts
from worker.tools.requirements import Kind

_SPACED = 0.8
_LEAST_SPACED = 8
_STEP = 2
_HEAD_LINES = 15
"""Among these the day stands on which the notes were written."""


@dataclass(frozen=True)
class Understanding:
    """What is understood of the notes."""

    text: Source
    languages: Languages
    words: Lexicon
    people: frozenset[str]
    """The words of the names of persons."""
    systems: re.Pattern[str]
    """Matches the names of other systems."""
    verdicts: Sequence[Verdict]
    facts: Facts
    vague: tuple[Vague, ...]
    """Deadlines without a day."""
    structure: frozenset[int]
    """The lines that are only structure, or stand in a section that asks for nothing."""


def understand(notes: str, today: dt.date) -> Understanding:
    """Understand the notes. A date without a year is the next one after `today`."""
    text = source.read(notes)
    raws = _tightened(text.lines)
    languages = language.find([raw.text for raw in raws])
    words = lexicon(languages.read)
    outline = _outline(raws, words)
    people = names.people(outline.statements, [raw.text for raw in raws], words)
    systems = names.systems(outline.statements, words, people)
    sober = [each for each in outline.statements if not Signals(each.text, words).has("order")]
    written = dates.written((raw.text for raw in raws[:_HEAD_LINES]), words, today) or today
    titled = [*sober, *_titles(sober, raws)]
    found = facts.find(titled, words, written=written, today=today)
    stated = found.facts
    figures = (fact.lines for fact in (stated.duration, stated.start, stated.team_size) if fact is not None)
    limits, others = frozenset(_limits(stated)), frozenset(figures)

    def states(statement: Statement) -> bool:
        return bool(facts.find([statement], words, written=written, today=today).facts.as_json())

    told = list(clauses.apart(outline.statements, words, systems)) if languages.main == "en" else outline.statements
    beside = frozenset(_beside(told, limits | others, states))
    of_all = Notes(words, systems, limits, people, others, beside)
    around = surroundings.seen(told, words, systems, people)
    classified = [verdict for each in around for verdict in _classified(each, of_all)]
    joined = list(joining.join(list(dialogue.settle(classified, of_all)), words))
    verdicts = list(references.resolved(joined, words))
    structure = frozenset(outline.structure | outline.silent)
    return Understanding(text, languages, words, people, systems, verdicts, stated, found.vague, structure)


def _titles(statements: Sequence[Statement], raws: Sequence[Raw]) -> Iterator[Statement]:
    """The titles with a number in them: a line above a list may state a fact, such as "Budget: EUR 9,000"."""
    titles = {each.section.title for each in statements if any(map(str.isdigit, each.section.title))}
    for raw in raws:
        bare = _MARK.sub("", raw.text).strip(" #*_:")
        if bare in titles:
            titles.remove(bare)
            yield Statement(bare, raw.numbers, Section())


def _classified(statement: Statement, notes: Notes) -> Iterator[Verdict]:
    """The verdicts on a statement. A sentence of talk with two demands of different kinds is two statements."""
    english = notes.lexicon.languages[0] == "en"
    halves = clauses.halves(statement.text, notes.lexicon) if statement.told and english else ()
    each = [classify(replace(statement, text=half), notes) for half in halves] if len(halves) > 1 else []
    kinds = {half.kind for half in each}
    linked = Kind.INTEGRATION in kinds and Signals(halves[0], notes.lexicon, notes.systems).integration > 0
    if len(kinds) > 1 and None not in kinds and not linked:
        yield from each
        return
    yield from parts(statement, notes)


def _limits(found: Facts) -> Iterator[tuple[int, ...]]:
    """The lines of the facts that limit the project: its budget and deadlines. Each place of a deadline counts."""
    for fact in (found.budget, *found.deadlines):
        if fact is not None:
            yield fact.lines
            yield from ((line,) for line in fact.lines)


def _beside(
    statements: Sequence[Statement], lines: AbstractSet[tuple[int, ...]], states: Callable[[Statement], bool]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """The statements that share the line of a fact, as in a paragraph of one line, and do not state it."""
    together: dict[tuple[int, ...], list[Statement]] = {}
    for statement in statements:
        if statement.lines in lines:
            together.setdefault(statement.lines, []).append(statement)
    for group in together.values():
        silent = [each for each in group if not states(each)] if len(group) > 1 else []
        if len(silent) < len(group):
            yield from ((each.lines, each.text) for each in silent)


def _outline(raws: Sequence[Raw], words: Lexicon) -> Collector:
    speeches = Speeches([raw.text for raw in raws], words)
    envelope = mail.envelope(raws, words)
    return Outline(words, lines.read(raws, words, speeches), raws, mail.writers(raws, envelope)).read(envelope)


_MARK = re.compile(r"^\s*#+\s*")
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
