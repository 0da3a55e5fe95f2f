"""Says what the section under a heading is for: requirements of a kind, context, or nothing that is asked for.

The names of sections are data, in the `sections` tables of the word files.
"""

import re
from enum import Enum, auto
from functools import lru_cache

from worker.tools.analysis.rules.lexicon import Lexicon, plain


class Role(Enum):
    """What a section is for."""

    OUT_OF_SCOPE = auto()
    OPEN_QUESTION = auto()
    SILENT = auto()
    """Nothing in it is asked for: attendees, evaluation criteria, glossary."""
    NON_FUNCTIONAL = auto()
    INTEGRATION = auto()
    CONSTRAINT = auto()
    FUNCTIONAL = auto()
    ASKING = auto()
    """Requirements of any kind."""
    CONTEXT = auto()
    """Background, in which only a clear demand counts."""


_MOST_WORDS = 9
_STRICT_WORDS = 5
_STRICT_SHARE = 0.6
_SHARE = 0.5
"""Of a heading, at least this share must be a section's name: "Security lanes" is no section about security."""
_SHARES = {
    Role.OUT_OF_SCOPE: 0.3,
    Role.OPEN_QUESTION: 0.3,
    Role.SILENT: 0.3,
    Role.ASKING: 0.35,
    Role.NON_FUNCTIONAL: 0.7,
}
_LEAD = re.compile(
    r"^(?:[ivx]{1,4}\.|\d+(?:\.\d+)*[.)]?|[a-z][.)]|§\s*\d+|(?:section|chapter|part|annex|appendix|art(?:icle|ikel|icolo|ículo|igo)?\.?|top|slide|kapitel|teil|anlage|chapitre|capítulo|capitolo|hoofdstuk|rozdział|punkt|lot)\s*(?:\d{1,3}|[a-z]|[ivx]{1,4})(?!\w)\s*[:.)\u2013/-]?|\d+/)\s*"
)
_QUESTIONS = re.compile(r"\bquestions?$")
"""Of "Parked questions" the last word counts."""
_LAST = re.compile(r"\s*(?:\([^()]*\)|\[[^\]]*\])\s*$")
_JOINT = re.compile(r"\s*(?:[,/&+]|(?<!\w)(?:and|und|et|y|e|en|och|i)(?!\w))\s*")
_SEVERAL = 2
_ARTICLE = re.compile(r"^(?:the|our|your|die|der|das|unsere|les?|la|nos|los?|las|il|i|gli|de|het|onze|os?|as?)\s+")


def role_of(heading: str, lexicon: Lexicon, *, strict: bool = False) -> Role | None:
    """The role of the section under this heading; None where its name says nothing.

    `strict` is for a line that only its words could make a heading: they must be nearly all of it.
    """
    return _role(plain(heading).strip(" *_#:.\u2013-"), lexicon, strict=strict)


@lru_cache(maxsize=4096)
def _role(heading: str, lexicon: Lexicon, *, strict: bool) -> Role | None:
    name = _LEAD.sub("", heading)
    trimmed = _LAST.sub("", name).strip()
    if not trimmed or len(trimmed.split()) > (_STRICT_WORDS if strict else _MOST_WORDS):
        return None
    remark = _LAST.search(name)
    if remark and _named(remark[0].strip(" ()[]"), lexicon, strict=False) is Role.OUT_OF_SCOPE:
        return Role.OUT_OF_SCOPE
    return _named(trimmed, lexicon, strict=strict) or _of_parts(trimmed, lexicon, strict=strict)


def _named(name: str, lexicon: Lexicon, *, strict: bool) -> Role | None:
    bare = re.sub(rf"\s+{lexicon.pattern('sections', 'tail').pattern}$", "", name)
    names = dict.fromkeys((name, _ARTICLE.sub("", name), bare))
    for role in (Role.OPEN_QUESTION, *Role) if _QUESTIONS.search(name) else Role:
        pattern = lexicon.pattern("sections", role.name.lower())
        for each in names:
            match = pattern.search(each)
            if match and (match.end() - match.start()) >= len(each) * (
                _STRICT_SHARE if strict else _SHARES.get(role, _SHARE)
            ):
                return role
    return None


def _of_parts(name: str, lexicon: Lexicon, *, strict: bool) -> Role | None:
    """The role of a heading that names several things, each with a role: "Assumptions and dependencies"."""
    parts = [part for part in _JOINT.split(name) if part]
    roles = {_named(part, lexicon, strict=strict) for part in parts}
    if len(parts) < _SEVERAL or None in roles:
        return None
    if len(roles) == 1:
        return roles.pop()
    return None if roles & {Role.SILENT, Role.OUT_OF_SCOPE, Role.OPEN_QUESTION, Role.CONTEXT} else Role.ASKING
