"""Names the work packages: by the notes' own sections where these are few and short, else by topics.

A long brief has sections enough for a plan that nobody reads. Then topics replace all of them, and the smallest
topics are joined to the general ones.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.analysis.rules.result import topics
from worker.tools.requirements import BUILT, Kind

MOST = 12
"""The most packages that a plan still shows at a glance."""

_GENERAL: Mapping[Kind, str] = {
    Kind.FUNCTIONAL: "Core functions",
    Kind.NON_FUNCTIONAL: "Quality and operation",
    Kind.INTEGRATION: "Integrations and interfaces",
}
_MOST_WORDS = 4
_LONGEST = 36
_ACRONYM = 4
_NUMBER = re.compile(
    r"^(?:\W*\d+(?:\.\d+)*[.):/]?\s+|(?:art(?:ikel)?|section|chapter|part|kapitel|teil|top|lot|slide|task|phase|stage|module"
    r"|epic|theme|work ?package|wp|annex|appendix|attachment|schedule|feature area|\u00a7)"
    r"\.?\s*(?:\d+|[a-h]\b)?\s*[:.)\u2013\u2014-]+\s*"
    r"|(?:art(?:ikel)?|section|chapter|part|kapitel|teil|top|lot|slide|\u00a7)\.?\s*\d+\W*\s)",
    re.IGNORECASE,
)
_ID = re.compile(r"\b[A-Z]{1,5}[-_ ]?\d+\b")
"""A section with an id is one requirement's."""
_CUT = re.compile(r"\s*[:(\[\u2013\u2014/].*$|\s-\s.*$|,.*$")


def names(stated: Sequence[tuple[Kind, Statement]], *, english: bool) -> list[str | None]:
    """The package of each statement; None for kinds that nobody builds."""
    own = [_own(kind, statement, english=english) for kind, statement in stated]
    counts = Counter(own)
    own = [name if counts[name] > 1 else None for name in own]
    topical = [_topic(kind, statement) for kind, statement in stated]
    found = [name or topic for name, topic in zip(own, topical, strict=True)]
    if len(set(found) - {None}) > MOST:
        found = topical
    return _folded([kind for kind, _ in stated], found)


def _folded(kinds: Sequence[Kind], found: Sequence[str | None]) -> list[str | None]:
    """The names with the smallest packages joined to the general ones."""
    counts = Counter(name for name in found if name)
    small = {name for name, _ in sorted(counts.items(), key=lambda item: item[1]) if name not in _GENERAL.values()}
    ordered = sorted(small, key=lambda name: (counts[name], name))
    general = len(set(counts) | set(_GENERAL.values())) - len(small)
    folded = set(ordered[: max(0, len(small) + general - MOST)]) if len(counts) > MOST else set()
    return [_GENERAL[kind] if name in folded else name for kind, name in zip(kinds, found, strict=True)]


def _own(kind: Kind, statement: Statement, *, english: bool) -> str | None:
    """The name that the notes give: a column's, or the section's. A single word gets a second one in English."""
    if kind not in BUILT:
        return None
    title = statement.hints.package or (statement.section.title if statement.section.named else "")
    name = _CUT.sub("", _NUMBER.sub("", title)).strip(" .*_")
    words = name.split()
    if not 1 <= len(words) <= _MOST_WORDS or len(name) > _LONGEST or _ID.search(title):
        return None
    if name.isupper() and len(name) > _ACRONYM:
        name = name.capitalize()
        words = name.split()
    if len(words) == 1 and english:
        return f"{name} features" if kind is Kind.FUNCTIONAL else None
    return name[0].upper() + name[1:]


def _topic(kind: Kind, statement: Statement) -> str | None:
    if kind not in BUILT:
        return None
    named = topics.package(statement.text) if kind is Kind.FUNCTIONAL else None
    return named or _GENERAL[kind]
