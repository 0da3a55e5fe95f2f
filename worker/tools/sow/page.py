"""Writes headings, paragraphs, lists and tables into a document, in the document's styles and in any script.

A table repeats its head on each page, and a row never breaks across pages. Nothing here knows what a statement of work
says.
"""
# (python-docx annotates only some of its functions)

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from worker.tools.documents.direction import is_right_to_left
from worker.tools.documents.document import Column
from worker.tools.sow.design import Paper

_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
"""The elements that come after `w:bidi` in a paragraph's properties. Word requires the order of its schema."""
_SHORT = 14
"""A table with at most this many rows is kept on one page."""


@dataclass
class Page:
    """Writes to the end of a document, and numbers its sections."""

    paper: Paper
    _section: int = field(default=0)
    _subsection: int = field(default=0)

    def title(self, text: str, below: str) -> None:
        """Add the document's title and the line below it."""
        self._paragraph(text, "Title", "Heading 1")
        self._paragraph(below, "Subtitle", "Heading 2")

    def section(self, text: str) -> None:
        """Add a numbered heading."""
        self._section, self._subsection = self._section + 1, 0
        self._paragraph(f"{self._section}  {text}", "Heading 1").paragraph_format.keep_with_next = True

    def subsection(self, text: str) -> None:
        """Add a numbered heading within the current section."""
        self._subsection += 1
        heading = self._paragraph(f"{self._section}.{self._subsection}  {text}", "Heading 2", "Heading 1")
        heading.paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """Add a paragraph."""
        self._paragraph(text, "Normal")

    def bullets(self, texts: Iterable[str]) -> None:
        """Add a list."""
        marked = self.paper.style("List Bullet") is not None
        for text in texts:
            self._paragraph(text if marked else f"\u2022 {text}", "List Bullet", "List Paragraph", "Normal")

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        total: Sequence[str] | None = None,
        *,
        padding: float = 2,
    ) -> None:
        """Add a table with a head. `total` becomes its last row, in bold. A short table stays on one page.

        `padding` is the space above and below the text of each row, in points.
        """
        table = self.grid([column.share for column in columns])
        head = _row(table, columns, [column.title for column in columns])
        for cell in head:
            _shade(cell, self.paper.head_fill)
            for run in cell.paragraphs[0].runs:
                run.bold = True
                if self.paper.head_colour is not None:
                    run.font.color.rgb = self.paper.head_colour
        _repeat(table.rows[0])
        drawn = [head, *(_row(table, columns, row, padding) for row in rows)]
        if total:
            drawn.append(_row(table, columns, total, padding))
            for cell in drawn[-1]:
                cell.paragraphs[0].runs[0].bold = True
        for cells in drawn[:-1] if len(drawn) <= _SHORT else drawn[:1]:
            for cell in cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
        self._space()

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Add a table of names and values, without a head."""
        columns = [Column("", 0.28), Column("", 0.72)]
        table = self.grid([column.share for column in columns])
        for pair in pairs:
            name, _ = _row(table, columns, pair)
            name.paragraphs[0].runs[0].bold = True
        self._space()

    def grid(self, shares: Sequence[float]) -> Table:
        """Add a table without rows, over the whole width."""
        table: Table = self.paper.document.add_table(rows=0, cols=len(shares))
        table.style = self.paper.style("Table Grid")
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for share, column in zip(shares, table.columns, strict=True):
            column.width = Pt(self.paper.width * share)
        return table

    def _paragraph(self, text: str, *styles: str) -> Paragraph:
        paragraph = self.paper.document.add_paragraph(style=self.paper.style(*styles))
        _write(paragraph, text)
        return paragraph

    def _space(self) -> None:
        """Add an empty paragraph, because Word joins two tables that have nothing between them."""
        self._paragraph("", "Normal").paragraph_format.space_after = Pt(0)


def _row(table: Table, columns: Sequence[Column], texts: Sequence[str], padding: float = 2) -> tuple[_Cell, ...]:
    row: _Row = table.add_row()
    keep = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(keep)  # noqa: SLF001 - python-docx has no property for it
    cells: tuple[_Cell, ...] = row.cells
    for column, cell, text in zip(columns, cells, texts, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(padding)
        _write(paragraph, text)
        if column.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return cells


def _write(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    if is_right_to_left(text):
        properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - nor one for the direction
        properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))  # noqa: SLF001 - nor one for a run's direction


def _shade(cell: _Cell, fill: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", fill)):
        shading.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shading)  # noqa: SLF001 - nor one for a cell's colour


def _repeat(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - nor one for a repeated head
