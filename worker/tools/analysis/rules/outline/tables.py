"""Reads tables: rows with bars or tabs, and CSV. The heads of the columns say which cell is the requirement.

`outline` passes runs of rows, and blocks that look like CSV. Each row becomes at most one statement, with what its
other columns say as hints. A table of weights, contacts, terms or actions has no statement.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Hints, Section, Shape, Statement
from worker.tools.analysis.rules.text.roles import Role, role_of

Row = tuple[tuple[int, ...], list[str]]
_COLUMNS = ("id", "priority", "points", "kind", "package", "status", "answer", "silent", "text", "more", "detail")
_DELIMITERS = ",;\t|"
_NOT_WORDS = re.compile(r"[\W\d_]+")
_LONGEST_HEAD, _LONGEST_PRIORITY = 40, 20
_TITLE_WORDS, _KIND_WORDS = 3, 2
_SENTENCE_WORDS = 5
"""A title of at least so many words says what is wanted; the description only details it."""
_QUOTED_WIDTH = 3
_PREAMBLE = 6
"""The rows before the head of an export: its name, its date."""
_TEXT_ORDER = ("requirement", "description", "story", "summary", "title")
_MARKS = re.compile(r"\*\*|__|`|<[^>]{1,40}>")
_CELL_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """What each column of a table is for."""

    roles: tuple[str | None, ...]
    names: tuple[str, ...]

    @property
    def silent(self) -> bool:
        """Whether this is a table of something that nobody asks for."""
        silent = self.roles.count("silent")
        texts = self.roles.count("text")
        return silent > 0 and (texts == 0 or (silent >= texts and not {"priority", "points", "kind"} & set(self.roles)))


def cells(text: str) -> list[str]:
    """The cells of a row with bars or tabs."""
    separator = "|" if "|" in text else "\t"
    return [_cell(cell) for cell in text.strip().strip("|" if separator == "|" else "").split(separator)]


def _cell(text: str) -> str:
    return " ".join(_MARKS.sub("", _CELL_BREAK.sub("; ", text)).split())


def head(row: Sequence[str], lexicon: Lexicon) -> Head | None:
    """The columns, if this row is the head of a table."""
    roles: list[str | None] = []
    for cell in row:
        name = plain(cell).strip(" *:?")
        found = (
            None
            if not name
            else next((role for role in _COLUMNS if lexicon.pattern("columns", role, whole=True).fullmatch(name)), None)
        )
        roles.append(found)
    known = sum(role is not None for role in roles)
    short = all(len(cell) <= _LONGEST_HEAD for cell in row)
    return (
        Head(tuple(roles), tuple(row))
        if short and known >= 1 and known * 2 >= len([cell for cell in row if cell])
        else None
    )


def statements(rows: Sequence[Row], section: Section, lexicon: Lexicon, *, ruled: bool) -> Iterator[Statement]:
    """The statements of a table. `ruled` says that a rule under the first row shows it to be the head."""
    if section.role is Role.SILENT:
        return
    found = head(rows[0][1], lexicon)
    if found is None and ruled:
        found = Head(tuple(None for _ in rows[0][1]), tuple(rows[0][1]))
    if found is not None:
        role = _head_role(rows[0][1], lexicon)
        section = replace(section, role=role or section.role)
        rows = rows[1:]
        if found.silent and section.role in {None, Role.CONTEXT}:
            return
        if found.silent and not any(role == "text" for role in found.roles):
            return
    epics = _epics(rows, found, lexicon) if found is not None else {}
    for numbers, row in rows:
        if found is not None:
            statement = _of_row(numbers, row, found, section, lexicon)
        else:
            statement = _headless(numbers, row, section, lexicon)
        if statement is not None:
            package = epics.get(statement.hints.package, statement.hints.package)
            yield replace(statement, hints=replace(statement.hints, package=package))


def _head_role(row: Sequence[str], lexicon: Lexicon) -> Role | None:
    """The role of a table whose head is one title: "| About us | |"."""
    full = [cell for cell in row if cell]
    return role_of(full[0], lexicon, strict=True) if len(full) == 1 and len(row) > 1 else None


def _epics(rows: Sequence[Row], columns: Head, lexicon: Lexicon) -> dict[str, str]:
    """The names of the epics by their ids, which the rows of their stories hold."""
    places = {role: columns.roles.index(role) for role in ("id", "kind", "text") if role in columns.roles}
    if len(places) < 3:  # noqa: PLR2004 - all three
        return {}
    no_story = lexicon.pattern("words", "no_story", whole=True)
    full = (row for _, row in rows if len(row) > max(places.values()))
    return {row[places["id"]]: row[places["text"]] for row in full if no_story.fullmatch(plain(row[places["kind"]]))}


def _of_row(
    numbers: tuple[int, ...], row: list[str], columns: Head, section: Section, lexicon: Lexicon
) -> Statement | None:
    by_role: dict[str, list[str]] = {}
    unknown: list[str] = []
    for place, cell in enumerate(row):
        role = columns.roles[place] if place < len(columns.roles) else None
        if cell:
            (by_role.setdefault(role, []) if role else unknown).append(cell)
    texts = _texts(by_role, unknown)
    if not texts:
        return None
    details = by_role.get("detail", [])
    if len(texts) > 1 and len(texts[0].split()) >= _SENTENCE_WORDS:
        texts, details = texts[:1], [*texts[1:], *details]
    text = _joined([*texts, *by_role.get("more", [])])
    hints = Hints(
        kind=_first(by_role, "kind"),
        priority=_first(by_role, "priority"),
        points=_first(by_role, "points"),
        package=_first(by_role, "package"),
        status=" / ".join(by_role.get("status", [])),
        answer=_first(by_role, "answer"),
    )
    named = (role_of(name, lexicon) for name in (hints.kind, hints.package) if name)
    section = replace(section, role=next(filter(None, named), section.role))
    if section.role is Role.SILENT:
        return None
    if (
        any(name for name, role in zip(columns.names, columns.roles, strict=False) if role == "answer")
        and section.role is None
    ):
        section = replace(section, role=Role.OPEN_QUESTION)
    return Statement(
        text,
        numbers,
        section,
        Shape.ROW,
        hints=hints,
        details=tuple(details),
        signed=bool(by_role.get("id")),
    )


def _texts(by_role: Mapping[str, list[str]], unknown: Sequence[str]) -> list[str]:
    """The cells that say what is wanted: those of known columns; with a short title, the longest other one, too."""
    texts = by_role.get("text", [])
    longest = sorted((cell for cell in unknown if _NOT_WORDS.sub("", cell)), key=len, reverse=True)[:1]
    short = len(texts) == 1 and len(texts[0].split()) <= _TITLE_WORDS and not by_role.get("more")
    return [*texts, *longest] if short or not texts else texts


def _joined(texts: Sequence[str]) -> str:
    """The cells as one text. A title that its description repeats is left out."""
    kept: list[str] = []
    said = [plain(text) for text in texts]
    for text, words in zip(texts, (one.rstrip(".") for one in said), strict=True):
        longer = (one for one in said if len(one) > len(text))
        if text not in kept and not any(words in one for one in longer):
            kept.append(text)
    first, *rest = kept or [texts[0]]
    return ": ".join([first, ", ".join(rest)]) if rest else first


def _first(by_role: Mapping[str, Sequence[str]], role: str) -> str:
    return by_role[role][0] if by_role.get(role) else ""


def _headless(numbers: tuple[int, ...], row: list[str], section: Section, lexicon: Lexicon) -> Statement | None:
    """A row of a table without a head: an id, a label and a text in any order."""
    full = [cell for cell in row if cell]
    if not full:
        return None
    signed = bool(re.fullmatch(r"[A-Z]{0,6}[-_ ]?\d{1,4}(?:\.\d+)*\.?", full[0])) and len(full) > 1
    rest = full[1:] if signed else full
    priority = next((cell for cell in rest if priority_word(cell, lexicon)), "")
    kind = (
        next((cell for cell in rest if len(cell.split()) <= _KIND_WORDS and role_of(cell, lexicon, strict=True)), "")
        if len(rest) > 1
        else ""
    )
    rest = [cell for cell in rest if cell not in {priority, kind}] or rest
    rest = [cell for cell in rest if _NOT_WORDS.sub("", cell)] or rest
    if signed and len(rest) > 1:
        rest = [max(rest, key=len)]
    role = role_of(kind, lexicon) if kind else None
    if len(rest) > 1 and (own := role_of(rest[0], lexicon, strict=True)):
        role, rest = own, rest[1:]
    section = replace(section, role=role or section.role)
    return Statement(
        _joined(rest),
        numbers,
        section,
        Shape.ROW if section.role or signed or priority else Shape.SENTENCE,
        hints=Hints(priority=priority),
        signed=signed,
    )


def priority_word(text: str, lexicon: Lexicon) -> str:
    """MUST, SHOULD, COULD or WONT for a cell that is nothing but a priority; else an empty text."""
    word = re.sub(r"(?<=\w)\s*\([^()]*\)$", "", plain(text).strip(" .*")).strip("()")
    if len(word) > _LONGEST_PRIORITY or not word:
        return ""
    letters = {
        "m": "MUST",
        "s": "SHOULD",
        "d": "SHOULD",
        "e": "MUST",
        "o": "COULD",
        "c": "COULD",
        "w": "WONT",
        "1": "MUST",
        "2": "SHOULD",
        "3": "COULD",
        "p1": "MUST",
        "p2": "SHOULD",
        "p3": "COULD",
        "a": "MUST",
        "b": "SHOULD",
        "h": "MUST",
        "l": "COULD",
        "k": "COULD",
        "p0": "MUST",
        "must": "MUST",
        "should": "SHOULD",
        "could": "COULD",
        "kann": "COULD",
        "soll": "SHOULD",
    }
    if word in letters:
        return letters[word]
    for name, found in (("excluded", "WONT"), ("could", "COULD"), ("should", "SHOULD"), ("must", "MUST")):
        table = "columns" if name == "excluded" else "words"
        if lexicon.pattern(table, name, whole=True).fullmatch(word):
            return found
    return ""


def csv_rows(lines: Sequence[tuple[tuple[int, ...], str]], lexicon: Lexicon) -> tuple[list[Row], int]:
    """The rows of the CSV that begins with the first line, and how many lines it takes; none where it is no CSV."""
    first = lines[0][1]
    for delimiter in _DELIMITERS[:3]:
        if first.count(delimiter) < 1 or first.lstrip().startswith(("|", "#", "-", "*")):
            continue
        rows, taken = _parsed(lines, delimiter)
        if not rows:
            continue
        start = next((place for place, row in enumerate(rows[:_PREAMBLE]) if _is_csv_head(row[1], lexicon)), 0)
        rows = rows[start:]
        width = len(rows[0][1])
        quoted = (
            '"' in first
            and delimiter == ","
            and width >= _QUOTED_WIDTH
            and bool(re.search(r'(?:^|,)"[^"]*"(?:,|$)', first))
        )
        names = head(rows[0][1], lexicon)
        if (
            width > 1
            and names is not None
            and len(rows) > 1
            and sum(role is not None for role in names.roles) > 1
            and first[-1] not in ".:"
        ):
            return rows, taken
        if quoted and not first.rstrip().endswith("."):
            return rows, taken
    return [], 0


def _is_csv_head(row: Sequence[str], lexicon: Lexicon) -> bool:
    names = head(row, lexicon)
    return names is not None and sum(role is not None for role in names.roles) > 1


def _parsed(lines: Sequence[tuple[tuple[int, ...], str]], delimiter: str) -> tuple[list[Row], int]:
    """Rows as long as they have the first one's width, or nearly."""
    texts = [text for _, text in lines]
    reader = csv.reader((text + "\n" for text in texts), delimiter=delimiter, skipinitialspace=True)
    rows: list[Row] = []
    taken = 0
    try:
        for row in reader:
            upto = reader.line_num
            if not row or not any(cell.strip() for cell in row):
                taken = upto
                if len(rows) > 1 and upto < len(texts) and texts[upto].count(delimiter) + 1 < len(rows[0][1]):
                    break
                continue
            if rows and (len(row) < max(2, len(rows[0][1]) - 2) or len(row) > len(rows[0][1]) + 2):
                break
            numbers = tuple(number for of, _ in lines[taken:upto] for number in of)
            rows.append((numbers, [_cell(cell) for cell in row]))
            taken = upto
    except csv.Error:
        pass
    return rows, taken
