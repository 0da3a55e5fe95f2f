"""The statements as the fact finders see them: in lower case, with English number words as digits.

A finder gives each number a weight by the words beside it, and the number with the most weight becomes the fact. One
weight table serves notes that name a thing ("Budget: ...") and talk that doesn't ("the board voted ...").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.analysis.rules.text.roles import Role

_ONES = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        1,
    )
}
_TENS = {
    word: number * 10
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_TIMES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
_DAY = re.compile(rf"(?<!\w)({'|'.join(_ORDINALS)})(?= of (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))")
_VALUES = _ONES | _TENS
_WORD = "|".join(sorted((*_VALUES, *_TIMES), key=len, reverse=True))
_RUN = re.compile(
    rf"(?<![\w.,-])(?:{'|'.join(_VALUES)}|a (?:hundred|thousand|million))(?:(?:[- ]|\sand\s)(?:{_WORD}))*(?![\w-])"
)
_BETWEEN = 30


@dataclass(frozen=True)
class Candidate:
    """A statement with its text prepared."""

    statement: Statement
    said: str
    title: str
    after: str
    """The details of the statement, such as the other cells of its row, and the text of the next one."""
    before: str = ""
    """The text of the two statements before."""

    @property
    def question(self) -> str:
        """The question just before it, or before a few words in between: "When? - Calving. First of August."."""
        asked, mark, since = self.before.rpartition("?")
        return re.split(r"[.?!] ", asked)[-1] + mark if mark and len(since) <= _BETWEEN else ""

    @property
    def limits(self) -> bool:
        """Whether it stands in a section of constraints, or of time and money."""
        return self.statement.section.role is Role.CONSTRAINT

    @property
    def built(self) -> bool:
        """Whether it stands in a section of what is to be built."""
        return self.statement.section.role in {Role.FUNCTIONAL, Role.NON_FUNCTIONAL, Role.INTEGRATION}


def candidates(statements: Sequence[Statement], lexicon: Lexicon) -> Iterator[Candidate]:
    """All statements, prepared."""
    english = "en" in lexicon.languages
    said = [with_digits(plain(each.text)) if english else plain(each.text) for each in statements]
    for place, statement in enumerate(statements):
        following = said[place + 1] if place + 1 < len(said) else ""
        after = " ".join((*map(plain, statement.details), following))
        before = " ".join(said[max(0, place - 2) : place])
        yield Candidate(statement, said[place], plain(statement.section.title), after, before)


def with_digits(text: str) -> str:
    """The text with English numbers as digits, but for a lone "one", which is mostly a pronoun."""
    text = _DAY.sub(lambda match: str(_ORDINALS[match[1]]), text)
    return _RUN.sub(lambda match: match[0] if match[0] == "one" else str(_value(match[0])), text)


def _value(words: str) -> int:
    total = part = 0
    for word in re.split(r"[-\s]+", words):
        if word in _VALUES:
            part += _VALUES[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _TIMES:
            total += max(part, 1) * _TIMES[word]
            part = 0
    return total + part
