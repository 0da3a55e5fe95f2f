"""Settles questions by their answers: in talk by what the next speaker says, in lists by what follows the question.

A question that is answered is not open: its answer may ask for something, or put something out of scope.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, groupby, takewhile

from worker.tools.analysis.rules import questions, wording
from worker.tools.analysis.rules.classify import classify
from worker.tools.analysis.rules.demands import kind_of
from worker.tools.analysis.rules.facts import tongues
from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.roles import Role
from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.statements import Asked, Shape, Statement
from worker.tools.analysis.rules.verdicts import Notes, Reason, Verdict
from worker.tools.requirements import BUILT, Kind, Priority

_ANSWER = 2
"""The first sentences of the next turn that can answer a question."""
_JOINT = re.compile(r"^(?:and|so|but|or|und|oder|aber|et|ou|mais|y|o|pero|e|ma|en|of|maar|och|men|i|a|ale|mas)\s")
_TOLD = 3
"""The most sentences of an answer that belong to what it asks for."""
_BUT = re.compile(r"^(?:but|well|oh|and|so|look|honestly),? ")
_PLAIN_NO = re.compile(r"(?:(?:but|and|well|so),? )?no(?:pe)?(?:[.!]|$|, (?!seriously|really|wait|sorry|make|but))", re.IGNORECASE)
_SHORT = 9
_MEANING = 4
"""A word of fewer letters carries little."""
_CLAUSE = 4
"""A question of fewer words names no requirement."""


def settle(verdicts: Sequence[Verdict], notes: Notes) -> Iterator[Verdict]:
    """The verdicts with answered questions settled."""
    split = list(_joined([part for verdict in verdicts for part in _parts(verdict, notes)], notes))
    turns = [list(turn) for _, turn in groupby(split, key=lambda each: (each.statement.turn, each.statement.speaker))]
    merged: set[int] = set()
    for place, turn in enumerate(turns):
        next_turn = turns[place + 1] if place + 1 < len(turns) and turns[place + 1][0].statement.speaker else []
        for number, verdict in enumerate(turn):
            if id(verdict) in merged:
                continue
            if _is_bare(verdict, notes) and next_turn and (found := _wanted_topic(verdict, _content(next_turn), notes)):
                merged.update(map(id, _content(next_turn)[:1]))
                yield found
                continue
            last = not any(each.question for each in turn[number + 1 :])
            if last and _is_bare(verdict, notes) and (reply := _content(next_turn)) and _settles_topic(verdict, reply, notes):
                yield _answered(replace(verdict, kind=Kind.OPEN_QUESTION), reply, notes, merged)
                continue
            if not verdict.question or verdict.kind is not Kind.OPEN_QUESTION:
                yield _confirmed(verdict, turn[number + 1 :], next_turn, notes) or verdict
                continue
            if (wish := _polite_wish(verdict, next_turn, notes)) is not None:
                yield wish
                continue
            rest = list(takewhile(lambda each: not each.question, dropwhile(_asks, turn[number + 1 :])))
            own = [each for each in rest[:_ANSWER] if _follows(verdict, each)]
            handed_over = not rest or verdict.statement.interviewer
            reply = _content(next_turn) if handed_over and next_turn else own
            if reply and _is_left_open(turns[place + 2 : place + 3], notes):
                merged.update(map(id, reply))
                yield replace(verdict, statement=_with(verdict.statement, reply))
                continue
            yield _answered(verdict, reply, notes, merged) if reply else verdict


def _polite_wish(asked: Verdict, reply: Sequence[Verdict], notes: Notes) -> Verdict | None:
    """What the client asks for politely, unless the answer is no: "Could we have a workshop as well?"."""
    statement = asked.statement
    signals = Signals(statement.text, notes.lexicon, notes.systems)
    polite = notes.lexicon.words("polite").match(signals.said) is not None and statement.told
    if not polite or statement.interviewer or (reply and _says_no(reply[0], notes)):
        return None
    hints = replace(statement.hints, priority=Priority.SHOULD)
    turned = replace(statement, text=wording.affirmed(statement.text, notes.lexicon), hints=hints)
    return Verdict(turned, kind_of(turned, signals))


def _is_left_open(turns: Sequence[Sequence[Verdict]], notes: Notes) -> bool:
    """Whether who asked notes after the answer that it settles nothing: "Let's leave that open."."""
    first = [each for turn in turns for each in turn[:_ANSWER] if each.statement.interviewer and not each.question]
    return any(Signals(each.statement.text, notes.lexicon).has("left_open") for each in first)


def _is_bare(verdict: Verdict, notes: Notes) -> bool:
    """Whether a question only names one thing: "Drafting?". It asks for nothing unless it is answered with no."""
    signals = Signals(verdict.statement.text, notes.lexicon)
    talk = signals.small_talk or signals.has("meeting") or signals.has("procedure")
    return verdict.question and verdict.kind is None and not talk


def _says_no(answer: Verdict, notes: Notes) -> bool:
    said = _BUT.sub("", Signals(answer.statement.text, notes.lexicon).said.lstrip(" ,."))
    return notes.lexicon.words("no").match(said) is not None


def _wanted_topic(topic: Verdict, reply: Sequence[Verdict], notes: Notes) -> Verdict | None:
    """What a yes to a bare topic asks for: "Spanish?" "Yes please, at least the public side."."""
    answer = Signals(reply[0].statement.text, notes.lexicon)
    if reply[0].kind is not None or not _says_yes(answer) or "please" not in answer.said:
        return None
    asked = Signals(topic.statement.text, notes.lexicon, notes.systems)
    text = wording.answered(topic.statement.text, [reply[0].statement.text], notes.lexicon)
    turned = _with(replace(topic.statement, text=text), reply[:1])
    return Verdict(turned, Kind.NON_FUNCTIONAL if tongues.is_name(asked.said.rstrip("? "), notes.lexicon) else kind_of(turned, asked))


def _settles_topic(topic: Verdict, reply: Sequence[Verdict], notes: Notes) -> bool:
    """Whether an answer takes a topic out or, where it is a service such as training, says how much of it."""
    return _refuses(reply, notes) or questions.service(Signals(topic.statement.text, notes.lexicon))


def _refuses(reply: Sequence[Verdict], notes: Notes) -> bool:
    """Whether an answer is a no, or puts what was asked about out of scope."""
    return _says_no(reply[0], notes) or any(each.kind is Kind.OUT_OF_SCOPE for each in reply[:_TOLD])


def _is_plain_no(answer: Verdict) -> bool:
    """Whether a sentence that is not the first one is a no beyond doubt: "No.", "But no, she does that."."""
    return _PLAIN_NO.match(answer.statement.text) is not None


def _confirmed(said: Verdict, rest: Sequence[Verdict], reply: Sequence[Verdict], notes: Notes) -> Verdict | None:
    """What who asks the questions has understood, and the client says yes to: "So each depot sees the others'."."""
    statement = said.statement
    signals = Signals(statement.text, notes.lexicon, notes.systems)
    if rest or not reply or not statement.interviewer or said.reason is not Reason.TALK or signals.small_talk:
        return None
    if not _says_yes(Signals(reply[0].statement.text, notes.lexicon)):
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
        return not one.listed and _defers(more, notes.lexicon)
    if not (first.question and more.question and first.kind and more.kind) or other.listed:
        return False
    near = (one.speaker, one.turn, one.shape) == (other.speaker, other.turn, other.shape)
    asked = _JOINT.sub("", Signals(other.text, notes.lexicon).said)
    begins = any(notes.lexicon.words(name).match(asked) for name in ("polar", "asks_what"))
    return near and not begins and one.lines[-1] in {other.lines[0], other.lines[0] - 1}


def _content(turn: Sequence[Verdict]) -> Sequence[Verdict]:
    """A turn from its first yes or no, or else from the first sentence that says more than "Ooh"."""
    return next((turn[place:] for place, each in enumerate(turn) if not _empty(each)), turn)


def _empty(verdict: Verdict) -> bool:
    words = re.findall(r"\w+", verdict.statement.text)
    return len(words) <= 1 and verdict.reason is not Reason.TALK and verdict.kind is None


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


def _answered(question: Verdict, reply: Sequence[Verdict], notes: Notes, merged: set[int]) -> Verdict:
    lexicon = notes.lexicon
    if (
        reply[0].question
        and (len(reply) == 1 or reply[0].kind is Kind.OPEN_QUESTION)
        and not Signals(reply[0].statement.text, lexicon).small_talk
    ):
        today = question.statement.interviewer and Signals(question.statement.text, lexicon).of_today
        return replace(question, kind=None, reason=Reason.CONTEXT) if today else question
    first = reply[:_ANSWER]
    texts = [Signals(each.statement.text, lexicon) for each in first]
    wanted = Signals(question.statement.text, lexicon, notes.systems)
    polar = wanted.polar
    asked = question.statement
    no = _says_no(first[0], notes) or any(_says_no(each, notes) and _is_plain_no(each) for each in first[1:])
    yes = _says_yes(texts[0])
    excluded = texts[0].excluded or (not yes and any(text.excluded for text in texts))
    told = first[0].kind is not None and first[0].kind is not Kind.OPEN_QUESTION
    defers = any(_defers(each, lexicon) for each in (first[:1] if told else first))
    in_list = asked.section.role is Role.OPEN_QUESTION
    if in_list and not (yes or no or excluded or any(_settles(text) for text in texts)):
        defers = True
    about_now = Signals(asked.text, lexicon).of_today
    if polar and (keeps := [each for each in first if texts[0].lexicon.words("stays").search(plain(each.statement.text))]):
        merged.update(id(each) for each in keeps if each.kind in {None, Kind.OUT_OF_SCOPE, Kind.CONSTRAINT})
        return Verdict(_with(replace(asked, text=keeps[0].statement.text), keeps), Kind.CONSTRAINT)
    limit = wanted.has("asks_when") or wanted.has("asks_money")
    if polar and not limit and ((excluded and (no or not defers)) or (no and not defers and not about_now)):
        for each in (*first, *(each for each in reply[_ANSWER:_TOLD] if each.kind is Kind.OUT_OF_SCOPE)):
            if each.kind in {Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION, None} or _is_short(each, wanted) or _is_plain_no(each):
                merged.add(id(each))
        told_in = next((each for each, text in zip(first, texts, strict=True) if text.excluded and not text.has("of_it")), None)
        unclear = lexicon.words("anaphor_in").search(plain(asked.text)) is not None
        text = told_in.statement.text if told_in and unclear else wording.thing(asked.text, lexicon)
        return Verdict(_with(replace(asked, text=text), first), Kind.OUT_OF_SCOPE)
    if defers:
        deferring = [each for each in first if each.kind in {Kind.OPEN_QUESTION, None} or _defers(each, lexicon)]
        deferring = [each for each in deferring if not Signals(each.statement.text, lexicon).question]
        merged.update(map(id, deferring))
        return replace(question, statement=_with(asked, deferring))
    merged.update(
        id(each)
        for each in (() if told else first)
        if each.kind is Kind.OPEN_QUESTION and not each.statement.text.endswith("?")
    )
    wished = [each for each in first if _only_wishes(each, lexicon)]
    asks = [each for each in first if each.kind is not None and each not in wished]
    if polar and yes and _asks_for_more(wanted):  # what only goes on with a yes is a detail of what was asked
        details = [each for each in asks if each.kind is Kind.FUNCTIONAL and _is_detail(each, lexicon)]
        asks = [each for each in asks if each not in details]
        merged.update(map(id, () if asks else details))
    if polar and wished and _asks_for_more(wanted, about_now=False):
        merged.update(map(id, wished))
        must = Signals(wished[0].statement.text, lexicon).has("must")
        hints = replace(asked.hints, priority=Priority.MUST if must else Priority.SHOULD)
        turned = replace(asked, text=wording.affirmed(asked.text, lexicon), hints=hints)
        return Verdict(_with(turned, first), kind_of(turned, wanted))
    kind = None if no else _names(wanted, reply)
    if kind and (said := [*takewhile(lambda each: _belongs(each, lexicon), reply)][:_TOLD]):
        merged.update(map(id, said))
        turned = replace(asked, text=wording.answered(asked.text, [each.statement.text for each in said], lexicon))
        return Verdict(_with(turned, said), kind)
    if polar and yes and not asks and _asks_for_more(wanted):
        turned = replace(asked, text=wording.affirmed(asked.text, lexicon))
        return Verdict(_with(turned, first[:1]), kind_of(turned, wanted))
    if polar and yes and wanted.of_today and not texts[0].need:
        merged.add(id(first[0]))
    return Verdict(asked, None, Reason.CONTEXT, question=True)


def _names(question: Signals, reply: Sequence[Verdict]) -> Kind | None:
    """The kind of what a bare answer asks for: "Six years" to "How long do you keep them?"."""
    answer = Signals(reply[0].statement.text, question.lexicon)
    if "en" not in question.lexicon.languages or answer.old or answer.past:
        return None
    if questions.amount(question):
        figure = any(any(map(str.isdigit, Signals(each.statement.text, question.lexicon).figures)) for each in reply[:_ANSWER])
        bare = reply[0].kind in {None, *BUILT} and not (answer.need and reply[0].kind is not Kind.NON_FUNCTIONAL)
        return Kind.NON_FUNCTIONAL if bare and (figure or answer.has("none_at_all")) else None
    if question.has("asks_may") and reply[0].kind is None and not answer.has("deferral"):
        return Kind.NON_FUNCTIONAL if question.has("to_see") else Kind.FUNCTIONAL
    if questions.source(question) and not answer.has("deferral"):
        named = question.systems.search(answer.said) is not None or answer.has("system") or answer.has("own_system")
        return Kind.INTEGRATION if named and reply[0].kind in {None, *BUILT} and not question.has("now") else None
    if question.fact("languages") and answer.several_languages:
        return Kind.NON_FUNCTIONAL
    bare = reply[0].kind is None and reply[0].reason is not Reason.TALK
    figure = any(map(str.isdigit, answer.figures)) or answer.has("some")
    return Kind.FUNCTIONAL if bare and figure and questions.service(question) and not answer.comments else None


def _belongs(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether a sentence of an answer still says what is asked for, and does not tell of earlier days."""
    signals = Signals(answer.statement.text, lexicon)
    other = answer.kind not in {None, Kind.NON_FUNCTIONAL} and signals.need
    return not (other or answer.question or signals.past)


