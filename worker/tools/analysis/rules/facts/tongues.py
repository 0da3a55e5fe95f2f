"""Finds the languages that the solution must speak. Their names come from Babel (CLDR)."""

import re
from collections.abc import Sequence
from functools import cache

from worker.tools.analysis.rules.facts.candidates import Candidate
from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.roles import Role
from worker.tools.facts import Languages

_COMMON = frozenset(
    "en de fr es it nl sv pl pt da no nb fi cs sk hu ro bg hr sl el tr ar uk ru zh ja ko ca eu gl et lv lt he hi vi sq sr fa th id pa ur so ti ku ga cy".split()
)  # noqa: SIM905 - a list of codes reads best so
_MORE = {
    "norwegian": "no", "po polsku": "pl", "po angielsku": "en", "po niemiecku": "de", "po ukraińsku": "uk", "castellano": "es", "ukraiński": "uk",
    "po litewsku": "lt", "polsku": "pl", "angielsku": "en", "niemiecku": "de", "ukraińsku": "uk", "rosyjsku": "ru", "polskim": "pl", "angielskim": "en", "niemieckim": "de", "ukraińskim": "uk",
    "polnischer": "pl", "deutscher": "de", "englischer": "en", "farsi": "fa",
}  # fmt: skip
_SEVERAL = 2


def find(said: Sequence[Candidate], lexicon: Lexicon) -> Languages | None:
    """The longest list of languages that a statement about the solution names."""
    names, single, several = _names(lexicon.languages)
    word, other = lexicon.pattern("facts", "languages"), lexicon.pattern("facts", "not_languages")
    best: Languages | None = None
    for candidate in said:
        text = candidate.said
        if other.search(text) or candidate.statement.section.role in {Role.CONTEXT, Role.OUT_OF_SCOPE}:
            continue
        listed = several.search(text)
        found = single.findall(
            _sentence(text, listed) if listed and word.search(text) else listed[0] if listed else text
        )
        codes = tuple(dict.fromkeys(names[name] for name in found))
        if not codes or not (listed or word.search(text)):
            continue
        if best is None or len(codes) > len(best.codes):
            best = Languages(codes, candidate.statement.lines)
    return best


def several(lexicon: Lexicon) -> re.Pattern[str]:
    """A pattern for a list of at least two languages in a text in lower case."""
    return _names(lexicon.languages)[2]


def _sentence(text: str, match: re.Match[str]) -> str:
    """The sentence around a match."""
    begin = text.rfind(". ", 0, match.start()) + 1
    return text[begin:].split(". ")[0]


@cache
def _names(languages: tuple[str, ...]) -> tuple[dict[str, str], re.Pattern[str], re.Pattern[str]]:
    from babel import Locale  # noqa: PLC0415 - loads its locales only when notes are analyzed

    found = dict(_MORE)
    for language in languages:
        for code, name in Locale(language).languages.items():
            if code in _COMMON:
                found.setdefault(name.lower(), "no" if code == "nb" else code)
    name = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
    joined = r"(?:,\s?(?:and |und |et |y |e |en |och |i )?|\s?[/&+]\s?|\s(?:and|or|und|oder|sowie|et|ou|y|e|ed|o|en|of|och|i|oraz|lub|as well as)\s)(?:also |auch |auf |in |en |em |po |på |het |w )*"
    return (
        found,
        re.compile(rf"(?<!\w)(?:{name})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{name})(?!\w)(?:{joined}(?:{name})(?!\w))+"),
    )
