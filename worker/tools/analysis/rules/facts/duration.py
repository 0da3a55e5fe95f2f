"""Finds the project's duration among the lengths of time in the notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tools import facts
from worker.tools.analysis.rules.facts import lengths, numbers
from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.text.roles import Role

_ENOUGH = 3
_BARE_WORDS = 6
_NEAR = 40
_USUAL = (6, 160)
"""The weeks that projects take."""
_LIMITS = (1, 520)
_AT_MOST_TIMES = 2
_ARTICLE = re.compile(
    r"(?:a|an|one|un|une|una|uno|ein|eine|einem|einer|een|en|ett|um|uma) (?!.*\b(?:half|demie?|medi[oa]|mezz[oa]|halv))"
)
_A = re.compile(r"an? (?!.*\bhalf\b)")
_LASTS = re.compile(
    r"(?:^|[:,;(]\s?|\b(?:in|within|for|of|about|takes?|lasts?|than|over|is|be|around|roughly|nearly|almost|most"
    r"|maximum|only|needs?|have|has|after|allows?|plans?|expects?|wants?|or|and|us|them)\s)$"
)


@dataclass(frozen=True)
class Found:
    """The duration, and the statement that has it."""

    length: facts.Length
    candidate: Candidate


def find(said: Sequence[Candidate], lexicon: Lexicon) -> Found | None:
    """The length that most words show to be the project's; None where too few do."""
    best: tuple[int, Found] | None = None
    for candidate in said:
        found = [length for length in lengths.find(candidate.said, lexicon) if _LIMITS[0] <= length.weeks <= _LIMITS[1]]
        weights = [(_weight(length, found, candidate, lexicon), length) for length in found]
        good = [(weight, length) for weight, length in weights if weight >= _ENOUGH]
        weight = max((weight for weight, _ in good), default=0)
        if good and (best is None or weight > best[0]):
            best = (weight, Found(_target([length for _, length in good], candidate, lexicon), candidate))
    return best[1] if best else None


def _weight(length: lengths.Length, every: Sequence[lengths.Length], candidate: Candidate, lexicon: Lexicon) -> int:
    text = candidate.said
    word, other = lexicon.pattern("facts", "duration"), lexicon.pattern("facts", "not_duration")
    label = text.split(":", 1)[0] if ":" in text[:_NEAR] else ""
    labelled = bool(label) and word.search(label) is not None
    bare = len(text.split()) <= _BARE_WORDS + 2 * (len(every) - 1) and not other.search(text)
    weight = 4 if labelled or bare else 0
    weight += min(2, len({match[0] for match in word.finditer(text)}))
    weight += 1 if lexicon.words("project").search(text) else 0
    weight += 2 if candidate.limits else 0
    weight += 1 if lexicon.pattern("facts", "people").search(text) else 0
    weight += 1 if lexicon.pattern("facts", "maximum").search(text) else 0
    weight -= 2 if _ARTICLE.match(text[length.start : length.end]) and not bare and not labelled else 0
    weight += 1 if _USUAL[0] <= length.weeks <= _USUAL[1] else -2
    around = text[max(0, length.start - _NEAR) : length.start].rsplit(". ", maxsplit=1)[-1]
    around += text[length.start : length.end + 20]
    weight -= 4 if lexicon.languages[0] == "en" and _is_rate(text, length) else 0
    weight -= 4 if other.search(around) else 0
    weight -= 2 if candidate.built or candidate.statement.section.role is Role.OUT_OF_SCOPE else 0
    weight -= 1 if candidate.statement.section.role is Role.CONTEXT else 0
    return weight - (1 if lexicon.words("old").search(text) and not labelled else 0)


def _is_rate(text: str, length: lengths.Length) -> bool:
    """Whether it says how often, not how long: "1,150 requests a year"."""
    return _A.match(text[length.start : length.end]) is not None and _LASTS.search(text[: length.start]) is None


def _target(found: Sequence[lengths.Length], candidate: Candidate, lexicon: Lexicon) -> facts.Length:
    """The target, with the maximum where both are stated."""
    maximum = lexicon.pattern("facts", "maximum")
    text = candidate.said
    limits = [length for length in found if maximum.search(_around(text, length, found))] if len(found) > 1 else []
    others = [length for length in found if length not in limits]
    first = others[0] if others else found[0]
    at_most = (
        limits[0].whole_weeks if limits and limits[0].weeks > first.weeks else _bare_maximum(first, candidate, lexicon)
    )
    return facts.Length(
        weeks=max(1, first.whole_weeks),
        lines=candidate.statement.lines,
        at_most_weeks=at_most,
        longer_end=first.longer_end,
        stated=text[first.start : first.end],
    )


def _around(text: str, length: lengths.Length, every: Sequence[lengths.Length]) -> str:
    """The words nearest to a length: up to its neighbours and to the nearest commas."""
    begin = max((other.end for other in every if other.end <= length.start), default=0)
    end = min((other.start for other in every if other.start >= length.end), default=len(text))
    before = re.split(r"[,;]", text[max(begin, length.start - 25) : length.start])[-1]
    return before + re.split(r"[,;]", text[length.end : end])[0]


def _bare_maximum(first: lengths.Length, candidate: Candidate, lexicon: Lexicon) -> int | None:
    """The maximum that leaves out its unit: "ten months, twelve at most"."""
    rest = f"{candidate.said[first.end :]} {candidate.after[:120]}"
    own = re.search(numbers.any_number(lexicon), candidate.said[first.start : first.end])
    if own is None or not lexicon.pattern("facts", "maximum").search(rest):
        return None
    amount = numbers.read(own[0], lexicon)
    if amount <= 1:
        return None
    for match in re.finditer(rf"(?<![\w.,]){numbers.any_number(lexicon)}(?![\w.,]*\d)(?!\w)", rest):
        other = numbers.read(match[0], lexicon)
        if amount < other <= amount * _AT_MOST_TIMES:
            return int((first.weeks / amount * other).to_integral_value())
    return None
