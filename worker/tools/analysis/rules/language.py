"""Finds the languages of the notes by their small words: "the", "und", "que".

A language that the rules can't read is recognised too, so that nobody takes Danish for Swedish. A few common words
decide; a statistical model of letters would be more exact on a single word, and is too large for a Lambda.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.tools.analysis.rules.lexicon import LANGUAGES, function_words, lexicon, plain

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_ENOUGH_WORDS = 5
_LEAST_SHARE = 0.10
"""Of the words of a text, at least this share are small words of its language. In prose it is 0.3 to 0.5."""
_FEW_LINES = 12
_LAST_LATIN = 0x24F
"""The end of Unicode's blocks of Latin letters that all languages here use."""
_SAMPLE = 2000
_OTHER_WORDS = (
    ("words", "need"),
    ("words", "exclusion"),
    ("words", "subject"),
    ("words", "quality"),
    ("facts", "budget"),
    ("facts", "duration"),
    *(("sections", name) for name in ("asking", "functional", "out_of_scope", "open_question", "silent")),
)
_SIDE_LANGUAGE = 0.08
"""A language of at least this share of the lines counts besides the main one."""


@dataclass(frozen=True)
class Languages:
    """The languages of the notes."""

    main: str | None
    """The language of most lines; None where the rules can't read it."""
    read: tuple[str, ...]
    """The languages whose words the rules look for, the main one first."""
    foreign: frozenset[int]
    """The places of the lines that are in a language that the rules can't read."""


def find(lines: Sequence[str]) -> Languages:
    """The languages of these lines."""
    by_line = [_of(line) for line in lines]
    counts = Counter(code for code in by_line if code)
    # A brief of short lines shows its language only as a whole.
    whole = _of(" ".join(lines), least=1)
    main = counts.most_common(1)[0][0] if counts else whole
    if whole and counts[whole] * 2 >= counts[main or ""]:
        main = whole
    if main is None and len(lines) <= _FEW_LINES:
        main = _by_other_words(" ".join(lines)[:_SAMPLE])
    sides = [code for code, times in counts.most_common() if times >= max(2, _SIDE_LANGUAGE * len(lines))]
    read = dict.fromkeys(code for code in (main, *sides, "en") if code in LANGUAGES)
    foreign = frozenset(place for place, code in enumerate(by_line) if code is not None and code not in LANGUAGES)
    return Languages(main if main in LANGUAGES else None, tuple(read), foreign)


def _by_other_words(text: str) -> str | None:
    """The language of a text without small words, by the words that the rules look for; English before others."""
    if _other_script(text):
        return "?"
    said = plain(text)
    counts = {
        code: sum(len(lexicon((code,)).pattern(purpose, name).findall(said)) for purpose, name in _OTHER_WORDS)
        + sum(
            len(re.findall(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", said))
            for words in lexicon((code,)).mapped("facts", "units").values()
        )
        for code in LANGUAGES
    }
    code = max(LANGUAGES, key=lambda each: counts[each])
    return code if counts[code] else None


def _of(text: str, least: int = _ENOUGH_WORDS) -> str | None:
    """The language of a text; "?" for a script that no language here uses; None where the text is too short."""
    if _other_script(text):
        return "?"
    words = _WORD.findall(text.lower())
    if len(words) < least:
        return None
    code, share = _best(words)
    return code if share >= _LEAST_SHARE else None


def _best(words: Iterable[str]) -> tuple[str, float]:
    counts = Counter(words)
    total = sum(counts.values())
    shares = {
        code: sum(counts[word] for word in small if word in counts) / total for code, small in function_words().items()
    }
    code = max(shares, key=lambda each: (shares[each], each in LANGUAGES))
    return code, shares[code]


def _other_script(text: str) -> bool:
    """Whether most letters are of another script than Latin."""
    letters = [character for character in text[:2000] if character.isalpha()]
    other = sum(
        ord(letter) > _LAST_LATIN and not unicodedata.name(letter, "").startswith("LATIN") for letter in letters
    )
    return len(letters) > 1 and other * 2 > len(letters)
