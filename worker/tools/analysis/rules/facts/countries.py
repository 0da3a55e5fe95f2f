"""Finds whose dollar, peso or crown the notes mean where they say only "dollars" or "$".

The names of countries and currencies, and the cities of each country's time zones, come from Babel (CLDR). Where the
notes name several such countries, or another country more often, the question stays open: None.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

_FAMILIES: Mapping[str, tuple[str, ...]] = {
    "dollar": ("Dollar", "Peso"),
    "peso": ("Peso",),
    "crown": ("Krona", "Krone", "Kr\u00f3na"),
}
"""The last words of the currencies' English names. Mexico writes its peso with the dollar's sign."""
_ZONE_PARTS = 2
"""A zone such as "America/Toronto" names a city; "America/Indiana/Knox" names a small one."""
_LEAST_NAME = 4
_NOT_PLACES = frozenset({"center", "easter", "midway", "nome", "wake", "troll", "davis", "casey", "lima", "jersey"})
"""Names of places that are mostly something else."""


def currency(family: str, texts: Sequence[str], languages: tuple[str, ...], today: dt.date) -> str | None:
    """The one currency of a family that the texts in lower case leave as a reading, as ISO 4217."""
    text = "\n".join(texts)
    members = _members(family)
    stated = {code for name, code in _currencies(languages) if code in members and name in text}
    if len(stated) == 1:
        return stated.pop()
    counts: Counter[str] = Counter()
    for name, code in _places(languages, today):
        if name in text:
            counts[code] += len(re.findall(rf"(?<!\w){re.escape(name)}(?:s|'s)?(?!\w)", text))
    likely = [code for code in counts if code in members and counts[code]]
    if len(likely) != 1 or counts[likely[0]] < max(counts.values()):
        return None
    return likely[0]


@cache
def _members(family: str) -> frozenset[str]:
    from babel import Locale  # noqa: PLC0415 - loads its locales only for notes with such an amount

    names = Locale("en").currencies
    return frozenset(code for code, name in names.items() if name.endswith(_FAMILIES[family]))


@cache
def _currencies(languages: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    """The full names of currencies in lower case: "new zealand dollar", "dollar canadien"."""
    from babel import Locale  # noqa: PLC0415

    return [(name.lower(), code) for language in languages for code, name in Locale(language).currencies.items()]


@cache
def _places(languages: tuple[str, ...], today: dt.date) -> Sequence[tuple[str, str]]:
    """Countries, their people and their cities in lower case, each with the country's currency."""
    return list({name: code for name, code in _named(languages, today) if name not in _NOT_PLACES}.items())


def _named(languages: tuple[str, ...], today: dt.date) -> Iterator[tuple[str, str]]:
    from babel import Locale  # noqa: PLC0415
    from babel.core import get_global  # noqa: PLC0415
    from babel.numbers import get_territory_currencies  # noqa: PLC0415

    tender = {
        code: current[0]
        for code in Locale("en").territories
        if isinstance(code, str) and code.isalpha() and (current := get_territory_currencies(code, start_date=today))
    }
    for zone, territory in get_global("zone_territories").items():
        parts = zone.split("/")
        if len(parts) == _ZONE_PARTS and territory in tender:
            yield parts[1].replace("_", " ").lower(), tender[territory]
    for code, name in Locale("en").currencies.items():
        people, _, last = name.rpartition(" ")
        if len(people) >= _LEAST_NAME and last.isalpha():
            yield people.lower(), code
    for language in languages:
        for territory, name in Locale(language).territories.items():
            if territory in tender and len(name) >= _LEAST_NAME:
                yield name.lower(), tender[territory]
    if "en" in languages:
        yield from (("u.s.", "USD"), ("usa", "USD"), ("american", "USD"))
