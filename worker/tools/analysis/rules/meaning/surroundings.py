"""Finds what stands around a statement: who asks the questions, what was asked last, how many neighbours demand.

A sentence such as "The driver keys the litres" tells how things are in one place and what is wanted in another; only
its surroundings say which.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from worker.tools.analysis.rules.lexicon import Lexicon, function_words
from worker.tools.analysis.rules.meaning import questions
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.outline.statements import Asked, Statement
from worker.tools.requirements import Kind

_TURNS = 2
_SMALL = function_words()["en"]
_FIRST_WORD = re.compile(r"\w+")
_NEAR, _LINK = 2, 1.0
"""How far back a statement can point at a system, and what that one's words must weigh."""
_FEW = 4
"""In longer notes a first line without a full stop is their title."""
_ASKING_SHARE = 0.4
_QUESTION_SHARE = 0.2
_HEAD = 6
"""The most statements that can stand before the first speaker as the head of a transcript."""
_ANSWER_TURNS, _ANSWER_SENTENCES = 2, 5
"""How long an answer to a question about today goes on, in turns, or where nobody's name is told in sentences."""
_STEADY = 2
"""How many neighbours without a demand each statement is thought to have besides its own: few neighbours say little."""


def seen(
    statements: Sequence[Statement], lexicon: Lexicon, systems: re.Pattern[str], people: AbstractSet[str]
) -> Iterator[Statement]:
    """The statements, each with what stands around it. `people` are the words of the names of persons."""
    signals = [Signals(each.text, lexicon, systems) for each in statements]
    demands = [each.need or each.has("should") or each.has("could") for each in signals]
    interviewers = _interviewers(statements, signals)
    keys = [(each.section.title, each.section.role, each.listed) for each in statements]
    count, demanding = Counter(keys), Counter(key for key, demand in zip(keys, demands, strict=True) if demand)
    asked, since, topic, proposal = Asked.NOTHING, (0, 0), None, False
    first = next((place for place, each in enumerate(statements) if each.speaker), 0)
    for place, (statement, signal, key, own) in enumerate(zip(statements, signals, keys, demands, strict=True)):
        if (asked is Asked.TODAY or proposal) and _is_over(since, statement, place, brief=proposal):
            asked, proposal = Asked.OTHER, False
        if since[0] and statement.turn > since[0] + _ANSWER_TURNS:
            topic = None
        titles = (place == 0 and statement.alone and len(statements) > _FEW) or place < first <= _HEAD
        yield replace(
            statement,
            section=replace(statement.section, preamble=True) if titles else statement.section,
            interviewer=statement.speaker in interviewers,
            asked=asked if statement.spoken else Asked.NOTHING,
            of_person=_is_of_person(statement, signal, people),
            about=_linked(place, statements, signals) or (topic if statement.spoken else None),
            demanding=(demanding[key] - own) / (count[key] - 1 + _STEADY),
        )
        if statement.speaker in interviewers and not signal.question and signal.has("invites"):
            asked, since, topic, proposal = Asked.TODAY, (statement.turn, place), None, False
        elif signal.question and not signal.small_talk:
            asked, since = questions.about(signal), (statement.turn, place)
            topic, proposal = questions.kind(signal), questions.proposes(signal)


def _linked(place: int, statements: Sequence[Statement], signals: Sequence[Signals]) -> Kind | None:
    """An interface, where a statement points back at a system or its data: "They send a file. That should land ..."."""
    statement, signal = statements[place], signals[place]
    if not statement.told or place == 0:
        return None
    points = signal.lexicon.words("anaphor").match(signal.said) is not None or signal.has("points_at_systems")
    if not (points and signal.has("flow")):
        return None
    before = range(max(0, place - _NEAR), place)
    said_by = (statement.speaker, statement.turn)
    same = [each for each in before if (statements[each].speaker, statements[each].turn) == said_by]
    linked = any(signals[each].integration >= _LINK and not signals[each].question for each in same)
    return Kind.INTEGRATION if linked and statement.lines[0] - statements[place - 1].lines[-1] <= 1 else None


def _is_of_person(statement: Statement, signal: Signals, people: AbstractSet[str]) -> bool:
    first = _FIRST_WORD.match(statement.text)
    named = first is not None and first[0] in people and first[0].lower() not in _SMALL
    return named or signal.lexicon.words("of_person").match(signal.said) is not None


def _is_over(since: tuple[int, int], statement: Statement, place: int, *, brief: bool) -> bool:
    """Whether the answer to a question has ended: others speak, or the same one has said enough. `brief` is for the
    answer to a proposal.
    """
    turn, asked = since
    turns, sentences = (1, 2) if brief else (_ANSWER_TURNS, _ANSWER_SENTENCES)
    return statement.turn > turn + turns or (statement.turn == turn and place > asked + sentences)


def _interviewers(statements: Sequence[Statement], signals: Sequence[Signals]) -> frozenset[str]:
    """The speakers many of whose turns ask something, as long as somebody else answers."""
    turns: dict[str, set[int]] = {}
    asking: dict[str, set[int]] = {}
    said: Counter[str] = Counter()
    questions_of: Counter[str] = Counter()
    for statement, signal in zip(statements, signals, strict=True):
        if statement.speaker:
            turns.setdefault(statement.speaker, set()).add(statement.turn)
            said[statement.speaker] += 1
            questions_of[statement.speaker] += signal.question
            if signal.question:
                asking.setdefault(statement.speaker, set()).add(statement.turn)
    if len(turns) < _TURNS:
        return frozenset()
    found = {
        name
        for name, of in asking.items()
        if len(of) >= _TURNS
        and len(of) >= _ASKING_SHARE * len(turns[name])
        and questions_of[name] >= _QUESTION_SHARE * said[name]
    }
    return frozenset(found if len(found) < len(turns) else ())
