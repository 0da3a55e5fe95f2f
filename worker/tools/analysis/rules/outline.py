"""Joins the lines into statements: wrapped lines, list items with their details, labelled blocks, tables, turns.

It keeps the section of each statement. What a statement asks for is for `classify` to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from worker.tools.analysis.rules import sentences, tables
from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.lines import Form, Line, requirement_id
from worker.tools.analysis.rules.roles import Role, role_of
from worker.tools.analysis.rules.source import Raw
from worker.tools.analysis.rules.statements import Hints, Section, Shape, Statement

_LABEL = re.compile(r"(?:\*\*|__)?([^:*_|]{1,44}?)(?:\*\*|__)?\s?:(?:\*\*|__)?(?!//)\s*(.*)")
_MARKS = re.compile(
    r"\*\*|__|``?|~~|\[([^\]]{1,80})\]\([^)]{1,200}\)|</?(?:b|i|u|em|strong|span|br|code|su[bp]|p|div|a|font|del|ins|mark|small)(?:\s[^<>]{0,80})?/?>"
)
_GHERKIN = re.compile(
    r"(?:given|when|then|and|but|scenario|background)\b(?!.*\b(?:must|shall|should|need)\b)", re.IGNORECASE
)
_LEAD_IN_LEVEL = 9
_LOOSE_LEVEL = 4
_FEW_WORDS = 3
_CLAUSE_WORDS = 5
_WRAPPED = 40
_SWITCHES = 4
_PROSE_WORDS = 9


@dataclass
class _Node:
    """A list item with what stands below it."""

    text: str
    numbers: list[int]
    indent: int
    children: list["_Node"] = field(default_factory=list)

    def all_numbers(self) -> list[int]:
        return self.numbers + [number for child in self.children for number in child.all_numbers()]

    def all_texts(self) -> list[str]:
        return [text for child in self.children for text in (child.text, *child.all_texts())]


def clean(text: str) -> str:
    """A text without the marks of Markdown."""
    return " ".join(_MARKS.sub(lambda match: match[1] or "", text).split())


class Outline:
    """Walks over the lines once. Afterwards it has the statements, and the lines that are only structure."""

    def __init__(self, lexicon: Lexicon, *, titles: int) -> None:
        """`titles` is the number of headings; the first of several may be the title of the whole document."""
        self.statements: list[Statement] = []
        self.structure: set[int] = set()
        self.silent: set[int] = set()
        self._lexicon = lexicon
        self._titles = titles
        self._sections: list[Section] = [Section()]
        self._paragraph: list[tuple[str, tuple[int, ...]]] = []
        self._nodes: list[_Node] = []
        self._speaker = ""
        self._turn = 0
        self._inline = False
        self._pending: Statement | None = None
        self._detailing = False
        self._listed = False
        self._blank = False
        self._replies = False
        """Whether an e-mail answers between quoted lines: then each depth of quoting is a speaker."""

    @property
    def _section(self) -> Section:
        return self._sections[-1]

    def read(self, lines: Sequence[Line], raws: Sequence[Raw], skipped: frozenset[int]) -> None:
        """Walk over all lines."""
        place = 0
        depths = [line.quoted for line in lines if line.form is not Form.BLANK]
        self._replies = sum(one != other for one, other in pairwise(depths)) >= _SWITCHES
        while place < len(lines):
            if place in skipped:
                self._flush()
                self.structure.update(lines[place].numbers)
                place += 1
                continue
            place = self._step(place, lines, raws)
        self._flush()
        self._emit_pending()

    def _step(self, place: int, lines: Sequence[Line], raws: Sequence[Raw]) -> int:
        line = lines[place]
        if self._replies and line.form is not Form.BLANK and self._speaker != (writer := f"> {line.quoted}"):
            self._flush()
            self._speaker, self._turn = writer, self._turn + 1
        if line.form is Form.TEXT and not self._paragraph and (rows := self._csv(place, lines, raws)):
            return place + rows
        match line.form:
            case Form.BLANK:
                self._on_blank()
            case Form.RULE:
                self._flush()
                self.structure.update(line.numbers)
            case Form.HEADING:
                self._on_heading(line)
            case Form.ROW:
                return self._on_rows(place, lines)
            case Form.SPEECH:
                self._on_speech(line)
            case Form.ITEM:
                self._on_item(line)
            case Form.TEXT:
                self._on_text(line, lines[place + 1 :])
        self._blank = line.form is Form.BLANK
        return place + 1

    def _on_blank(self) -> None:
        self._flush_paragraph()
        if self._inline:
            self._speaker, self._turn_over = "", True

    def _on_heading(self, line: Line) -> None:
        self._flush()
        self._emit_pending()
        self.structure.update(line.numbers)
        self._detailing = self._listed = False
        if line.level != _LOOSE_LEVEL or self._inline:
            self._speaker = ""
        signed, title = requirement_id(line.text)
        role = role_of(title, self._lexicon)
        if (
            self._lexicon.pattern("labels", "detail", whole=True).fullmatch(plain(title))
            and self.statements
            and role is not Role.SILENT
        ):
            self._detailing = True
            return
        whole_document = (
            line.level == 1
            and self._titles > 1
            and len(self._sections) == 1
            and role not in {Role.SILENT, Role.OUT_OF_SCOPE}
        )
        self._enter(title, line.level, None if whole_document else role, named=not whole_document)
        if signed and role is None:
            self._pending = Statement(title, line.numbers, self._section, Shape.ITEM, signed=True)

    def _enter(self, title: str, level: int, role: Role | None, *, named: bool = True) -> None:
        while len(self._sections) > 1 and self._section.level >= level:
            self._sections.pop()
        above = self._section
        priority = title if self._is_priority(title) else above.priority if role is None else ""
        topic = named and role in {None, Role.FUNCTIONAL} and not priority
        if role in {Role.ASKING, Role.FUNCTIONAL} and above.role in {
            Role.NON_FUNCTIONAL,
            Role.INTEGRATION,
            Role.OUT_OF_SCOPE,
            Role.SILENT,
        }:
            role = above.role
        self._sections.append(
            Section(
                role or above.role,
                title if topic else above.title,
                level,
                named=topic or above.named,
                priority=priority,
            )
        )

    def _is_priority(self, title: str) -> bool:
        word = plain(title)
        return any(
            re.match(rf"(?:{self._lexicon.words(name).pattern})(?:[ -]?\w+){{0,3}}$", word)
            for name in ("must", "should", "could")
        )

    def _on_rows(self, place: int, lines: Sequence[Line]) -> int:
        self._flush()
        end = place
        rows: list[tables.Row] = []
        ruled = False
        while end < len(lines) and lines[end].form in {Form.ROW, Form.RULE}:
            line = lines[end]
            if line.form is Form.RULE:
                ruled = ruled or len(rows) == 1
                self.structure.update(line.numbers)
            else:
                rows.append((line.numbers, tables.cells(line.text)))
            end += 1
        self._take_rows(rows, ruled=ruled)
        return end

    def _csv(self, place: int, lines: Sequence[Line], raws: Sequence[Raw]) -> int:
        if not any(mark in lines[place].text for mark in ",;"):
            return 0
        rows, taken = tables.csv_rows([(raw.numbers, raw.text) for raw in raws[place : place + 4000]], self._lexicon)
        if rows:
            self._flush()
            self._take_rows(rows, ruled=False)
        return taken if rows else 0

    def _take_rows(self, rows: Sequence[tables.Row], *, ruled: bool) -> None:
        found = list(tables.statements(rows, self._section, self._lexicon, ruled=ruled)) if rows else []
        told = {number for statement in found for number in statement.lines}
        self.structure.update(number for numbers, _ in rows for number in numbers if number not in told)
        self.statements += found
        self._listed = True

    def _on_speech(self, line: Line) -> None:
        turn = line.turn
        if turn is None:
            return
        cue_goes_on = turn.cue and (not turn.speaker or turn.speaker == self._speaker)
        if not cue_goes_on or self._nodes:
            self._flush()
        if turn.speaker and (turn.speaker != self._speaker or not turn.cue):
            if turn.speaker != self._speaker:
                self._turn += 1
            self._speaker = turn.speaker
            self._inline = bool(turn.said) and not turn.cue
        elif not self._turn:
            self._turn = 1
        self._leave_lead_in()
        if turn.said:
            self._paragraph.append((clean(turn.said), line.numbers))
        else:
            self.structure.update(line.numbers)

    def _on_item(self, line: Line) -> None:
        self._flush_paragraph()
        self._nodes_take(_Node(clean(line.text), list(line.numbers), line.indent))

    def _nodes_take(self, node: _Node) -> None:
        siblings = self._nodes
        while siblings and node.indent > siblings[-1].indent:
            siblings = siblings[-1].children
        siblings.append(node)

    def _on_text(self, line: Line, after: Sequence[Line]) -> None:
        text = clean(line.text)
        if self._nodes and self._continues_item(line):
            last = self._nodes[-1]
            while last.children:
                last = last.children[-1]
            last.text = _joined(last.text, text)
            last.numbers.extend(line.numbers)
            return
        if self._nodes:
            self._flush_items()
            self._leave_lead_in()
        if (
            self._paragraph
            and not self._speaker
            and (self._begins_label(text) or not _wrapped(self._paragraph[-1][0], text))
        ):
            self._flush_paragraph()
        following = next((each for each in after if each.form is not Form.BLANK), None)
        if (
            not self._paragraph
            and text.endswith(":")
            and following
            and following.form in {Form.ITEM, Form.ROW}
            and not self._speaker
        ):
            self._lead_in(text, line.numbers)
            return
        self._leave_loose(text)
        self._paragraph.append((text, line.numbers))
        if text.endswith(":") and following and following.form is Form.ITEM:
            whole = " ".join(piece for piece, _ in self._paragraph)
            numbers = tuple(number for _, of in self._paragraph for number in of)
            start = (
                max(whole.rfind(". ") + 2, whole.rfind("! ") + 2, whole.rfind("? ") + 2, 0)
                if ". " in whole or "? " in whole or "! " in whole
                else 0
            )
            if start:
                self._flush_paragraph(drop_last=True)
            else:
                self._paragraph = []
            self._lead_in(whole[start:], numbers if not start else line.numbers)

    def _begins_label(self, text: str) -> bool:
        match = _LABEL.fullmatch(text)
        if match is None:
            return False
        name = plain(match[1]).strip()
        return any(
            self._lexicon.pattern("labels", label, whole=True).fullmatch(name)
            for label in ("title", "text", "detail", "priority", "meta")
        )

    def _lead_in(self, text: str, numbers: tuple[int, ...]) -> None:
        """A line that introduces a list: "The portal must:"."""
        self.structure.update(numbers)
        self._leave_lead_in()
        title = text.rstrip(": ")
        role = role_of(title, self._lexicon)
        said = plain(title)
        if role is None and self._lexicon.words("exclusion").search(self._lexicon.words("inclusion").sub("", said)):
            role = Role.OUT_OF_SCOPE
        if role is None and self._lexicon.words("open").search(said):
            role = Role.OPEN_QUESTION
        if role is None and self._section.role is None and self._lexicon.words("need").search(said):
            role = Role.ASKING
        self._sections.append(
            Section(
                role or self._section.role,
                self._section.title,
                _LEAD_IN_LEVEL,
                named=self._section.named,
                priority=title if self._is_priority(title) else self._section.priority,
            )
        )

    def _leave_lead_in(self) -> None:
        while self._section.level == _LEAD_IN_LEVEL:
            self._sections.pop()

    def _leave_loose(self, text: str) -> None:
        """A heading that only its words showed ends with the prose after its list."""
        if self._section.level == _LOOSE_LEVEL and self._listed and len(text.split()) >= _PROSE_WORDS:
            self._sections.pop()
            self._listed = False

    def _continues_item(self, line: Line) -> bool:
        last = self._nodes[-1]
        while last.children:
            last = last.children[-1]
        if self._blank:
            return line.indent > last.indent and not line.text.endswith(":")
        if line.indent > last.indent:
            return True
        return _wrapped(last.text, line.text) and (line.text[0].islower() or line.indent >= last.indent)

    def _flush(self) -> None:
        self._flush_paragraph()
        self._flush_items()

    def _flush_paragraph(self, *, drop_last: bool = False) -> None:
        pieces, self._paragraph = self._paragraph, []
        if not pieces:
            return
        found = list(sentences.split(pieces))
        if drop_last:
            found = found[:-1]
        if len(found) == 1 or not self._speaker:
            label = _LABEL.fullmatch(found[0][0]) if found else None
            if label and self._labelled(label, found, Shape.SENTENCE):
                return
        self._detailing = False
        for text, numbers in found:
            self._add(
                Statement(
                    text,
                    numbers,
                    self._section,
                    speaker=self._speaker,
                    turn=self._turn if self._speaker or self._turn else 0,
                )
            )

    def _labelled(self, label: re.Match[str], found: Sequence[tuple[str, tuple[int, ...]]], shape: Shape) -> bool:
        """Whether a label says what the text after it is, and the text was taken so."""
        name, rest = plain(label[1]).strip(), label[2].strip()
        numbers = tuple(dict.fromkeys(number for _, of in found for number in of))
        text = " ".join([rest, *(said for said, _ in found[1:])]).strip()
        lexicon = self._lexicon
        if lexicon.pattern("labels", "title", whole=True).fullmatch(name) and text and shape is Shape.SENTENCE:
            self._emit_pending()
            self._detailing = False
            self._pending = Statement(text, numbers, self._section, Shape.ITEM, signed=True)
            return True
        if lexicon.pattern("labels", "detail", whole=True).fullmatch(name) and (
            self._pending or (self.statements and (self.statements[-1].signed or self._detailing))
        ):
            self._detailing = True
            self._take_detail(text, numbers)
            return True
        if (
            lexicon.pattern("labels", "priority", whole=True).fullmatch(name)
            and self.statements
            and len(text.split()) <= 4
        ):
            self.structure.update(numbers)
            self.statements[-1] = replace(self.statements[-1], hints=replace(self.statements[-1].hints, priority=text))
            return True
        if lexicon.pattern("labels", "text", whole=True).fullmatch(name) and text:
            self._detailing = False
            self._add(Statement(text, numbers, self._section, Shape.ITEM, signed=True))
            self.statements[-1] = replace(self.statements[-1], signed=True)
            return True
        if lexicon.pattern("labels", "meta", whole=True).fullmatch(name) and shape is Shape.SENTENCE:
            self.structure.update(numbers)
            return True
        role = role_of(label[1], lexicon, strict=True)
        if role is None or role is Role.CONTEXT:
            return False
        if role is Role.SILENT:
            self.structure.update(numbers)
            return True
        if text:
            of_role = replace(self._section, role=role)
            keep = role not in {Role.INTEGRATION, Role.NON_FUNCTIONAL, Role.CONSTRAINT}
            self._add(Statement(text if keep else f"{label[1].strip()}: {text}", numbers, of_role, Shape.ITEM))
            return True
        return False

    def _take_detail(self, text: str, numbers: tuple[int, ...]) -> None:
        self.structure.update(numbers)
        if self._pending:
            self._pending = replace(self._pending, details=(*self._pending.details, text))
        elif self.statements:
            last = self.statements[-1]
            self.statements[-1] = replace(last, details=(*last.details, text))

    def _flush_items(self) -> None:
        nodes, self._nodes = self._nodes, []
        for node in nodes:
            self._item(node, self._section)
        self._listed = self._listed or bool(nodes)

    def _item(self, node: _Node, section: Section) -> None:
        text = node.text
        if self._detailing or _GHERKIN.match(text) and self.statements and self.statements[-1].signed:
            self._take_detail(text, tuple(node.all_numbers()))
            return
        label = _LABEL.fullmatch(text)
        if label and not node.children and self._labelled(label, [(text, tuple(node.numbers))], Shape.ITEM):
            return
        if node.children and self._opens_a_list(node):
            self.structure.update(node.numbers)
            title = text.rstrip(": ")
            role = role_of(title, self._lexicon, strict=True)
            if role is None and section.role is None and self._lexicon.words("need").search(plain(title)):
                role = Role.ASKING
            below = replace(
                section,
                role=role or section.role,
                title=title if role is None and len(title.split()) <= _CLAUSE_WORDS else section.title,
                named=True,
            )
            for child in node.children:
                self._item(child, below)
            return
        details = node.all_texts()
        if node.children and text.endswith(":"):
            text = f"{text} {'; '.join(child.text.rstrip('.;') for child in node.children)}"
        signed, rest = requirement_id(text)
        self._add(
            Statement(
                rest,
                tuple(node.all_numbers()),
                section,
                Shape.ITEM,
                self._speaker,
                self._turn if self._speaker else 0,
                details=tuple(details),
                signed=bool(signed),
                hints=Hints(),
            )
        )

    def _opens_a_list(self, node: _Node) -> bool:
        """Whether an item is the head of the items below it rather than a requirement with details."""
        title = node.text.rstrip(": ")
        said = plain(title)
        if role_of(title, self._lexicon, strict=True) is not None:
            return True
        if node.text.endswith(":") and self._lexicon.words("need").search(said):
            return True
        clauses = sum(len(child.text.split()) >= _CLAUSE_WORDS for child in node.children)
        short = len(title.split()) <= _FEW_WORDS or node.text.endswith(":")
        return short and len(node.children) >= 2 and clauses * 2 >= len(node.children)

    def _add(self, statement: Statement) -> None:
        if statement.section.role is Role.SILENT:
            self.silent.update(statement.lines)
            return
        if self._pending and statement.section.role is not Role.OPEN_QUESTION:
            first, self._pending = self._pending, None
            statement = replace(statement, lines=(*first.lines, *statement.lines), signed=True, shape=Shape.ITEM)
        self.statements.append(statement)

    def _emit_pending(self) -> None:
        if self._pending:
            pending, self._pending = self._pending, None
            self._add(pending)


def _wrapped(before: str, text: str) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if not before or not text:
        return False
    if before.endswith((".", "!", "?", ":", "\u2026", ";")) and not text[0].islower():
        return before.endswith((".", "!", "?", "\u2026")) and len(before) >= _WRAPPED
    if text[0].islower() or before.endswith((",", "-", "(", "/", "&")):
        return True
    return len(before) >= _WRAPPED


def _joined(before: str, text: str) -> str:
    if before.endswith("-") and text[:1].islower() and len(before) > 1 and before[-2].isalpha():
        return before[:-1] + text
    return f"{before} {text}"
