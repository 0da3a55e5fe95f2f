"""Settles questions by their answers: in talk by what the next speaker says, in lists by what follows the question.

A question that is answered is not open: its answer may ask for something, or put something out of scope.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from worker.tools.analysis.rules.classify import Reason, Verdict, classify
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.statements import Statement
from worker.tools.requirements import Kind

_ANSWER = 2
"""The first sentences of the next turn that can answer a question."""
_SHORT = 9
_TODAY = re.compile(r"(?:and |so |but )*(?:do you (?!need|want|require|expect)|does |did |have |has |is there|are there|is the|are the|habt ihr|haben sie|gibt es|avez-vous|y a-t-il|tienen |tenéis |hay |avete |c'è |hebben jullie|heeft |finns |har ni|czy macie|têm |há )")
"""Questions about how things are rather than about what is wanted."""


def settle(verdicts: Sequence[Verdict], lexicon: Lexicon) -> Iterator[Verdict]:
    """The verdicts with answered questions settled."""
    turns = [list(turn) for _, turn in groupby(verdicts, key=lambda each: (each.statement.turn, bool(each.statement.speaker)))]
    merged: set[int] = set()
    for place, turn in enumerate(turns):
        reply = turns[place + 1] if place + 1 < len(turns) else []
        before = turns[place - 1] if place else []
        puts_off = bool(before) and before[-1].question and bool(turn[0].statement.speaker)
        for number, verdict in enumerate(turn):
            if id(verdict) in merged:
                continue
            last = number == len(turn) - 1
            if verdict.question and verdict.kind is Kind.OPEN_QUESTION and verdict.statement.speaker:
                if last and reply and reply[0].statement.speaker:
                    yield _answered(verdict, reply, lexicon, merged)
                elif not last and not turn[number + 1].question and not _defers(turn[number + 1], lexicon):
                    yield Verdict(verdict.statement, None, Reason.CONTEXT, question=True)
                else:
                    yield verdict
            elif verdict.kind is Kind.OPEN_QUESTION and not verdict.question and puts_off and _defers(verdict, lexicon):
                yield Verdict(verdict.statement, None, Reason.TALK)
            else:
                yield verdict


def _answered(question: Verdict, reply: Sequence[Verdict], lexicon: Lexicon, merged: set[int]) -> Verdict:
    if reply[0].question and len(reply) == 1 and not Signals(reply[0].statement.text, lexicon).small_talk:
        return question
    first = reply[:_ANSWER]
    texts = [Signals(each.statement.text, lexicon) for each in first]
    polar = Signals(question.statement.text, lexicon).polar
    asked = question.statement
    no = texts[0].lexicon.words("no").match(texts[0].said.lstrip(" ,.")) is not None
    excluded = any(text.excluded and not text.need or (text.excluded and _short(text)) for text in texts)
    defers = any(_defers(each, lexicon) for each in first)
    if polar and (excluded or (no and not defers)):
        for each in first:
            if each.kind in {Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION, None} or _short(Signals(each.statement.text, lexicon)):
                merged.add(id(each))
        return Verdict(_with(asked, first), Kind.OUT_OF_SCOPE)
    if defers:
        for each in first:
            if each.kind in {Kind.OPEN_QUESTION, None}:
                merged.add(id(each))
        return question
    yes = texts[0].lexicon.words("yes").match(texts[0].said.lstrip(" ,.")) is not None
    asks = [each for each in first if each.kind is not None]
    if polar and yes and not asks and not Signals(asked.text, lexicon).has("old") and not _TODAY.match(asked.text.lower()):
        turned = replace(asked, text=asked.text.rstrip("? ").lstrip("\u00bf") + ".")
        kind = classify(turned, lexicon).kind
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
