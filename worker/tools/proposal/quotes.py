"""The client's own words: the sentences of the notes, and those that say best what the client wants. Pure.

The forms of notes (transcripts, lists, wrapped lines) are known to the rules reader, which finds the sentences here
too. A quote is never changed: what is not worth quoting is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.tools.analysis.rules import language
from worker.tools.analysis.rules.lexicon import Lexicon, lexicon
from worker.tools.analysis.rules.meaning import names
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.outline.outline import Outline
from worker.tools.analysis.rules.outline.statements import Shape, Statement
from worker.tools.analysis.rules.text import lines, mail, source
from worker.tools.analysis.rules.text.speech import Speeches
from worker.tools.proposal.parts import Quote
from worker.tools.proposal.words import legible

MOST = 6
"""How many quotes a proposal shows."""
_SHORTEST, _LONGEST = 6, 45
"""Words of a sentence that is worth quoting."""
_SAME_PACKAGE = 4
"""What a sentence loses for each quote that its work package already has."""

# Words for what hurts today and for what the client hopes for. A sentence without one can be quoted for its need.
_STAKES = re.compile(
    r"\b(?:worst|problem|pain|lose|lost|losing|fewer|faster|slow|too (?:long|late|many|much|often)|by hand|fax|paper"
    r"|manual(?:ly)?|nobody (?:knows|can)|errors?|mistakes?|complain\w*|twice|waste\w*|expensive|success|goal|aim"
    r"|without (?:calling|asking|having to)|verlier\w*|fehler\w*|zu (?:lange?|spät|viele?)|von hand|papier|ziel"
    r"|erfolg\w*|perdr?\w*|trop|erreurs?|à la main|objectif|éxito|perde\w*|errores|a mano|demasiad\w*|objetivo)\b",
    re.IGNORECASE,
)
_SUPPLIER = re.compile(
    r"([^\W\d_][\w'-]*)(?:\s+[^\W\d_][\w'-]*){0,2}\s*\((?:us|our side|supplier|vendor|consultant|wir|nous)\)"
)


@dataclass(frozen=True)
class Notes:
    """The notes as sentences."""

    sentences: tuple[Statement, ...]
    lexicon: Lexicon
    systems: re.Pattern[str]
    """The names of systems, in lower case."""
    supplier: frozenset[str]
    """The speakers who are not the client's: those who are marked so, and those who mostly ask."""

    def on(self, numbers: Sequence[int]) -> tuple[Quote, ...]:
        """The sentences that stand on some of these lines and on no other line."""
        wanted = set(numbers)
        return tuple(_quote(each) for each in self.sentences if wanted.issuperset(each.lines))


def read(text: str) -> Notes:
    """The sentences of the notes, each with its lines and its speaker."""
    raws = source.read(text).lines
    words = lexicon(language.find([raw.text for raw in raws]).read)
    speeches = Speeches([raw.text for raw in raws], words)
    outline = Outline(words, lines.read(raws, words, speeches), raws).read(mail.envelope(raws, words))
    found = tuple(each for each in outline.statements if each.lines and each.text.strip())
    systems = names.systems(outline.statements, words, {each.speaker for each in outline.statements})
    return Notes(found, words, systems, frozenset(_SUPPLIER.findall(text)) | frozenset(_askers(found, words)))


def heard(notes: Notes, packages: Mapping[int, str], must: frozenset[int]) -> tuple[Quote, ...]:
    """The sentences that matter most, at most `MOST`, spread over the work packages, in the notes' order.

    `packages` has the package of each line on which something is asked for, and `must` the lines with a must.
    """
    weighed = [(_weight(each, notes, packages, must), each) for each in notes.sentences]
    left = [(weight, each) for weight, each in weighed if weight > 0]
    taken: list[Statement] = []
    used: Counter[str] = Counter()
    while left and len(taken) < MOST:
        best = max(left, key=lambda pair: pair[0] - _SAME_PACKAGE * used[_package(pair[1], packages)])
        left.remove(best)
        taken.append(best[1])
        used[_package(best[1], packages)] += 1
    return tuple(sorted(map(_quote, taken), key=lambda quote: quote.line))


def tells_stakes(text: str) -> bool:
    """Whether a text says what hurts today or what the client hopes for."""
    return _STAKES.search(text) is not None


def _weight(each: Statement, notes: Notes, packages: Mapping[int, str], must: frozenset[int]) -> int:
    """How much a sentence tells of what the client wants; 0 for what is not quoted."""
    signals = Signals(each.text, notes.lexicon)
    asked = any(line in packages for line in each.lines)
    stakes = tells_stakes(each.text)
    if (
        each.shape is Shape.ROW
        or not (_SHORTEST <= len(each.text.split()) <= _LONGEST)
        or signals.question
        or signals.small_talk
        or signals.has("procedure")
        or signals.has("vague")
        or (signals.has("meeting") and not asked)
        or _speaks_for(each, notes.supplier)
        or (each.shape is Shape.SENTENCE and each.text[:1].islower())  # a part of a sentence
        or not (asked or (stakes and each.speaker))
    ):
        return 0
    return (
        3 * stakes
        + 2 * signals.need
        + 3 * bool(each.speaker)
        + 2 * (each.shape is Shape.SENTENCE and each.text[-1:] in ".!。")
        + any(line in must for line in each.lines)
    )


def _package(each: Statement, packages: Mapping[int, str]) -> str:
    return next((packages[line] for line in each.lines if line in packages), "")


def _quote(each: Statement) -> Quote:
    return Quote(legible(each.text), each.lines[0], legible(each.speaker))


def _speaks_for(each: Statement, names: frozenset[str]) -> bool:
    return bool(each.speaker) and not names.isdisjoint(each.speaker.split())


def _askers(found: Sequence[Statement], words: Lexicon) -> Iterator[str]:
    """Who asks at least three questions, and more than anything else."""
    said = Counter(each.speaker for each in found if each.speaker)
    asked = Counter(each.speaker for each in found if each.speaker and Signals(each.text, words).question)
    for name, times in asked.items():
        if times >= 3 and times * 2 > said[name]:  # noqa: PLR2004 - as the docstring says
            yield from name.split()[:1]
