"""What a text can be held to: the numbers and names in it, and whether other lines have them. Pure.

The lines of the notes are read generously and the model's sentence strictly: a number may be written in another way,
and a name may be inflected, but neither may be new.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from worker.tools.analysis.model.words import words

_ANY_NUMBER = re.compile(r"(?<!\d)\d+(?:[.,'\u2019 \u00a0\u202f]\d+)*")
_NUMBER = re.compile(rf"(?<![^\W\d_\u2e80-\U0010ffff]){_ANY_NUMBER.pattern}")
"""A number by itself; the one in "OAuth2" belongs to a name. Scripts without spaces put a letter before any number."""
_GROUPED = re.compile(r"\d{1,3}(?:[.,'\u2019 \u00a0\u202f]\d{3})+")
_RUN = re.compile(r"\d+")
_BESIDE = re.compile(r"[ \u00a0\u202f]?([^\W\d_]+[€$£]?|[€$£])")
_BEFORE = re.compile(r"([^\W\d_]*[€$£]|[^\W\d_]+)[ \u00a0\u202f]?$")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_TOKEN = re.compile(r"[^\W_][^\W_]*(?:[-/+&.'\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\u2026\n]\W*$|^\W*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LAST_MONTH = 12
_LONGEST_UNIT = 12
_HUNDRED = 100
_LAST_SPACED = "\u2e80"
"""From here on scripts put no spaces between words."""
_PARAGRAPH = 400
_STEM = 4
"""How many letters two words must share at their start to be the same word in another form."""


class Evidence:
    """The lines that an entry names, as something to hold it to."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = plain(text)
        self._words = frozenset(map(plain, [*_TOKEN.findall(text), *re.split(r"[\W_]+", text)]))

    @functools.cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Every number that the text can mean."""
        return frozenset(_meant(self.text))

    def has_amount(self, amount: Decimal) -> bool:
        """Whether the text states the amount, or two amounts that make it together."""
        return amount in self.numbers or any(amount - one in self.numbers for one in self.numbers if one * 2 != amount)

    def has_currency(self, code: str) -> bool:
        """Whether the text names the currency."""
        written = words().currencies.get(code)
        return bool(written.search(self.text)) if written else code.casefold() in self._words

    def missing_numbers(self, sentence: str) -> Iterator[str]:
        """The numbers of a sentence that the text does not have, as the sentence writes them."""
        for date in _DATE.findall(sentence):
            runs = [Decimal(run) for run in _RUN.findall(date)]
            if not self.numbers.issuperset(run for run in runs if run > _LAST_MONTH):
                yield date
        for match in _NUMBER.finditer(_DATE.sub(" ", sentence)):
            written = match[0]
            meant = {Decimal(0)} if not int(_digits(written)) else set(_readings(written))
            if Decimal(0) not in meant and self.numbers.isdisjoint(meant | set(_multiplied(match, meant))):
                yield written

    def missing_names(self, sentence: str, *, nouns_are_capital: bool) -> Iterator[str]:
        """The names of a sentence that the text does not have."""
        for match in _TOKEN.finditer(sentence):
            begins = bool(_SENTENCE_END.search(sentence[: match.start()]))
            if self._has(match[0]):
                continue
            for name in re.split(r"[-/+&]", match[0]):
                if _is_name(name, begins=begins or nouns_are_capital) and not self._has(name):
                    yield name

    def shares_a_word(self, sentence: str) -> bool:
        """Whether the sentence and the text have any word of some length in common, be it inflected."""
        wanted = stems(sentence)
        return not wanted or not wanted.isdisjoint(stems(self.text))

    def _has(self, name: str) -> bool:
        folded = plain(name)
        if len(folded) < _STEM:
            return folded in self._words
        beginning = folded[: max(_STEM, len(folded) - 3)]
        return folded in self._plain or any(word.startswith(beginning) for word in self._words)


def plain(text: str) -> str:
    """The text's letters and digits only, without case and accents: "Wi-Fi" and "WiFi" are the same."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in folded if character.isalnum())


