"""Small parts of sentences: safe texts, lists in words, plurals."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

# Characters that XML 1.0 does not allow (https://www.w3.org/TR/xml/#charsets), lone surrogates, and those that turn the
# direction of what follows: a client's name could otherwise turn the price after it round.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f", "\u061f", "\u0964")
"""Also the full stops and marks of Chinese, Japanese, Arabic and Hindi."""
_NUMBERED = re.compile(r"(.*?)(\d+)$")
_SPOKEN = re.compile(
    r"\b\w+['\u2019](?:d|ll|re|ve)\b|(?<!\w)['\u2019]em\b|\b(?:it|that|there|what|where|who|he|she)['\u2019]s\b"
    r"|\w['\u2019]s (?:got|gonna)\b|\b(?:nah|yeah|okay|mate|guys|blokes|gonna|wanna|you)\b|^(?:that|he|she|they)\b",
    re.IGNORECASE,
)
"""Short forms, slang, and words that point to somebody or to what was said before."""
_RANGE = 3
"""From so many consecutive ids on, a range is shorter than a list."""


def legible(text: str) -> str:
    """The text without the characters that XML does not allow, and with each stretch of white space as one space."""
    return " ".join(_ILLEGAL.sub(" ", text).split())


def enumerated(words: Sequence[str]) -> str:
    """Words as text, such as "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def some_of(words: Sequence[str], most: int, noun: str, plural: str | None = None) -> str:
    """The first words as text, and how many more there are, such as "a, b and 3 more systems"."""
    if len(words) <= most + 1:
        return enumerated(words)
    return enumerated([*words[:most], counted(len(words) - most, f"more {noun}", f"more {plural or noun + 's'}")])


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, such as "1 week" or "3 weeks"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def the(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun and article, such as "the open question" or "the 6 open questions"."""
    return f"the {noun}" if number == 1 else f"the {counted(number, noun, plural)}"


def every(number: int, noun: str, plural: str | None = None) -> str:
    """All of so many things, such as "the requirement", "both requirements" or "all 6 requirements"."""
    return f"the {noun}" if number == 1 else f"{'both' if number == 2 else f'all {number:,}'} {plural or noun + 's'}"  # noqa: PLR2004


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop, unless it has a mark at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[:1].upper() + text[1:].rstrip(",;:") + ("" if text.rstrip("\u201d").endswith(_SENTENCE_END) else ".")


def is_spoken(text: str) -> bool:
    """Whether the text is speech, which a document quotes and doesn't say in its own words."""
    return _SPOKEN.search(text) is not None


def clause(text: str) -> str:
    """The text as a part of a longer sentence: without its full stop."""
    return text.strip().rstrip(".。;,:")


def ranges(ids: Iterable[str]) -> str:
    """Ids as text, sorted, such as "FR-6 to FR-13 and NFR-2"."""
    parsed = sorted((match[1], int(match[2])) if (match := _NUMBERED.match(each)) else (each, 0) for each in ids)
    runs = []
    for _, group in groupby(enumerate(parsed), key=lambda pair: (pair[1][0], pair[1][1] - pair[0])):
        run = [f"{name}{number or ''}" for _, (name, number) in group]
        runs += [f"{run[0]} to {run[-1]}"] if len(run) >= _RANGE else run
    return enumerated(runs)
