"""Joins what one speaker says of one thing: "An app. The driver pulls up, the phone knows the farm." is one demand.

In talk a demand is followed by sentences that only paint it. They have no word of their own for a demand, and belong to
the demand before them.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.facts.candidates import with_digits
from worker.tools.analysis.rules.lexicon import Lexicon, function_words, plain
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Reason, Verdict
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.requirements import BUILT, Kind, Priority

_SOFT_WORDS = 9
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
_SMALL = function_words()["en"]
_WORDS_TO_DROP = 4
_CONJUNCTION = re.compile(r"^(?:(?:and|but|so|oh|just|no),? )+")
_POINTS = re.compile(r"(?:i don't think )?(?:that|this|it|those|these|we|they|i)\b")
_TIME_WORDS = 5
_TIME = re.compile(r"\b\d[\d.,]* (?:seconds?|minutes?|hours?|clicks?|taps?)\b")


def join(verdicts: Sequence[Verdict], lexicon: Lexicon) -> Iterator[Verdict]:
    """The verdicts, with each sentence that paints a demand joined to that demand."""
    last: Verdict | None = None
    for verdict in verdicts:
        if last is not None and (joined := _joined(last, verdict, lexicon)):
            last = joined
            continue
        if last is not None:
            yield last
        last = verdict
    if last is not None:
        yield last


def _joined(last: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict | None:
    """Both in one, where the second says something of what the first demands or excludes."""
    if not (_near(last.statement, more.statement) or more.statement.interviewer):
        return None
    return next((join(last, more, lexicon) for says, join in _JOINTS if says(last, more, lexicon)), None)


def _near(one: Statement, other: Statement) -> bool:
    """Whether one speaker says both, one after the other."""
    same = (one.speaker, one.turn, one.listed) == (other.speaker, other.turn, other.listed)
    return same and not one.listed and other.lines[0] - one.lines[-1] <= 1


def _echoes(last: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    """Whether who asks the questions only says again what the client demanded: "So it should be sent over?"."""
    one, other = last.statement, more.statement
    if ": " in other.text:
        return False
    if not (last.kind in BUILT and more.kind in BUILT and other.interviewer and other.turn == one.turn + 1):
        return False
    said = plain(other.text)
    content = _content(said)
    same = len(content & _content(plain(one.text))) * 2 >= len(content) > 0
    return same or lexicon.words("points_back").match(said) is not None


def _content(said: str) -> frozenset[str]:
    """The first letters of the words that carry meaning."""
    return frozenset(word[:_STEM] for word in _WORD.findall(said) if word not in _SMALL)


def _has_last_word(last: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    """Whether the second makes a limit of the amount or date before it: "And that's it, there's no second pot"."""
    stated = last.reason is Reason.FACT and last.statement.spoken and more.kind is None
    return stated and _near(last.statement, more.statement) and _says(more, "last_word", lexicon)


def _says(verdict: Verdict, name: str, lexicon: Lexicon) -> bool:
    return lexicon.words(name).search(plain(verdict.statement.text)) is not None


def _measures(last: Verdict, more: Verdict, _: Lexicon) -> bool:
    """Whether the second is nothing but a time, which says how fast the first must be: "Two seconds, tops."."""
    said = with_digits(plain(more.statement.text))
    short = len(said.split()) <= _TIME_WORDS and _TIME.search(said) is not None
    told = last.kind in {None, *BUILT} and last.reason not in {Reason.TALK, Reason.FACT} and not last.question
    plain_time = more.kind in {None, *BUILT} and more.reason is not Reason.FACT
    return short and told and plain_time and last.statement.spoken and _near(last.statement, more.statement)


def _turns_down(last: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    """Whether the second turns down what somebody else suggested: "I told him he can do that on his own"."""
    signals = Signals(last.statement.text, lexicon)
    suggested = last.kind in BUILT and signals.reported is not None and last.statement.spoken
    down = lexicon.words("turns_down").search(plain(more.statement.text)) is not None
    return suggested and down and _near(last.statement, more.statement)


def _repeats(last: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    """Whether the second only underlines the first, or is a piece of it: "Yes, I need that", "Not in the search"."""
    one, other = last.statement, more.statement
    if last.kind not in BUILT or not one.spoken or other.text.endswith("?") or not _near(one, other):
        return False
    said = plain(other.text)
    if more.kind in {None, *BUILT} and lexicon.words("repeats").match(said):
        return True
    return more.reason is Reason.UNDECIDED and lexicon.words("fragment").match(said) is not None


def _drops(last: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    """Whether the second excludes what the first names: "They want to see each cow. That's not our job."."""
    said = _CONJUNCTION.sub("", plain(more.statement.text))
    points = lexicon.words("of_it").match(said) or _POINTS.match(said) or len(said.split()) <= _WORDS_TO_DROP
    short = len(said.split()) <= _WORDS_TO_DROP and not last.question
    undecided = last.kind is None and (last.reason is Reason.UNDECIDED or (short and last.reason is not Reason.ORDER))
    named = last.kind in {*BUILT, Kind.OUT_OF_SCOPE} or undecided
    named = named and bool(points)
    if _is_dropped(more, lexicon):
        return named and last.statement.told and _near(last.statement, more.statement)
    if more.kind is not Kind.OUT_OF_SCOPE or not named:
        return False
    of_it = _says(more, "of_it", lexicon)
    return of_it and last.statement.told and _near(last.statement, more.statement)


def _is_dropped(more: Verdict, lexicon: Lexicon) -> bool:
    """Whether it only says that what was named before is out: "Dropped."."""
    return len(more.statement.text.split()) <= _WORDS_TO_DROP and _says(more, "dropped", lexicon)


def _softens(last: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    """Whether the second only says that the first is no must: "If it's cheap."."""
    short = len(more.statement.text.split()) <= _SOFT_WORDS
    soft = short and Signals(more.statement.text, lexicon).has("softens")
    return last.kind in BUILT and soft and last.statement.spoken and _near(last.statement, more.statement)


def _paints(demand: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    one, other = demand.statement, more.statement
    if demand.kind not in BUILT or more.kind is not demand.kind:
        return False
    signals = Signals(other.text, lexicon)
    signals = signals.reported or signals
    goes_on = lexicon.words("anaphor").match(signals.said) is not None and not signals.has("adds")
    goes_on = goes_on and not (one.spoken and signals.need and len(signals.said.split()) > _SOFT_WORDS)
    return _near(one, other) and (goes_on or (one.spoken and not (signals.need or signals.product)))


def _both(first: Verdict, more: Verdict, _: Lexicon) -> Verdict:
    """The first with the lines of both."""
    lines = tuple(dict.fromkeys((*first.statement.lines, *more.statement.lines)))
    return replace(first, statement=replace(first.statement, lines=lines))


def _limit(first: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    return replace(_both(first, more, lexicon), kind=Kind.CONSTRAINT, reason=None)


def _nothing(first: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    return replace(_both(first, more, lexicon), kind=None, reason=Reason.CONTEXT)


def _exclusion(first: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    return replace(_both(first, more, lexicon), kind=Kind.OUT_OF_SCOPE, reason=None)


def _quality(first: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    """Both as one quality: "I can't watch a wheel go round. Two seconds, tops."."""
    statement = _both(first, more, lexicon).statement
    text = f"{statement.text} {more.statement.text}"
    return replace(first, kind=Kind.NON_FUNCTIONAL, reason=None, statement=replace(statement, text=text))


def _softer(first: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    statement = _both(first, more, lexicon).statement
    return replace(first, statement=replace(statement, hints=replace(statement.hints, priority=Priority.COULD)))


def _painted(demand: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    """The demand with what goes on with it: a detail, or a second sentence where it demands something itself."""
    statement, text = _both(demand, more, lexicon).statement, more.statement.text
    if Signals(text, lexicon).need and statement.text.endswith((".", "!")):
        return replace(demand, statement=replace(statement, text=f"{statement.text} {text}"))
    return replace(demand, statement=replace(statement, details=(*statement.details, text)))


_JOINTS: Sequence[
    tuple[Callable[[Verdict, Verdict, Lexicon], bool], Callable[[Verdict, Verdict, Lexicon], Verdict]]
] = (
    (_echoes, _both),
    (_has_last_word, _limit),
    (_measures, _quality),
    (_turns_down, _nothing),
    (_drops, _exclusion),
    (_softens, _softer),
    (_repeats, _both),
    (_paints, _painted),
)
"""What a sentence can say of the one before it, in the order in which it is asked, and what both come to."""