def _is_detail(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether an answer has neither a demand of its own nor a verb: "Received, in production, shipped."."""
    signals = Signals(answer.statement.text, lexicon)
    return not (signals.need or signals.has("wish") or signals.has("of_person") or signals.has("conditional"))


def _only_wishes(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether an answer wishes for what was asked about, and says no more: "They'd like to."."""
    return lexicon.words("bare_wish").match(plain(answer.statement.text)) is not None


def _asks_for_more(question: Signals, *, about_now: bool | None = None) -> bool:
    """Whether a yes to this question is a demand: it is neither about today nor a request to the person asked."""
    if about_now is None:
        about_now = question.old or question.of_today or question.has("asks_today")
    return not about_now and not question.has("first_person") and len(question.said.split()) >= _CLAUSE


def _says_yes(answer: Signals) -> bool:
    """Whether an answer is a yes: at its start, or at the end of a few words, as in "The regulars, yes."."""
    said = answer.said.strip(" ,.!")
    last = said.rsplit(", ", 1)
    short = len(last) > 1 and len(said.split()) <= _SHORT
    return any(answer.lexicon.words("yes").match(part.strip()) is not None for part in (said, *last[1:] * short))


def _settles(answer: Signals) -> bool:
    """Whether an answer in a list of open questions says that it is one: what was decided, or how many."""
    return answer.has("settled") or any(map(str.isdigit, answer.said))


def _with(statement: Statement, reply: Sequence[Verdict]) -> Statement:
    lines = dict.fromkeys((*statement.lines, *(line for each in reply for line in each.statement.lines)))
    return replace(statement, lines=tuple(lines))


def _is_short(answer: Verdict, question: Signals) -> bool:
    """Whether an answer says no more than no, in a few words: it demands nothing, or nothing but what was asked."""
    signals = Signals(answer.statement.text, question.lexicon)
    same = {word for word in signals.said.split() if len(word) >= _MEANING} & set(question.said.rstrip("?").split())
    return len(signals.said.split()) <= _SHORT and (not signals.need or bool(same))


def _defers(verdict: Verdict, lexicon: Lexicon) -> bool:
    signals = Signals(verdict.statement.text, lexicon)
    return lexicon.words("deferral").search(signals.said) is not None
