"""Joins the lines into statements: wrapped lines, list items with their details, labelled blocks, tables, turns.

It keeps the section of each statement. What a statement asks for is for `classify` to say.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.meaning.signals import Signals
from worker.tools.analysis.rules.outline import items, marks, tables
from worker.tools.analysis.rules.outline.collector import Collector, Sentences
from worker.tools.analysis.rules.outline.items import Node
from worker.tools.analysis.rules.outline.sections import Sections
from worker.tools.analysis.rules.outline.statements import Section, Shape, Statement
from worker.tools.analysis.rules.text import sentences, unmarked
from worker.tools.analysis.rules.text.ids import requirement_id
from worker.tools.analysis.rules.text.labels import Label, LabelKind, is_detail, label_of
from worker.tools.analysis.rules.text.lines import Form, Line
from worker.tools.analysis.rules.text.roles import Role, role_of
from worker.tools.analysis.rules.text.source import Raw

_MARKS = re.compile(
    r"\*\*|__|``?|\[([^\]]{1,80})\]\([^)]{1,200}\)"
    r"|(?<![^\s(])\*(?=[^\W\d_])|(?<=[\w.!?)])\*(?=[\s.,;:)]|$)"
    r"|</?(?:b|i|u|em|strong|span|br|code|su[bp]|p|div|a|font|ins|mark|small)(?:\s[^<>]{0,80})?/?>"
)
_VOICE_TAG = re.compile(r"</?v(?:[\s.][^<>]{0,80})?>")
_STRUCK_TAG = re.compile(r"</?(?:del|s|strike)>", re.IGNORECASE)
_GHERKIN = re.compile(
    r"(?:given|when|then|and|but|scenario|background)\b(?!.*\b(?:must|shall|should|need)\b)", re.IGNORECASE
)
_LAST_SENTENCE = re.compile(r".*[.!?]\s+", re.DOTALL)
_NO_REQUIREMENT = frozenset({Role.SILENT, Role.CONTEXT, Role.OPEN_QUESTION, Role.ASKING})
"""The roles that the name of a single requirement does not give."""
_TITLE_WORDS = 5
_INTERLUDE = 3
"""After so many lines of text between its items a list has ended."""
_TENDER_LINES = 3
_SWITCHES = 4
_MOST_CSV_LINES = 4000


def clean(text: str) -> str:
    """A text without the marks of Markdown."""
    text = _VOICE_TAG.sub(" ", _STRUCK_TAG.sub("~~", text))
    return " ".join(_MARKS.sub(lambda match: match[1] or "", text).split())


def _on_first_line(found: Sentences) -> Sentences:
    """The sentences that begin on the line of the first one: what "Out of scope:" stands before."""
    return [each for each in found if each[1][0] in found[0][1]]


def _is_tender(lines: Sequence[Line], lexicon: Lexicon) -> bool:
    """Whether several lines speak of bids or proposals."""
    words = lexicon.pattern("sections", "tender")
    return sum(words.search(plain(line.text)) is not None for line in lines) >= _TENDER_LINES


class Outline:
    """Walks over the lines once and collects their statements."""

    def __init__(
        self, lexicon: Lexicon, lines: Sequence[Line], raws: Sequence[Raw], writers: Sequence[str] = ()
    ) -> None:
        self.collected = Collector()
        self._lexicon = lexicon
        self._lines = lines = list(unmarked.listed(lines, lexicon))
        self._raws = raws
        self._sections = Sections(
            lexicon,
            titles=[line.text for line in lines if line.form is Form.HEADING],
            tender=_is_tender(lines, lexicon),
        )
        self._writers = writers
        """Who wrote each line of a thread of e-mails, as far as the messages name their senders."""
        self._paragraph: list[tuple[str, tuple[int, ...]]] = []
        self._nodes: list[Node] = []
        self._speaker = ""
        self._turn = 0
        self._inline = False
        """Whether the speaker's name stands on the line of what is said; then a blank line ends the turn."""
        self._listed = False
        """Whether the section had a list."""
        self._blank = False
        depths = [line.quoted for line in lines if line.form is not Form.BLANK]
        self._replies = sum(one != other for one, other in pairwise(depths)) >= _SWITCHES
        """Whether an e-mail answers between quoted lines: then each depth of quoting is a speaker."""

    def read(self, skipped: frozenset[int]) -> Collector:
        """Walk over all lines but those at the skipped places."""
        place = 0
        while place < len(self._lines):
            if place in skipped:
                self._flush()
                self.collected.structure.update(self._lines[place].numbers)
                place += 1
            else:
                place = self._step(place)
        self._flush()
        self.collected.end_title()
        return self.collected

    def _step(self, place: int) -> int:
        line = self._lines[place]
        if self._replies and line.form is not Form.BLANK and self._speaker != (writer := self._writer(place)):
            self._flush()
            self._speaker, self._turn = writer, self._turn + 1
        if line.form is Form.TEXT and not self._paragraph and (rows := self._csv(place)):
            return place + rows
        match line.form:
            case Form.BLANK:
                self._flush_paragraph()
                self._speaker = "" if self._inline and not self._replies else self._speaker
            case Form.RULE:
                self._flush()
                self.collected.structure.update(line.numbers)
            case Form.HEADING:
                self._on_heading(line)
            case Form.ROW:
                return self._on_rows(place)
            case Form.SPEECH:
                self._on_speech(line)
            case Form.ITEM:
                below = line.indent > 0 and self._is_card()
                self._flush_paragraph()
                self.collected.detailing = self.collected.detailing or below
                self._sections.come_back()
                items.add(self._nodes, Node(clean(line.text), list(line.numbers), line.indent))
            case Form.TEXT:
                self._on_text(line, place)
        self._blank = line.form is Form.BLANK
        return place + 1

    def _writer(self, place: int) -> str:
        """Who wrote a line of a thread: by name, or by the depth of quoting."""
        return (self._writers[place] if self._writers else "") or f"> {self._lines[place].quoted}"

    def _is_card(self) -> bool:
        """Whether the open paragraph is a requirement by its label: "Card: Owners book appointments"."""
        label = label_of(self._paragraph[0][0], self._lexicon) if self._paragraph else None
        return label is not None and label.kind is LabelKind.TEXT

    def _on_heading(self, line: Line) -> None:
        self._flush()
        self.collected.end_title()
        self.collected.structure.update(line.numbers)
        self.collected.detailing = self._listed = False
        self._speaker = ""
        signed, title = requirement_id(line.text)
        role = self._sections.role_of(title)
        if signed and role in _NO_REQUIREMENT:
            role = None  # "Story 2: Background check"
        if is_detail(title, self._lexicon) and self.collected.can_detail and role is not Role.SILENT:
            self.collected.detailing = True
            return
        self._sections.enter(title, line.level, role, signed=bool(signed))
        if signed:
            bare, hints = marks.of_title(title, self._lexicon)
            self.collected.title(bare, line.numbers, self._sections.current, hints)

    def _on_rows(self, place: int) -> int:
        self._flush()
        rows: list[tables.Row] = []
        ruled = False
        while place < len(self._lines) and self._lines[place].form in {Form.ROW, Form.RULE}:
            line = self._lines[place]
            if line.form is Form.RULE:
                ruled = ruled or len(rows) == 1
                self.collected.structure.update(line.numbers)
            else:
                rows.append((line.numbers, tables.cells(line.text)))
            place += 1
        self._take_rows(rows, ruled=ruled)
        return place

    def _csv(self, place: int) -> int:
        """How many lines a CSV takes that begins here."""
        if not any(mark in self._lines[place].text for mark in ",;"):
            return 0
        block = [(raw.numbers, raw.text) for raw in self._raws[place : place + _MOST_CSV_LINES]]
        rows, taken = tables.csv_rows(block, self._lexicon)
        if rows:
            self._flush()
            self._take_rows(rows, ruled=False)
        return taken if rows else 0

    def _take_rows(self, rows: Sequence[tables.Row], *, ruled: bool) -> None:
        found = list(tables.statements(rows, self._sections.current, self._lexicon, ruled=ruled)) if rows else []
        told = {number for statement in found for number in statement.lines}
        self.collected.structure.update(number for numbers, _ in rows for number in numbers if number not in told)
        self.collected.statements += found
        self._listed = True

    def _on_speech(self, line: Line) -> None:
        turn = line.turn
        if turn is None:
            return
        if self._replies:  # in an e-mail the depth of quoting is the speaker
            self._paragraph.append((clean(turn.said), line.numbers))
            return
        goes_on = turn.cue and turn.speaker in {"", self._speaker}
        if not goes_on or self._nodes:
            self._flush()
        if turn.speaker and not goes_on:
            self._turn += turn.speaker != self._speaker
            self._speaker = turn.speaker
            self._inline = bool(turn.said) and not turn.cue
        self._turn = max(self._turn, 1)
        self._sections.leave_lead_in()
        if turn.said:
            self._paragraph.append((clean(turn.said), line.numbers))
        else:
            self.collected.structure.update(line.numbers)

    def _on_text(self, line: Line, place: int) -> None:
        text = clean(line.text)
        if self._nodes:
            last = items.last_of(self._nodes)
            order = self._lexicon.words("order").search(plain(text)) is not None
            if not order and items.goes_on(last, line.text, line.indent, blank=self._blank):
                last.text = items.joined(last.text, text)
                last.numbers.extend(line.numbers)
                return
            self._flush_items()
            if self._resumes(place):
                self._sections.step_aside()
            else:
                self._sections.leave_lead_in()
        if text.endswith(":") and is_detail(text, self._lexicon) and not self._speaker:
            self._flush_paragraph()
            if self.collected.can_detail:
                self.collected.detailing = True
                self.collected.structure.update(line.numbers)
                return
        if self._paragraph and (self._replies or not self._speaker) and not self._wraps(text):
            self._flush_paragraph()
        if self._listed and self._sections.leave_loose(text):
            self._listed = False
        self._paragraph.append((text, line.numbers))
        if text.endswith(":") and self._next_form(place) in ({Form.ITEM} if self._speaker else {Form.ITEM, Form.ROW}):
            self._lead_in(line.numbers)

    def _wraps(self, text: str) -> bool:
        """Whether a line goes on with the open paragraph; a known label begins a new one."""
        label = label_of(text, self._lexicon)
        if self._tells_on(text):
            return True
        return (label is None or (label.kind is None and label.role is None)) and items.wrapped(
            self._paragraph[-1][0], text
        )

    def _tells_on(self, text: str) -> bool:
        """Whether a line goes on with a user story: "As a clerk", "I want to see my tasks", "so that ..."."""
        begins = plain(self._paragraph[0][0]).rstrip(",")
        story = self._lexicon.words("story_role").match(begins) or self._lexicon.words("story").match(begins)
        return story is not None and self._lexicon.words("story_goes_on").match(plain(text)) is not None

    def _next_form(self, place: int) -> Form | None:
        place += 1
        while place < len(self._lines) and self._lines[place].form is Form.BLANK:
            place += 1
        return self._lines[place].form if place < len(self._lines) else None

    def _resumes(self, place: int) -> bool:
        """Whether the list goes on after a few lines of text without a blank line between."""
        for line in self._lines[place + 1 : place + 1 + _INTERLUDE]:
            if line.form is not Form.TEXT:
                return line.form is Form.ITEM
        return False

    def _lead_in(self, numbers: tuple[int, ...]) -> None:
        """Take the last sentence of the paragraph for the introduction of the list below it."""
        whole = " ".join(piece for piece, _ in self._paragraph)
        before = _LAST_SENTENCE.match(whole)
        if before:
            self._flush_paragraph(drop_last=True)
        else:
            numbers = tuple(number for _, of in self._paragraph for number in of)
            self._paragraph = []
        self.collected.structure.update(numbers)
        self._sections.lead_in(whole[before.end() :] if before else whole)

    def _flush(self) -> None:
        self._flush_paragraph()
        self._flush_items()

    def _flush_paragraph(self, *, drop_last: bool = False) -> None:
        pieces, self._paragraph = self._paragraph, []
        found = list(sentences.split(pieces)) if pieces else []
        if drop_last:
            found = found[:-1]
        if not found:
            return
        section = self._sections.current
        label = label_of(found[0][0], self._lexicon) if len(found) == 1 or not self._speaker else None
        own: Sentences = found
        if label and label.role:
            own = found[:1] if label.role is Role.CONSTRAINT else _on_first_line(found)
        if label and (self._measure(label, own) or self.collected.labelled(label, own, section, Shape.SENTENCE)):
            found = found[len(own) :]
        elif label and label.role is Role.CONTEXT and label.rest:
            found = [(label.rest, found[0][1]), *found[1:]]
        self.collected.detailing = False
        signed = ""
        if found and not self._speaker:
            (first, numbers), *rest = found
            signed, first = requirement_id(first)
            if signed:
                first, hints = marks.leading(first, self._lexicon)
                self.collected.add(Statement(first, numbers, section, Shape.ITEM, hints=hints, signed=True))
                found = rest
        for text, numbers in found:
            self.collected.add(Statement(text, numbers, section, speaker=self._speaker, turn=self._turn))

    def _flush_items(self) -> None:
        nodes, self._nodes = self._nodes, []
        for node in nodes:
            self._item(node, self._sections.current)
        self._listed = self._listed or bool(nodes)

    def _item(self, node: Node, section: Section) -> None:
        collected = self.collected
        if collected.detailing or (_GHERKIN.match(node.text) and self._has_story()):
            if not self._is_measure(node.text, tuple(node.lines())):
                collected.detail(node.text, node.lines())
            return
        label = None if node.children else label_of(node.text, self._lexicon)
        said = [(node.text, tuple(node.numbers))]
        if label and (self._measure(label, said) or collected.labelled(label, said, section, Shape.ITEM)):
            return
        if node.children and items.is_head(node, self._lexicon):
            collected.structure.update(node.numbers)
            for child in node.children:
                self._item(child, self._below(node, section))
            return
        signed, text = requirement_id(node.whole())
        text, hints = marks.leading(text, self._lexicon)
        collected.add(
            Statement(
                text,
                tuple(node.lines()),
                section,
                Shape.ITEM,
                self._speaker,
                self._turn if self._speaker else 0,
                hints=hints,
                details=tuple(node.details()),
                signed=bool(signed),
            )
        )

    def _has_story(self) -> bool:
        """Whether steps ("Given", "When", "Then") belong to the statement before them."""
        if not self.collected.statements:
            return False
        last = self.collected.statements[-1]
        return last.signed or Signals(last.text, self._lexicon).story

    def _measure(self, label: Label, found: Sentences) -> bool:
        text = " ".join([label.rest, *(said for said, _ in found[1:])]).strip()
        names = self._lexicon.pattern("labels", "acceptance", whole=True)
        lines = tuple(dict.fromkeys(number for _, of in found for number in of))
        return names.fullmatch(plain(label.name)) is not None and self._is_measure(text, lines)

    def _is_measure(self, text: str, lines: tuple[int, ...]) -> bool:
        """Take an acceptance criterion that says how well or how fast for a requirement of its own."""
        if not Signals(text, self._lexicon).measured:
            return False
        section = replace(self._sections.current, role=Role.NON_FUNCTIONAL)
        self.collected.beside(Statement(text, lines, section, Shape.ITEM, signed=True))
        return True

    def _below(self, node: Node, section: Section) -> Section:
        """The section that the head of a list opens."""
        title = node.text.rstrip(": ")
        role = role_of(title, self._lexicon, strict=True)
        topic = role is None and len(title.split()) <= _TITLE_WORDS
        if role is None and section.role is None and self._lexicon.words("need").search(plain(title)):
            role = Role.ASKING
        return replace(section, role=role or section.role, title=title if topic else section.title, named=True)
