"""Finds the size of the supplier's team."""

import re
from collections.abc import Sequence
from functools import cache

from worker.tools.analysis.rules.facts import numbers
from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.facts import TeamSize

_LARGEST = 200
_GROUPS = ("low", "high", "of", "label", "you", "about")


def find(said: Sequence[Candidate], lexicon: Lexicon, beside: Candidate | None) -> TeamSize | None:
    """The number of people; `beside` is the statement of the duration, where it often stands."""
    word, other = lexicon.pattern("facts", "team"), lexicon.pattern("facts", "not_team")
    ordered = ([beside] if beside else []) + list(said)
    for candidate in ordered:
        text = candidate.said
        if candidate is not beside and (not word.search(text) or other.search(text)):
            continue
        for match in _pattern(lexicon).finditer(text):
            size = max(int(numbers.read(match[name], lexicon)) for name in _GROUPS if match[name])
            if (size > 1 or match[0][0].isdigit()) and size <= _LARGEST:
                return TeamSize(size, candidate.statement.lines)
    return None


@cache
def _pattern(lexicon: Lexicon) -> re.Pattern[str]:
    number = numbers.any_number(lexicon)
    people = "|".join(lexicon.listed("facts", "people"))
    team = r"(?:team|equip[aeo]|équipe|zespół|zespole|zespołem|gruppo|squad)"
    return re.compile(
        rf"(?<![\w.,])(?:een (?:man|mens|persoon|stuk) of (?P<about>{number})(?!\w)"
        rf"|(?P<low>{number})(?:\s?[-\u2013]\s?(?P<high>{number}))?[\s-](?:\w+[\s-]){{0,2}}?(?:{people})(?!\w)"
        rf"|(?P<you>\d{{1,2}}) of you\b"
        rf"|{team}(?:\s+size)?\s+(?:of|von|de|di|van|på|av|mit|z)\s+(?:\w+\s+)?(?P<of>{number})(?!\w)"
        rf"|{team}(?:\w*|\s\w+)?\s?:\s?(?P<label>\d{{1,3}}))"
    )
