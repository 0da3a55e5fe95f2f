"""The client's systems that the solution is connected to, and which way data goes. Pure.

The names come from the texts of the integrations: the label of a list item ("SAP S/4HANA: master data"), a proper name
that the notes show to be a system, or a word for one. What is not named is counted, never guessed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from worker.tools.analysis.rules.lexicon import plain
from worker.tools.proposal.parts import Component, Flow, Outline, System
from worker.tools.proposal.quotes import Notes
from worker.tools.proposal.words import legible
from worker.tools.requirements import Kind, Requirement

if TYPE_CHECKING:
    from worker.tools.proposal.content import Proposal

_LABEL = re.compile(
    r"(?P<name>[^:,;.]{2,40}?)\s*(?::|,|\s[-\u2013\u2014]\s|\s(?=for |over |via |per |über |für ))\s*(?P<rest>.+)$"
)
_PARENTHESIS = re.compile(r"\(.*?\)")
_LABEL_WORDS = 5
"""A label of more words is a sentence."""
_LEADING = re.compile(
    r"^(?:the|an?|our|its?|their|your|existing|current|from|in|into|with|by|via|between|to|of|on|at|der|die|das|dem|den"
    r"|aus|mit|le|la|les|el|los|las|il|lo|de|het|o|os|as)\s+",
    re.IGNORECASE,
)
_COMPOUND = 10
"""A single word of so many letters is a name: "Geoinformationssystem"."""
_GOES_ON = re.compile(r"(?:\s[A-Z][\w/-]*[A-Z0-9][\w/-]*)*")
"""What still belongs to a name, such as "IS-U" behind "SAP"."""
_NO_NAME = re.compile(
    r"(?i)^(?:ideally|between|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)$"
)

# Prepositions before a system's name, by the direction that they show.
_FROM = r"(?:from|out of|off|aus|von|vom|depuis|desde|del|dal|dalla|uit|från|z)"
_TO = r"(?:to|into|an|ins?|nach|zu|zum|zur|vers|hacia|verso|naar|till|do)"
_FILLER = r"(?:\s+[\w'-]+){0,2}?\s+"

_BOTH_WAYS = re.compile(
    r"\b(?:sync\w*|synchron\w*|both (?:ways|directions)|two[- ]way|bi-?direc\w*|exchang\w+|come back|beidseitig"
    r"|abgleich\w*|échang\w+|intercambi\w+)\b"
)
_NO_FLOW = re.compile(
    r"\b(?:sign|log|signs|logs|signed|logged)[- ]?(?:in|on)\b|\bnear real[- ]?time\b|\baccording to\b|\bup to\b"
    r"|\b(?:has|have|need|needs|wants?|able) to\b|\b(?:lives?|held|kept|is|are) in\b"
)
# What a list says behind the name of the system: "bookings in, positions out", "vehicle positions by webhook".
_INTO_SYSTEM = re.compile(r"\bin\b(?=\s*(?:,|;|\band\b|$))|\b(?:sends?|sent|push\w*|export\w*|writ\w+|post(?:s|ed))\b")
_OUT_OF_SYSTEM = re.compile(
    r"\bout\b(?=\s*(?:,|;|\band\b|$))|\b(?:reads?|import\w*|receiv\w+|fetch\w*|pull\w*|webhooks?|feeds?)\b"
)


def outline(proposal: "Proposal") -> Outline:
    """The parts of the solution and the systems around them."""
    integrations = proposal.items(Kind.INTEGRATION)
    named = named_in(integrations, proposal)
    known = {each for system in named for each in system.requirement_ids}
    return Outline(
        tuple(
            Component(package.name, tuple(each.id for each in package.requirements))
            for package in proposal.packages
            if any(each.kind is not Kind.INTEGRATION for each in package.requirements)
        ),
        named,
        tuple(each.id for each in integrations if each.id not in known),
    )


def named_in(integrations: Sequence[Requirement], proposal: "Proposal") -> tuple[System, ...]:
    """The systems that these integrations name. Two spellings of one name are one system."""
    groups: dict[str, list[tuple[str, Requirement]]] = {}
    for each in integrations:
        name = _name(each.text, proposal.sentences)
        if name and name.casefold() not in proposal.client.casefold():
            key = next((known for known in groups if _same(_key(name), known)), _key(name))
            groups.setdefault(key, []).append((name, each))
    return tuple(
        System(
            max((_PARENTHESIS.sub("", name).strip() or name for name, _ in group), key=len),
            _merged(_flow(name, each.text) for name, each in group),
            tuple(each.id for _, each in group),
        )
        for group in groups.values()
    )


def _name(text: str, notes: Notes) -> str:
    """The system that a text is about; empty if it names none."""
    words = notes.lexicon.words
    label, said = _LABEL.match(text), plain(text)
    if label and len(label["name"].split()) <= _LABEL_WORDS and not words("flow").search(plain(label["name"])):
        named = plain(label["name"])
        if any(pattern.search(named) for pattern in (notes.systems, words("system"), words("own_system"))):
            return _tidy(label["name"])
    if len(said) != len(text):  # a letter that changes its length in lower case
        return ""
    return (
        _first(notes.systems, said, text) or _first(words("system"), said, text) or _generic(words("own_system"), said)
    )


def _first(pattern: re.Pattern[str], said: str, text: str) -> str:
    """The first name in the text; the word that begins it only if there is no other."""
    found = [match for match in pattern.finditer(said) if not _NO_NAME.match(match[0])]
    if not found:
        return ""
    match = min(found, key=lambda match: (match.start() == 0, match.start()))
    more = _GOES_ON.match(text, match.end())
    return _tidy(text[match.start() : more.end() if more else match.end()])


def _generic(pattern: re.Pattern[str], said: str) -> str:
    """A word for a system, such as "accounting system"; one short word says too little."""
    names = (_tidy(match[0]) for match in pattern.finditer(said))
    return next((name for name in names if " " in name or len(name) >= _COMPOUND), "")


def _tidy(name: str) -> str:
    name = legible(name).strip(" .,:;'\"*_")
    while (shorter := _LEADING.sub("", name)) != name:
        name = shorter
    return name[:1].upper() + name[1:]


def _key(name: str) -> str:
    return " ".join(_PARENTHESIS.sub(" ", name).casefold().split()) or name.casefold()


def _same(one: str, other: str) -> bool:
    """Whether one name is the beginning of the other: "sap" and "sap s/4hana"."""
    return one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")


def _flow(name: str, text: str) -> Flow:
    said = _NO_FLOW.sub(" ", plain(text))
    if _BOTH_WAYS.search(said):
        return Flow.BOTH
    place = re.escape(plain(name))
    into = re.search(rf"\b{_TO}{_FILLER}{place}", said) is not None
    out = re.search(rf"\b{_FROM}{_FILLER}{place}", said) is not None
    if said.startswith(plain(name)) or not (into or out):
        into, out = into or _INTO_SYSTEM.search(said) is not None, out or _OUT_OF_SYSTEM.search(said) is not None
    return _merged([Flow.OUT] * into + [Flow.IN] * out)


def _merged(flows: Iterable[Flow]) -> Flow:
    known = {flow for flow in flows if flow is not Flow.UNKNOWN}
    return known.pop() if len(known) == 1 else Flow.BOTH if known else Flow.UNKNOWN
