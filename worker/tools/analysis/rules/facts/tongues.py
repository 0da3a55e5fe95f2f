"""Finds the languages that the solution must speak. Their names come from Babel (CLDR)."""

import re
from collections.abc import Sequence
from functools import cache

from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.text.roles import Role
from worker.tools.facts import Languages

_WORDS_FOR_EACH = 5
_SHORT = re.compile(r"(?<![\w/])[a-z]{2}(?:\s?[/+]\s?[a-z]{2})+(?![\w/])")


def find(said: Sequence[Candidate], lexicon: Lexicon) -> Languages | None:
    """The longest list of languages that a statement about the solution names."""
    names, single, several = _names(lexicon)
    word, other = lexicon.pattern("facts", "languages"), lexicon.pattern("facts", "not_languages")
    best: Languages | None = None
    for candidate in said:
        text = candidate.said
        if other.search(text) or candidate.statement.section.role in {Role.CONTEXT, Role.OUT_OF_SCOPE}:
            continue
        listed = several.search(text)
        if text.endswith("?") and not listed:
            continue
        found = single.findall(
            _sentence(text, listed) if listed and word.search(text) else listed[0] if listed else text
        )
        codes = tuple(dict.fromkeys(names[name] for name in found)) or _short(text, word, lexicon)
        told = listed or word.search(text) or word.search(candidate.question)
        if not codes or not (told or _each_its_own(text, codes)):
            continue
        if best is None or len(codes) > len(best.codes):
            best = Languages(codes, candidate.statement.lines)
    return best


def _short(text: str, word: re.Pattern[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The languages of a list of codes: "multilingue (FR/NL/EN)"."""
    listed = _SHORT.search(text) if word.search(text) else None
    codes = re.findall(r"[a-z]+", listed[0]) if listed else []
    return tuple(dict.fromkeys(codes)) if set(codes) <= set(lexicon.listed("languages", "codes")) else ()


def _each_its_own(text: str, codes: Sequence[str]) -> bool:
    """Whether a short text names languages and little else: "Swedish in the office, English towards agents"."""
    return len(codes) > 1 and len(text.split()) <= _WORDS_FOR_EACH * len(codes)


def several(lexicon: Lexicon) -> re.Pattern[str]:
    """A pattern for a list of at least two languages in a text in lower case."""
    return _names(lexicon)[2]


def is_name(word: str, lexicon: Lexicon) -> bool:
    """Whether a word in lower case is the name of a language."""
    return word in _names(lexicon)[0]


def _sentence(text: str, match: re.Match[str]) -> str:
    """The sentence around a match."""
    begin = text.rfind(". ", 0, match.start()) + 1
    return text[begin:].split(". ", maxsplit=1)[0]


@cache
def _names(lexicon: Lexicon) -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    """The codes by name, a pattern for one name, and a pattern for a list of several."""
    from babel import Locale  # noqa: PLC0415 - loads its locales only when notes are analyzed

    found: dict[str, str] = dict(lexicon.table("languages", "more"))
    codes = frozenset(lexicon.listed("languages", "codes"))
    for language in lexicon.languages:
        for code, name in Locale(language).languages.items():
            if code in codes:
                found.setdefault(name.lower(), "no" if code == "nb" else code)
    name = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
    between = "|".join(lexicon.listed("languages", "between"))
    joint = rf"(?:{'|'.join(lexicon.listed('languages', 'joint'))})(?:(?:{between}) )*"
    several = re.compile(rf"(?<!\w)(?:{name})(?!\w)(?:{joint}(?:{name})(?!\w))+")
    return found, re.compile(rf"(?<!\w)(?:{name})(?!\w)"), several
