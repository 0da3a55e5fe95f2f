"""The words that the rules look for, by language and purpose. They are data: the TOML files in `words`.

A `Lexicon` is the words of the languages in which the notes are written. It compiles a purpose's patterns when they
are first used. All patterns match whole words of a text that `plain` has prepared.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "sv", "pl", "pt")
"""The languages that the rules can read, as ISO 639-1 codes."""

_GRAMMAR = frozenset(
    {
        "old",
        "past",
        "first_person",
        "comment",
        "statistic",
        "anaphor",
        "adds",
        "reported",
        "person_acts",
        "asks_what",
        "can",
    }
)
"""Lists of words so common that they hold in the main language alone: "was" is another word in German."""
_FILES = {"en": ("en", "en-talk")}
"""The files of a language that has more than one."""
_WORDS = Path(__file__).with_name("words")
_NOTHING = re.compile(r"(?!)")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\u00a0": " "})


def plain(text: str) -> str:
    """A text in lower case with straight apostrophes, of the same length as far as Unicode allows."""
    return text.translate(_QUOTES).lower()


@cache
def _file(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_WORDS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def function_words() -> Mapping[str, frozenset[str]]:
    """The small words of each language, also of those that the rules can't read."""
    own = {code: frozenset(_file(code)["function_words"].split()) for code in LANGUAGES}
    return own | {code: frozenset(words.split()) for code, words in _file("others").items()}


class Lexicon:
    """The words of some languages."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self._compiled: dict[tuple[str, str, bool], re.Pattern[str]] = {}

    def pattern(self, purpose: str, name: str, *, whole: bool = False) -> re.Pattern[str]:
        """One pattern for everything under `name` in the table `purpose`; `whole` matches only a whole text."""
        key = (purpose, name, whole)
        if key not in self._compiled:
            self._compiled[key] = _compile(self.listed(purpose, name), whole=whole)
        return self._compiled[key]

    def listed(self, purpose: str, name: str) -> list[str]:
        """What the files list under `name` in the table `purpose`."""
        found: list[str] = []
        own = self.languages[:1] if purpose == "words" and name in _GRAMMAR else self.languages
        for file in (*(file for language in own for file in _FILES.get(language, (language,))), "common"):
            found += _file(file).get(purpose, {}).get(name, ())
        return list(dict.fromkeys(found))

    def mapped(self, purpose: str, name: str) -> dict[str, Any]:
        """The inline table under `name`, merged over the languages. A language that stands first counts."""
        found: dict[str, Any] = {}
        for language in reversed(self.languages):
            for key, value in _file(language).get(purpose, {}).get(name, {}).items():
                found[key] = [*value, *found.get(key, ())] if isinstance(value, list) else value
        return found

    def table(self, purpose: str, name: str) -> dict[str, str]:
        """A table that holds for all languages."""
        return dict(_file("common")[purpose][name])

    def words(self, name: str) -> re.Pattern[str]:
        """The pattern of a signal."""
        return self.pattern("words", name)


def _compile(patterns: Sequence[str], *, whole: bool) -> re.Pattern[str]:
    if not patterns:
        return _NOTHING
    every = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(rf"(?:{every})\s*" if whole else rf"(?<!\w)(?:{every})(?!\w)")


@cache
def lexicon(languages: tuple[str, ...]) -> Lexicon:
    """The lexicon of these languages, made once."""
    return Lexicon(languages)
