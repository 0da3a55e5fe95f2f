"""Decides the kind of each statement of the notes.

It adds up the weights of the signals in a statement, and the kind with the most weight wins. Greetings and small talk
are left out. A question that the next speaker answered becomes a note. A statement of a need is functional unless
other signals weigh more, and a statement without any signal becomes a note.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from worker.tools.analysis.notes import Statement
from worker.tools.analysis.signals import (
    NOTE_SECTION_WEIGHT,
    PRECEDENCE,
    SECTION_WEIGHT,
    SIGNALS,
    asks_for_something,
)
from worker.tools.requirements import Kind


@dataclass(frozen=True)
class Classified:
    """A statement and its kind. The kind is None for small talk."""

    statement: Statement
    kind: Kind | None


_SMALL_TALK = re.compile(
    r"(?:(?:oh|so|well|and|yes|yeah|ok|okay|alright|right|no|sure|exactly|absolutely|great|perfect|fine|cool|nice|super"
    r"|good|understood|agreed|true|thanks?|thank you|sorry|no problem|no worries|sounds good|got it|of course"
    r"|makes sense|good (?:morning|afternoon|evening|question|point|idea)|hi|hello|hey|welcome|bye|goodbye|cheers"
    r"|loud and clear|one more thing|let me see|me too|same here|see you|take care|best regards|kind regards|regards)"
    r"\b[\s,.!:\u2026-]*)+"
)
_SMALL_TALK_ANYWHERE = re.compile(
    r"\b(?:hear me|see my screen|share my screen|on mute|how are you|how was your|nice to meet"
    r"|have a (?:nice|good|great)|happy to be here|that was (?:really )?(?:useful|helpful)|thank(?:s| you)|sorry)\b"
)
_SHORT_REPLY = 4
"""A greeting followed by at most this many words is still only a greeting: "Hi Priya, good to see you"."""

_DEFERRAL = re.compile(
    r"\b(?:(?:don.t|do not) know|not sure|good question|have to check|need to check|let me check|get back to you"
    r"|unclear|(?:not|n.t) (?:yet )?(?:decided?|clear)|no idea|ask (?:him|her|them|our|the)|find out)\b"
)


def classify(statements: Sequence[Statement]) -> Iterator[Classified]:
    """All statements with their kinds, in order."""
    turns = [list(turn) for _, turn in groupby(statements, key=lambda statement: statement.turn)]
    asked = False
    for place, turn in enumerate(turns):
        reply = turns[place + 1] if place + 1 < len(turns) else []
        deferring = asked and _defers(turn)
        kinds = [_kind(statement, deferring=deferring) for statement in turn]
        asked = kinds[-1] is Kind.QUESTION and bool(turn[-1].speaker)
        if asked and _answers(reply, turn[-1]) and not _defers(reply):
            kinds[-1] = Kind.NOTE
        yield from (Classified(statement, kind) for statement, kind in zip(turn, kinds, strict=True))


def _kind(statement: Statement, *, deferring: bool) -> Kind | None:
    """The kind with the most weight. A reply that only puts off a question is a note; the question stays open."""
    weights = _weigh(statement)
    if not statement.listed and _is_small_talk(statement.text, serious=bool(weights.keys() - {Kind.QUESTION})):
        return None
    if deferring and not asks_for_something(_DEFERRAL.sub("", statement.text.lower())):
        return Kind.NOTE
    return max(weights, key=lambda kind: (weights[kind], -PRECEDENCE.index(kind)), default=Kind.NOTE)


def _weigh(statement: Statement) -> dict[Kind, int]:
    weights: dict[Kind, int] = defaultdict(int)
    for signal in SIGNALS:
        if (statement.listed or not signal.listed_only) and signal.words.search(statement.text):
            weights[signal.kind] += signal.weight
    if statement.section:
        weights[statement.section] += NOTE_SECTION_WEIGHT if statement.section is Kind.NOTE else SECTION_WEIGHT
    return weights


def _is_small_talk(text: str, *, serious: bool) -> bool:
    lower = text.lower()
    if serious:
        return False
    greeting = _SMALL_TALK.match(lower)
    rest = lower[greeting.end() :] if greeting else lower
    return bool((greeting and len(rest.split()) <= _SHORT_REPLY) or _SMALL_TALK_ANYWHERE.search(lower))


def _answers(reply: Sequence[Statement], question: Statement) -> bool:
    """Whether another speaker has the next turn and does not begin it with a question."""
    return bool(reply) and reply[0].speaker not in {"", question.speaker} and not reply[0].text.endswith("?")


def _defers(reply: Sequence[Statement]) -> bool:
    return any(_DEFERRAL.search(statement.text.lower()) for statement in reply)
