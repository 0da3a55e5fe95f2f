"""Says what an answer says to its question: yes, no, that it is not known yet, or nothing but a wish for it.

`answers` weighs it. Nothing here knows what was asked.
"""

import re
from collections.abc import Sequence

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.meaning.verdicts import Reason, Verdict
from worker.tools.requirements import Kind

FIRST = 2
"""The first sentences of the next turn that can answer a question."""
TOLD = 3
"""The most sentences of an answer that belong to what it asks for."""
_BUT = re.compile(r"^(?:but|well|oh|and|so|look|honestly),? ")
_LEAD = re.compile(r"^(?:(?:oh|well|ah|why|so|and),? )+")
_PLAIN_NO = re.compile(
    r"(?:(?:but|and|well|so),? )?no(?:pe)?(?:[.!]|$|, (?!seriously|really|wait|sorry|make|but))", re.IGNORECASE
)
_SHORT = 9
_MEANING = 4
"""A word of fewer letters carries little."""


def signals_of(answer: Verdict, lexicon: Lexicon) -> Signals:
    """The signals of what is answered."""
    return Signals(answer.statement.text, lexicon)


def content(turn: Sequence[Verdict]) -> Sequence[Verdict]:
    """A turn from its first yes or no, or else from the first sentence that says more than "Ooh"."""
    return next((turn[place:] for place, each in enumerate(turn) if not _empty(each)), turn)


def _empty(verdict: Verdict) -> bool:
    words = re.findall(r"\w+", verdict.statement.text)
    return len(words) <= 1 and verdict.reason is not Reason.TALK and verdict.kind is None


def says_yes(answer: Signals) -> bool:
    """Whether an answer is a yes: at its start, or at the end of a few words, as in "The regulars, yes."."""
    said = _LEAD.sub("", answer.said.strip(" ,.!"))
    last = said.rsplit(", ", 1)
    short = len(last) > 1 and len(said.split()) <= _SHORT
    return any(answer.lexicon.words("yes").match(part.strip()) is not None for part in (said, *last[1:] * short))


def says_no(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether a sentence begins with a no."""
    said = _BUT.sub("", signals_of(answer, lexicon).said.lstrip(" ,."))
    return lexicon.words("no").match(said) is not None


def is_plain_no(answer: Verdict) -> bool:
    """Whether a sentence is a no beyond doubt, wherever in the answer: "No.", "But no, she does that."."""
    return _PLAIN_NO.match(answer.statement.text) is not None


def refuses(reply: Sequence[Verdict], lexicon: Lexicon) -> bool:
    """Whether an answer is a no, or puts what was asked about out of scope."""
    later = any(map(is_plain_no, reply[1:FIRST])) or any(each.kind is Kind.OUT_OF_SCOPE for each in reply[:TOLD])
    return later or says_no(reply[0], lexicon)


def only_refuses(answer: Verdict, question: Signals) -> bool:
    """Whether a sentence says no more than no, in a few words: it demands nothing but what was asked."""
    signals = signals_of(answer, question.lexicon)
    same = {word for word in signals.said.split() if len(word) >= _MEANING} & set(question.said.rstrip("?").split())
    return len(signals.said.split()) <= _SHORT and (not signals.need or bool(same))


def defers(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether an answer only says that it is not known or decided yet."""
    return signals_of(answer, lexicon).has("deferral")


def only_wishes(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether an answer wishes for what was asked about, and says no more: "They'd like to."."""
    return lexicon.words("bare_wish").match(plain(answer.statement.text)) is not None


def is_detail(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether an answer has no demand of its own: "Received, in production, shipped."."""
    signals = signals_of(answer, lexicon)
    return not any((signals.need, *map(signals.has, ("wish", "of_person", "conditional"))))


def goes_on(answer: Verdict, lexicon: Lexicon) -> bool:
    """Whether a sentence of an answer still says what is asked for, and does not tell of earlier days."""
    signals = signals_of(answer, lexicon)
    other = answer.kind not in {None, Kind.NON_FUNCTIONAL} and signals.need
    return not (other or answer.question or signals.past)


def settles(answer: Signals) -> bool:
    """Whether an answer in a list of open questions says that it is one: what was decided, or how many."""
    return answer.has("settled") or any(map(str.isdigit, answer.said))
