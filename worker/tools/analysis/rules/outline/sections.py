"""Keeps the sections that a place in the notes is in: headings, and lines that introduce a list."""

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Section
from worker.tools.analysis.rules.text import headings
from worker.tools.analysis.rules.text.roles import Role, role_of

_LEAD_IN = 9
"""The level of a line that introduces a list; it ends with the list."""
_CLAUSE_WORDS = 5
_PROSE_WORDS = 9
_CLOSED = frozenset({Role.NON_FUNCTIONAL, Role.INTEGRATION, Role.OUT_OF_SCOPE, Role.SILENT})
"""The roles that a section of requirements in general, below one of them, does not change."""
_WHOLE_DOCUMENT = frozenset({Role.SILENT, Role.OUT_OF_SCOPE})
"""The roles that the title of a whole document can have; its other words say little about what stands in it."""


class Sections:
    """The open sections, the innermost last."""

    def __init__(self, lexicon: Lexicon, *, titles: Sequence[str], tender: bool = False) -> None:
        """`titles` are all headings; the first of several may be the title of the whole document.

        `tender` says that the document asks for bids: then "Selection" is about the bids.
        """
        self._tender = tender
        self._lexicon = lexicon
        self._titles = len(titles)
        specified = lexicon.pattern("sections", "specified")
        self._specified = any(specified.search(plain(title)) for title in titles)
        """Whether a section specifies the requirements one by one; then the sections before it sum them up."""
        self._left: Section | None = None
        """The section of the list between whose items a line of text stands."""
        self._open: list[Section] = [Section(preamble=len(titles) > 1)]

    @property
    def current(self) -> Section:
        """The innermost section."""
        return self._open[-1]

    def role_of(self, title: str) -> Role | None:
        """The role of a heading by its name, or by what it says that somebody wants."""
        said = plain(title).strip()
        if self._tender and self._lexicon.pattern("sections", "tender_silent", whole=True).fullmatch(said):
            return Role.SILENT
        if self._specified and self._lexicon.pattern("sections", "summary").search(said):
            return Role.CONTEXT
        if role := role_of(title, self._lexicon):
            return role
        wants = self._lexicon.words("need").search(said) is not None and not said.endswith("?")
        return Role.ASKING if wants and len(said.split()) >= _CLAUSE_WORDS else None

    def enter(self, title: str, level: int, role: Role | None, *, signed: bool = False) -> None:
        """Open the section of a heading with this role, and close those that it ends.

        `signed` says that it is the title of one requirement, which names no topic.
        """
        self._left = None
        of_document = level == 1 and self._titles > 1 and len(self._open) == 1 and role not in _WHOLE_DOCUMENT
        if of_document:
            role = None
        while len(self._open) > 1 and self.current.level >= level:
            self._open.pop()
        above = replace(self.current, preamble=False)
        priority = title if self._is_priority(title) else above.priority if role is None else ""
        general = self._lexicon.pattern("sections", "no_topic").search(plain(title)) is not None
        topic = not (of_document or general or priority or signed) and role in {None, Role.FUNCTIONAL}
        if role in {Role.ASKING, Role.FUNCTIONAL} and above.role in _CLOSED and not self._is_scope(title):
            role = above.role
        named = topic or above.named
        self._open[0] = replace(self._open[0], preamble=False)
        self._open.append(
            Section(role or above.role, title if topic else above.title, level, named, priority, preamble=of_document)
        )

    def lead_in(self, text: str) -> None:
        """Open the section of a line that introduces a list: "The portal must:"."""
        self.leave_lead_in()
        title = text.rstrip(": ")
        role = role_of(title, self._lexicon) or self._said_role(plain(title))
        above = self.current
        priority = title if self._is_priority(title) else above.priority
        self._open.append(Section(role or above.role, above.title, _LEAD_IN, above.named, priority))

    def _said_role(self, said: str) -> Role | None:
        words = self._lexicon.words
        if words("recap").search(said):
            return Role.SILENT
        if words("exclusion").search(words("inclusion").sub("", said)):
            return Role.OUT_OF_SCOPE
        if words("open").search(said):
            return Role.OPEN_QUESTION
        return Role.ASKING if self.current.role is None and words("need").search(said) else None

    def leave_lead_in(self) -> None:
        """Close the section of a list that has ended."""
        self._left = None
        while self.current.level == _LEAD_IN:
            self._open.pop()

    def step_aside(self) -> None:
        """Leave the section of a list for the lines between its items; `come_back` enters it again."""
        if self.current.level == _LEAD_IN:
            self._left = self._open.pop()

    def come_back(self) -> None:
        """Enter the section of the list again."""
        if self._left is not None:
            self._open.append(self._left)
            self._left = None

    def leave_loose(self, text: str) -> bool:
        """Close the section of a heading that only its words showed: it ends with the prose after its list."""
        ends = self.current.level == headings.LOOSE and len(text.split()) >= _PROSE_WORDS
        if ends:
            self._open.pop()
        return ends

    def _is_scope(self, title: str) -> bool:
        """Whether a section says what is bought, wherever it stands: "Scope of services" in the instructions."""
        return self._lexicon.pattern("sections", "bought").search(plain(title)) is not None

    def _is_priority(self, title: str) -> bool:
        word = plain(title)
        return any(
            re.match(rf"(?:{self._lexicon.words(name).pattern})(?:[ -]?\w+){{0,3}}$", word)
            for name in ("must", "should", "could")
        )