def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's longer words; for a script without spaces, its pairs of characters."""
    found: set[str] = set()
    for word in _TOKEN.findall(text):
        folded = plain(word)
        if any(character > _LAST_SPACED for character in folded):
            found.update(folded[index : index + 2] for index in range(len(folded) - 1))
        elif len(folded) >= _STEM:
            found.add(folded[:_STEM])
    return frozenset(found)


def capitalises_nouns(notes: str) -> bool:
    """Whether the notes are in German, where a capital shows no name."""
    found = [word.casefold() for word in _TOKEN.findall(notes)]
    return sum(word in words().german for word in found) * 12 > len(found)


def gives_orders(line: str) -> bool:
    """Whether a line tells its reader what to do, rather than the supplier."""
    return bool(words().orders.search(line.strip(" \t>*-#\"'\u201c\u201e")))


def comes_from_an_order(sentence: str, text: str) -> bool:
    """Whether the part of the text that is nearest to the sentence gives orders to its reader.

    A part is a line; of a line as long as a paragraph, a sentence.
    """
    parts = [
        part
        for line in text.splitlines()
        for part in (_SENTENCE.split(line) if len(line) > _PARAGRAPH else [line])
        if part.strip()
    ]
    if not any(map(gives_orders, parts)):
        return False
    wanted = stems(sentence)
    return gives_orders(max(parts, key=lambda part: len(wanted & stems(part))))


def _is_name(token: str, *, begins: bool) -> bool:
    if len(token) < 2 or token.casefold() in words().not_names:  # noqa: PLR2004 - one letter is no name
        return False
    inner = any(character.isupper() for character in token[1:])
    return inner or (token[0].isupper() and not begins)


def _digits(written: str) -> str:
    return "".join(_RUN.findall(written))


def _readings(written: str) -> Iterator[Decimal]:
    """What a number with separators can mean: "1.500" is 1500 or 1.5."""
    runs = _RUN.findall(written)
    if len(runs) == 1 or _GROUPED.fullmatch(written):
        yield Decimal(_digits(written))
    if len(runs) > 1:
        yield Decimal(f"{''.join(runs[:-1])}.{runs[-1]}")


def _meant(text: str) -> Iterator[Decimal]:
    for match in _ANY_NUMBER.finditer(text):
        readings = {Decimal(run) for run in _RUN.findall(match[0])} | set(_readings(match[0]))
        yield from readings
        yield from _multiplied(match, readings)
    yield from (Decimal(run) for run in _RUN.findall(text))
    spelled = re.split(r"[\W_]+", text.casefold())
    for word in spelled:
        yield from words().numbers.get(word, ())
        for length in range(_STEM - 1, len(word)):
            yield from words().number_beginnings.get(word[:length], ())
    yield from _composed(spelled)


def _composed(spelled: Sequence[str]) -> Iterator[Decimal]:
    """Numbers of several words: "three hundred and fifty thousand"."""
    whole = part = Decimal(0)
    for word in [*spelled, ""]:
        value = words().numbers.get(word, (None,))[0]
        if value is None:
            if word not in words().joins:
                yield whole + part
                whole = part = Decimal(0)
        elif value < _HUNDRED:
            part += value
        elif value == _HUNDRED:
            part = max(part, Decimal(1)) * value
        else:
            whole += max(part, Decimal(1)) * value
            part = Decimal(0)


def _multiplied(match: re.Match[str], values: set[Decimal]) -> Iterator[Decimal]:
    """The values times what stands beside the number: "900k", "1.2 Mio.", "TEUR 80"."""
    beside = _BESIDE.match(match.string, match.end())
    before = _BEFORE.search(match.string, max(0, match.start() - _LONGEST_UNIT), match.start())
    for found in (beside, before):
        if found and (factor := _factor(found[1].casefold())):
            yield from (value * factor for value in values)


def _factor(unit: str) -> Decimal | None:
    """What a unit multiplies with. In a script without spaces it is one character of what stands there."""
    known = words().multipliers
    return known.get(unit) or (known.get(unit[0]) if unit[0] > _LAST_SPACED else None)
