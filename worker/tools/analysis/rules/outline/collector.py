"""Collects the statements: attaches details and priorities to the one before, and titles to the one that follows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.outline.statements import Hints, Section, Shape, Statement
from worker.tools.analysis.rules.text.labels import Label, LabelKind
from worker.tools.analysis.rules.text.roles import Role

_HINTS: Mapping[LabelKind | None, str] = {
    LabelKind.PRIORITY: "priority",
    LabelKind.KIND: "kind",
    LabelKind.POINTS: "points",
}
_DATED = re.compile(r"(?:[^\W\d_]+\s+)?(?:[\w.,]+\s+){0,3}20\d\d\W*")
_PRIORITY_WORDS = 4
_TELLING_WORDS = 5
_KEEPS_LABEL = frozenset({Role.INTEGRATION, Role.NON_FUNCTIONAL, Role.CONSTRAINT})
"""The roles whose label says what the text is: "Integrations: SAP"."""

Sentences = Sequence[tuple[str, tuple[int, ...]]]


def _bare(text: str) -> str:
    """A priority without the remark in brackets after it."""
    return re.sub(r"\s*\([^()]*\)\s*$", "", text)


def _tells(label: Label, rest: Sentences) -> bool:
    """Whether a label such as "Time:" stands before more than a value: before sentences about the project."""
    return len(rest) > 1 and len(label.rest.split()) >= _TELLING_WORDS


class Collector:
    """The statements so far."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.structure: set[int] = set()
        """The lines that are only structure: headings, labels, heads of tables."""
        self.silent: set[int] = set()
        """The lines of sections that ask for nothing."""
        self.detailing = False
        """Whether what comes belongs to the last statement."""
        self._title: Statement | None = None

    def add(self, statement: Statement) -> None:
        """Add a statement; one after a title is what the title names."""
        if statement.section.role is Role.SILENT:
            self.silent.update(statement.lines)
            return
        if self._title and statement.section.role is not Role.OPEN_QUESTION:
            title, self._title = self._title, None
            lines = (*title.lines, *statement.lines)
            hints = statement.hints if statement.hints != Hints() else title.hints
            statement = replace(
                statement,
                lines=lines,
                section=title.section,
                shape=Shape.ITEM,
                hints=hints,
                details=(*title.details, *statement.details),
                signed=True,
            )
        self.statements.append(statement)

    def title(self, text: str, lines: tuple[int, ...], section: Section, hints: Hints | None = None) -> None:
        """Take the name of a requirement, which stands for itself where nothing follows."""
        self.end_title()
        self.detailing = False
        self._title = Statement(text, lines, section, Shape.ITEM, hints=hints or Hints(), signed=True)

    def end_title(self) -> None:
        """Add a title that nothing followed."""
        if self._title:
            title, self._title = self._title, None
            self.add(title)

    def detail(self, text: str, lines: Iterable[int]) -> None:
        """Attach a text to the last statement."""
        self.structure.update(lines)
        if self._title:
            self._title = replace(self._title, details=(*self._title.details, text))
        elif self.statements:
            last = self.statements[-1]
            self.statements[-1] = replace(last, details=(*last.details, text))

    def beside(self, statement: Statement) -> None:
        """Add a statement before the last one, which stays the last: further details still belong to that one."""
        self.end_title()
        self.statements.insert(max(0, len(self.statements) - 1), statement)

    def _hint(self, label: Label, value: str) -> None:
        """Take what a label says of the title that is open, or else of the last statement."""
        about = self._title or self.statements[-1]
        section = replace(about.section, role=label.value) if label.value else about.section
        hints = {_HINTS[label.kind]: value} if label.kind else {}
        about = replace(about, hints=replace(about.hints, **hints), section=section)
        if self._title:
            self._title = about
        else:
            self.statements[-1] = about

    @property
    def can_detail(self) -> bool:
        """Whether there is a requirement that details could belong to."""
        return self._title is not None or bool(self.statements and (self.statements[-1].signed or self.detailing))

    def labelled(self, label: Label, rest: Sentences, section: Section, shape: Shape) -> bool:
        """Take a text by its label; False where the label says nothing. `rest` is the label's sentence and more."""
        lines = tuple(dict.fromkeys(number for _, of in rest for number in of))
        text = " ".join([label.rest, *(said for said, _ in rest[1:])]).strip()
        sentence = shape is Shape.SENTENCE
        if label.kind is LabelKind.TITLE and text and sentence:
            self.title(text, lines, section)
        elif label.kind is LabelKind.DETAIL and self.can_detail:
            self.detailing = True
            self.detail(text, lines)
        elif label.kind in _HINTS and (self._title or self.statements) and len(_bare(text).split()) <= _PRIORITY_WORDS:
            self.structure.update(lines)
            self._hint(label, _bare(text))
        elif label.kind is LabelKind.ID and len(text.split()) <= _PRIORITY_WORDS:
            self.structure.update(lines)
            self.end_title()
            self.detailing = False
        elif label.kind is LabelKind.TEXT and text:
            self.detailing = False
            self.add(Statement(text, lines, section, Shape.ITEM, signed=True))
        elif label.kind is LabelKind.META and sentence and not _tells(label, rest):
            self.structure.update(lines)
        else:
            return self._of_role(label, rest, text, section)
        return True

    def _of_role(self, label: Label, rest: Sentences, text: str, section: Section) -> bool:
        """Take a text whose label is the name of a section: "Out of scope: gift vouchers"."""
        lines = tuple(dict.fromkeys(number for _, of in rest for number in of))
        asked = replace(section, role=label.role)
        dated = label.role is Role.OPEN_QUESTION and _DATED.fullmatch(text)
        if label.role is Role.SILENT or dated:  # "Questions: until 15 December 2026" is a step of a tender
            self.structure.update(lines)
        elif label.role is Role.ASKING and text:
            for said, of in ((label.rest, rest[0][1]), *rest[1:]):
                self.add(Statement(said, of, asked, Shape.ITEM))
        elif label.role not in {None, Role.CONTEXT} and text:
            said = f"{label.name}: {text}" if label.role in _KEEPS_LABEL else text
            self.add(Statement(said, lines, asked, Shape.ITEM))
        else:
            return False
        return True
