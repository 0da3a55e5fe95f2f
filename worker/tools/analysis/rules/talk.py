"""Joins what one speaker says of one thing: "An app. The driver pulls up, the phone knows the farm." is one demand.

In talk a demand is followed by sentences that only paint it. They have no word of their own for a demand, and belong to
the demand before them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.signals import Signals
from worker.tools.analysis.rules.verdicts import Verdict
from worker.tools.requirements import BUILT


def join(verdicts: Sequence[Verdict], lexicon: Lexicon) -> Iterator[Verdict]:
    """The verdicts, with each sentence that paints a demand joined to that demand."""
    last: Verdict | None = None
    for verdict in verdicts:
        if last is not None and _paints(last, verdict, lexicon):
            last = _with(last, verdict, lexicon)
            continue
        if last is not None:
            yield last
        last = verdict
    if last is not None:
        yield last


def _paints(demand: Verdict, more: Verdict, lexicon: Lexicon) -> bool:
    one, other = demand.statement, more.statement
    if demand.kind not in BUILT or more.kind is not demand.kind or one.listed or other.listed:
        return False
    near = (one.speaker, one.turn) == (other.speaker, other.turn) and other.lines[0] - one.lines[-1] <= 1
    signals = Signals(other.text, lexicon)
    goes_on = lexicon.words("anaphor").match(signals.said) is not None and not signals.has("adds")
    return near and (goes_on or (one.spoken and not signals.need))


def _with(demand: Verdict, more: Verdict, lexicon: Lexicon) -> Verdict:
    """The demand with what goes on with it: a detail, or a second sentence where it demands something itself."""
    statement, text = demand.statement, more.statement.text
    lines = tuple(dict.fromkeys((*statement.lines, *more.statement.lines)))
    if Signals(text, lexicon).need and statement.text.endswith((".", "!")):
        return replace(demand, statement=replace(statement, text=f"{statement.text} {text}", lines=lines))
    return replace(demand, statement=replace(statement, lines=lines, details=(*statement.details, text)))
