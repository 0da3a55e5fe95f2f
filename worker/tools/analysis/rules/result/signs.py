"""The signs of a requirement's size: `words/sizes.toml`, compiled so that a text is read once for all of them.

Signs are found word by word: only the patterns that can begin with a word's first letter are tried at that word. So the
time does not grow with the number of patterns times the length of the text.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_SIZES = Path(__file__).parents[1] / "words" / "sizes.toml"
_WORD = re.compile(r"(?<!\w)\w")
_ANY = ""
_SUFFIXED = "?*{"


@dataclass(frozen=True)
class Sign:
    """A kind of work that makes a requirement larger or, with negative points, smaller."""

    reason: str
    points: int
    interface: int | None = None
    """The points for an interface, where they differ."""
    quality: int | None = None


@dataclass(frozen=True)
class Count:
    """A kind of thing whose number counts."""

    reason: str
    nouns: re.Pattern[str]
    """Matches what follows the number: up to one word, then the thing."""
    steps: tuple[tuple[int, int], ...]
    """The least numbers with their points."""


@dataclass(frozen=True)
class _Letter:
    """What can begin with one letter."""

    some: re.Pattern[str]
    """Whether any sign begins here."""
    each: Sequence[tuple[Sign, re.Pattern[str]]]


def signs(said: str) -> dict[Sign, tuple[int, int]]:
    """The signs in a text in lower case, each with its first place."""
    letters = _letters()
    found: dict[Sign, tuple[int, int]] = {}
    for word in _WORD.finditer(said):
        letter = letters.get(word[0], letters[_ANY])
        if letter.some.match(said, word.start()):
            for sign, pattern in letter.each:
                if sign not in found and (match := pattern.match(said, word.start())):
                    found[sign] = match.span()
    return found


@cache
def counts() -> Sequence[Count]:
    """The things whose number counts."""
    return [
        Count(
            entry["reason"],
            re.compile(rf"\s(?:[^\W\d]\S*\s)?(?:{'|'.join(entry['nouns'])})(?!\w)"),
            tuple((least, points) for least, points in entry["steps"]),
        )
        for entry in _file()["count"]
    ]


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(_SIZES.read_text(encoding="utf-8"))


@cache
def _letters() -> Mapping[str, _Letter]:
    """The patterns by the letters that they can begin with; those under `_ANY` can begin with any."""
    by_letter: dict[str, dict[Sign, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in _file()["sign"]:
        sign = Sign(entry["reason"], entry["points"], entry.get("interface"), entry.get("quality"))
        for pattern in entry["words"]:
            for letter in _beginnings(pattern):
                by_letter[letter][sign].append(pattern)
    every = by_letter.setdefault(_ANY, defaultdict(list))
    for letter, of_letter in by_letter.items():
        if letter != _ANY:
            for sign, patterns in every.items():
                of_letter[sign] += patterns
    return {letter: _compiled(of_letter) for letter, of_letter in by_letter.items()}


def _compiled(of_letter: Mapping[Sign, Sequence[str]]) -> _Letter:
    each = [(sign, f"(?:{'|'.join(patterns)})(?!\\w)") for sign, patterns in of_letter.items()]
    some = re.compile("|".join(pattern for _, pattern in each) or "(?!)")
    return _Letter(some, [(sign, re.compile(pattern)) for sign, pattern in each])


def _beginnings(pattern: str) -> frozenset[str]:
    """The letters that a pattern can begin with; `_ANY` where that isn't plain."""
    if pattern[0].isalnum() and pattern[1:2] not in tuple(_SUFFIXED):
        return frozenset(pattern[0])
    if not pattern.startswith("(?:"):
        return frozenset({_ANY})
    alternatives, rest = _alternatives(pattern[3:])
    letters = frozenset().union(*map(_beginnings, alternatives)) if all(alternatives) else frozenset({_ANY})
    return frozenset({_ANY}) if _ANY in letters or rest[:1] in tuple(_SUFFIXED) else letters


def _alternatives(pattern: str) -> tuple[Sequence[str], str]:
    """The alternatives of a group that was opened before, and what follows the group."""
    parts, depth = [""], 0
    for place, (character, escaped) in enumerate(_characters(pattern)):
        if not escaped and character == ")" and depth == 0:
            return parts, pattern[place + 1 :]
        depth += 0 if escaped else (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    raise ValueError(f"the pattern {pattern!r} closes no group")


def _characters(pattern: str) -> Iterator[tuple[str, bool]]:
    """Each character, and whether a backslash stands before it."""
    escaped = False
    for character in pattern:
        yield character, escaped
        escaped = character == "\\" and not escaped
