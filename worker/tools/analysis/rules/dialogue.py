"""Settles questions by their answers: in talk by what the next speaker says, in lists by what follows the question.

A question that is answered is not open: its answer may ask for something, or put something out of scope.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from worker.tools.analysis.rules.classify import classify
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.roles import Role
from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.statements import Statement
from worker.tools.analysis.rules.verdicts import Notes, Reason, Verdict
from worker.tools.requirements import Kind

_ANSWER = 2
"""The first sentences of the next turn that can answer a question."""
_SHORT = 9


def settle(verdicts: Sequence[Verdict], notes: Notes) -> Iterator[Verdict]:
    """The verdicts with answered questions settled."""
    split = [part for verdict in verdicts for part in _parts(verdict, notes)]
    turns = [list(turn) for _, turn in groupby(split, key=lambda each: (each.statement.turn, each.statement.speaker))]
    merged: set[int] = set()
    for place, turn in enumerate(turns):
        next_turn = turns[place + 1] if place + 1 < len(turns) and turns[place + 1][0].statement.speaker else []
        for number, verdict in enumerate(turn):
            if id(verdict) in merged:
                continue
            if not verdict.question or verdict.kind is not Kind.OPEN_QUESTION:
                yield verdict
                continue
            rest = turn[number + 1 :]
            reply = [each for each in rest[:_ANSWER] if _follows(verdict, each)] or (next_turn if not rest else [])
            yield _answered(verdict, reply, notes, merged) if reply else verdict


def _follows(question: Verdict, answer: Verdict) -> bool:
    """Whether a statement can answer the question before it in the same turn, paragraph or list item."""
    near = answer.statement.lines[0] - question.statement.lines[-1]
    same = question.statement.shape is answer.statement.shape and question.statement.section == answer.statement.section
    asks = answer.question and answer.statement.text.endswith("?")
    return (
        same
        and not asks
        and question.statement.text.endswith("?")
        and (near == 0 or (near == 1 and not question.statement.listed))
    )


def _parts(verdict: Verdict, notes: Notes) -> Iterator[Verdict]:
    """A list item that asks and answers in one, as its parts: "Is it in? Yes, since May."."""
    statement = verdict.statement
    mark = statement.text.find("? ")
    if not statement.listed or mark < 0 or statement.section.role is Role.OUT_OF_SCOPE:
        yield verdict
        return
    for text in (statement.text[: mark + 1], statement.text[mark + 2 :]):
        if text.strip():
            yield classify(replace(statement, text=text.strip(), details=()), notes)


def _answered(question: Verdict, reply: Sequence[Verdict], notes: Notes, merged: set[int]) -> Verdict:
    lexicon = notes.lexicon
    if (
        reply[0].question
        and (len(reply) == 1 or reply[0].kind is Kind.OPEN_QUESTION)
        and not Signals(reply[0].statement.text, lexicon).small_talk
    ):
        return question
    first = reply[:_ANSWER]
    texts = [Signals(each.statement.text, lexicon) for each in first]
    polar = Signals(question.statement.text, lexicon).polar
    asked = question.statement
    no = texts[0].lexicon.words("no").match(texts[0].said.lstrip(" ,.")) is not None
    excluded = any((text.excluded and not text.need) or (text.excluded and _short(text)) for text in texts)
    defers = any(_defers(each, lexicon) for each in first)
    if polar and (excluded or (no and not defers)):
        for each in first:
            if each.kind in {Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION, None} or _short(
                Signals(each.statement.text, lexicon)
            ):
                merged.add(id(each))
        return Verdict(_with(asked, first), Kind.OUT_OF_SCOPE)
    if defers:
        for each in first:
            if each.kind in {Kind.OPEN_QUESTION, None}:
                merged.add(id(each))
        return question
    merged.update(
        id(each) for each in first if each.kind is Kind.OPEN_QUESTION and not each.statement.text.endswith("?")
    )
    yes = texts[0].lexicon.words("yes").match(texts[0].said.lstrip(" ,.")) is not None
    asks = [each for each in first if each.kind is not None]
    if (
        polar
        and yes
        and not asks
        and not Signals(asked.text, lexicon).has("old")
        and not Signals(asked.text, lexicon).of_today
    ):
        turned = replace(asked, text=asked.text.rstrip("? ").lstrip("\u00bf") + ".")
        kind = classify(turned, notes).kind
        if kind in {Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION}:
            return Verdict(_with(turned, first[:1]), kind)
    return Verdict(asked, None, Reason.CONTEXT, question=True)


def _with(statement: Statement, reply: Sequence[Verdict]) -> Statement:
    lines = dict.fromkeys((*statement.lines, *(line for each in reply for line in each.statement.lines)))
    return replace(statement, lines=tuple(lines))


def _short(signals: Signals) -> bool:
    return len(signals.said.split()) <= _SHORT


def _defers(verdict: Verdict, lexicon: Lexicon) -> bool:
    signals = Signals(verdict.statement.text, lexicon)
    return lexicon.words("deferral").search(signals.said) is not None
