"""Recognises the ids of requirements: "REQ-7", "[F12]:", "B1.3"; and lines that are numbered one after the other.

It knows the form of an id only. `lines`, `speech`, `outline` and `wording` ask it.
"""

import re
from collections.abc import Sequence

_ID = re.compile(
    r"\[?(?:[A-Z]{1,6}(?:-[A-Z]{1,4})?[-_]\d{1,4}(?:\.\d{1,3})*"
    r"|(?:REQ|FR|NFR|NF|US|UC|BR|R|F|A|B) ?\d{1,4}(?:\.\d{1,3})*(?=[\]:.)])"
    r"|/[A-Z]{1,4}[ -]?\d{1,4}(?:\.\d{1,3})*/"
    r"|(?:REQ|FR|NFR|US|UC|BR)\d{1,4}(?:\.\d{1,3})*"
    r"|(?:REQ|FR|NFR|CON|EXC|OI|IF|INT|SEC|SYS|BR|UR|SR|TR) \d{1,4}(?:\.\d{1,3})+"
    r"|(?:User [Ss]tory|Story|Requirement|Req|Feature|Use [Cc]ase|Function)\s(?:No\.?\s|#)?\d{1,4}(?:\.\d{1,3})*"
    r"(?=\s?[\]:.)\u2013-]))\]?"
    r"\s*[:.)\u2013-]?\s+(?=\S)"
)
_LETTERED = re.compile(r"([A-Z])(\d{1,3})[.):]?\s+(\S.*)")
_FEW = 2


def requirement_id(text: str) -> tuple[str, str]:
    """The id at the start of a text ("REQ-7", "[F12]:") and the rest."""
    match = _ID.match(text)
    return (match[0].strip(" :.)[]/-\u2013"), text[match.end() :]) if match and match.end() < len(text) else ("", text)


def signs(texts: Sequence[str]) -> frozenset[str]:
    """The letters of the ids with which at least two lines begin: then an id begins a requirement, not a name."""
    found = [re.sub(r"[^A-Z].*", "", sign) for text in texts if (sign := requirement_id(text)[0])]
    return frozenset(letters for letters in set(found) if found.count(letters) >= _FEW)


def lettered(text: str, beside: Sequence[str]) -> str:
    """What follows a letter with a number, as in "D2 Data stays here", where a line beside has the next number."""
    match = _LETTERED.fullmatch(text)
    if match is None:
        return ""
    near = {f"{match[1]}{int(match[2]) + step}" for step in (-1, 1)}
    return (
        match[3]
        if any(other[1] + str(int(other[2])) in near for other in map(_LETTERED.match, beside) if other)
        else ""
    )
