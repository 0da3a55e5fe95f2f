"""Recognises labels before a text: "Description:", "Priority:", "Out of scope:".

Their words are data, in the `labels` and `sections` tables of the word files.
"""

import re
from dataclasses import dataclass
from enum import Enum

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.text.roles import Role, role_of

_LABEL = re.compile(r"(?:\*\*|__)?([^:*_|]{1,44}?)(?:\*\*|__)?\s?:(?:\*\*|__)?(?!//)\s*(.*)")


class LabelKind(Enum):
    """What a label says of the text after it. The values are the names of the word lists."""

    TITLE = "title"
    """A short name of the requirement that follows."""
    DETAIL = "detail"
    """Rationale, acceptance and the like, which belong to the requirement before it."""
    PRIORITY = "priority"
    ID = "id"
    """The id of the requirement that follows, alone on its line."""
    KIND = "kind"
    """Its kind: "Type: functional"."""
    POINTS = "points"
    TEXT = "text"
    """The requirement itself."""
    META = "meta"
    """About the document."""


@dataclass(frozen=True)
class Label:
    """A label and the text after it."""

    name: str
    kind: LabelKind | None
    role: Role | None
    """The role of the section of this name."""
    rest: str
    value: Role | None = None
    """Of a kind, the role of the section of that name."""


def label_of(text: str, lexicon: Lexicon) -> Label | None:
    """The label at the start of a text; its kind and role are None where its words are not known."""
    match = _LABEL.fullmatch(text)
    if match is None:
        return None
    name = plain(match[1]).strip()
    kind = next((each for each in LabelKind if _is(each, name, lexicon)), None)
    value = role_of(match[2], lexicon, strict=True) if kind is LabelKind.KIND else None
    return Label(match[1].strip(), kind, role_of(match[1], lexicon, strict=True), match[2].strip(), value)


def is_detail(title: str, lexicon: Lexicon) -> bool:
    """Whether a heading names the details of the requirement before it: "Acceptance criteria"."""
    return _is(LabelKind.DETAIL, plain(title).strip(" :"), lexicon)


def _is(kind: LabelKind, name: str, lexicon: Lexicon) -> bool:
    return lexicon.pattern("labels", kind.value, whole=True).fullmatch(name) is not None
