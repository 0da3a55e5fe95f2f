"""Settles questions by their answers: in talk by what the next speaker says, in lists by what follows the question.

A question that is answered is not open: its answer may ask for something, or put something out of scope.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, groupby, takewhile

from worker.tools.analysis.rules.facts import tongues
from worker.tools.analysis.rules.meaning import questions
from worker.tools.analysis.rules.meaning.classify import classify
from worker.tools.analysis.rules.meaning.demands import kind_of
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Notes, Reason, Verdict
from worker.tools.analysis.rules.outline.statements import Asked, Shape
from worker.tools.analysis.rules.talk import answers, replies
from worker.tools.analysis.rules.talk.answers import Outcome
from worker.tools.analysis.rules.telling import wording
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.requirements import BUILT, Kind, Priority

_JOINT = re.compile(r"^(?:and|so|but|or|und|oder|aber|et|ou|mais|y|o|pero|e|ma|en|of|maar|och|men|i|a|ale|mas)\s")
_CLAUSE = 4
"""A question of fewer words names no requirement."""


def settle(verdicts: Sequence[Verdict], notes: Notes) -> Iterator[Verdict]:
    """The verdicts with answered questions settled."""
    split = list(_joined([part for verdict in verdicts for part in _parts(verdict, notes)], notes))
    turns = [list(turn) for _, turn in groupby(split, key=lambda each: (each.statement.turn, each.statement.speaker))]
    taken: set[int] = set()
    for place, turn in enumerate(turns):
        following = [later if later[0].statement.speaker else [] for later in turns[place + 1 : place + 3]]
        for number, verdict in enumerate(turn):
            if id(verdict) not in taken:
                outcome = _outcome(verdict, turn[number + 1 :], following, notes)
                taken.update(map(id, outcome.taken))
                yield outcome.verdict


def _outcome(
    verdict: Verdict, rest: Sequence[Verdict], following: Sequence[Sequence[Verdict]], notes: Notes
) -> Outcome:
    """What a statement comes to, with the rest of its turn and the next two turns."""
    reply = replies.content(following[0]) if following else ()
    if verdict.question and verdict.kind is None:
        return _topic(verdict, rest, reply, notes) or Outcome(verdict)
    if not verdict.question or verdict.kind is not Kind.OPEN_QUESTION:
        return Outcome(_confirmed(verdict, rest, reply, notes) or verdict)
    if wish := _polite_wish(verdict, reply, notes):
        return Outcome(wish)
    told = list(takewhile(lambda each: not each.question, dropwhile(_asks, rest)))
    own = [each for each in told[: replies.FIRST] if _follows(verdict, each)]
    handed_over = not told or verdict.statement.interviewer
    answer = reply if handed_over and reply else own
    if answer and _is_left_open(following[1:], notes):
        lines = dict.fromkeys((*verdict.statement.lines, *(line for each in answer for line in each.statement.lines)))
        return Outcome(replace(verdict, statement=replace(verdict.statement, lines=tuple(lines))), answer)
    return answers.outcome(verdict, answer, notes) if answer else Outcome(verdict)


def _topic(topic: Verdict, rest: Sequence[Verdict], reply: Sequence[Verdict], notes: Notes) -> Outcome | None:
    """What a question comes to that only names a thing: "Drafting?". It asks for nothing unless the answer does."""
    signals = Signals(topic.statement.text, notes.lexicon)
    talk = signals.small_talk or signals.has("meeting") or signals.has("procedure")
    if talk or not reply:
        return None
    if wanted := _wanted_topic(topic, reply, notes):
        return Outcome(wanted, reply[:1])
    if any(each.question for each in rest) or not (replies.refuses(reply, notes.lexicon) or questions.service(signals)):
        return None
    return answers.outcome(replace(topic, kind=Kind.OPEN_QUESTION), reply, notes)


def _polite_wish(asked: Verdict, reply: Sequence[Verdict], notes: Notes) -> Verdict | None:
    """What the client asks for politely, unless the answer is no: "Could we have a workshop as well?"."""
    statement = asked.statement
    signals = Signals(statement.text, notes.lexicon, notes.systems)
    polite = notes.lexicon.words("polite").match(signals.said) is not None and statement.told
    if not polite or statement.interviewer or (reply and replies.says_no(reply[0], notes.lexicon)):
        return None
    hints = replace(statement.hints, priority=Priority.SHOULD)
    turned = replace(statement, text=wording.affirmed(statement.text, notes.lexicon), hints=hints)
    return Verdict(turned, kind_of(turned, signals))


def _is_left_open(turns: Sequence[Sequence[Verdict]], notes: Notes) -> bool:
    """Whether who asked notes after the answer that it settles nothing: "Let's leave that open."."""
    first = [
        each for turn in turns for each in turn[: replies.FIRST] if each.statement.interviewer and not each.question
    ]
    return any(Signals(each.statement.text, notes.lexicon).has("left_open") for each in first)


def _wanted_topic(topic: Verdict, reply: Sequence[Verdict], notes: Notes) -> Verdict | None:
    """What a yes to a bare topic asks for: "Spanish?" "Yes please, at least the public side."."""
    answer = Signals(reply[0].statement.text, notes.lexicon)
    if reply[0].kind is not None or not replies.says_yes(answer) or "please" not in answer.said:
        return None
    asked = Signals(topic.statement.text, notes.lexicon, notes.systems)
    text = wording.answered(topic.statement.text, [reply[0].statement.text], notes.lexicon)
    lines = tuple(dict.fromkeys((*topic.statement.lines, *reply[0].statement.lines)))
    turned = replace(topic.statement, text=text, lines=lines)
    language = tongues.is_name(asked.said.rstrip("? "), notes.lexicon)
    return Verdict(turned, Kind.NON_FUNCTIONAL if language else kind_of(turned, asked))


def _confirmed(said: Verdict, rest: Sequence[Verdict], reply: Sequence[Verdict], notes: Notes) -> Verdict | None:
    """What who asks the questions has understood, and the client says yes to: "So each depot sees the others'."."""
    statement = said.statement
    signals = Signals(statement.text, notes.lexicon, notes.systems)
    if rest or not reply or not statement.interviewer or said.reason is not Reason.TALK or signals.small_talk:
        return None
    if not replies.says_yes(Signals(reply[0].statement.text, notes.lexicon)):
        return None
    if signals.has("meeting") or signals.has("you_have") or len(signals.said.split()) < _CLAUSE:
        return None
    told = classify(replace(statement, interviewer=False, asked=Asked.WISHES), notes)
    return told if told.kind in BUILT else None


def _asks(verdict: Verdict) -> bool:
    return verdict.question


def _joined(verdicts: Sequence[Verdict], notes: Notes) -> Iterator[Verdict]:
    """The verdicts with each question that only adds to the one before it, as "The farmer, or the co-op?", in one."""
    last: Verdict | None = None
    for verdict in verdicts:
        if last is not None and _adds(last, verdict, notes):
            statement = last.statement
            text = f"{statement.text} {verdict.statement.text}" if verdict.question else statement.text
            lines = tuple(dict.fromkeys((*statement.lines, *verdict.statement.lines)))
            last = replace(last, statement=replace(statement, text=text, lines=lines))
            continue
        if last is not None:
            yield last
        last = verdict
    if last is not None:
        yield last


def _adds(first: Verdict, more: Verdict, notes: Notes) -> bool:
    """Whether a question is no clause of its own and follows one in the same turn, or a sentence puts it off."""
    one, other = first.statement, more.statement
    if first.kind is more.kind is Kind.OPEN_QUESTION and not more.question and one.lines[-1] == other.lines[0]:
        return not one.listed and replies.defers(more, notes.lexicon)
    if not (first.question and more.question and first.kind and more.kind) or other.listed:
        return False
    near = (one.speaker, one.turn, one.shape) == (other.speaker, other.turn, other.shape)
    asked = _JOINT.sub("", Signals(other.text, notes.lexicon).said)
    begins = any(notes.lexicon.words(name).match(asked) for name in ("polar", "asks_what"))
    return near and not begins and one.lines[-1] in {other.lines[0], other.lines[0] - 1}


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
    if verdict.question and statement.shape is Shape.ROW and statement.details:
        yield verdict
        for text in statement.details[:1]:
            yield classify(replace(statement, text=text, details=()), notes)
        return
    mark = statement.text.find("? ")
    if not statement.listed or mark < 0 or statement.section.role is Role.OUT_OF_SCOPE:
        yield verdict
        return
    for text in (statement.text[: mark + 1], statement.text[mark + 2 :]):
        if text.strip():
            yield classify(replace(statement, text=text.strip(), details=()), notes)
