"""Statements of work for tests: opened again with python-docx, and what their paragraphs and tables say."""

import io
from dataclasses import replace
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from worker_tools_samples import PROPOSALS

from worker.tools.costs import Concern, Risk
from worker.tools.proposal.content import Proposal
from worker.tools.sow.generator import draw

SECTIONS = [
    "Parties and background",
    "Objectives and success criteria",
    "Scope",
    "Out of scope",
    "Deliverables",
    "Plan and milestones",
    "Team and responsibilities",
    "Duties of the client",
    "Assumptions",
    "Fees and payments",
    "Acceptance",
    "Change control",
    "Contract terms",
    "Open questions",
    "Risks",
    "Signatures",
]
APPENDIX = "From the notes to the work packages"
RISK = Risk("The plan ends 44 days after 30 June 2027.", "A second release.", Concern.DEADLINE, "High", "High")
SHOWN = replace(PROPOSALS["sample"], costs=replace(PROPOSALS["sample"].costs, risks=(RISK,)))


def house_template(*, header: str = "") -> bytes:
    """A letter-sized document with text and styles of its own, and perhaps a header."""
    house: Any = Document()
    house.add_paragraph("Somebody else's text")
    house.add_table(2, 2)
    house.styles["Heading 1"].font.name = "House Serif"
    house.styles["List Bullet"].delete()
    house.sections[0].header.paragraphs[0].text = header
    body = io.BytesIO()
    house.save(body)
    return body.getvalue()


TEMPLATES = {"built-in": None, "house": house_template()}


def opened(shown: Proposal, template: bytes | None = None) -> Any:  # noqa: ANN401 - python-docx types a part of itself
    return Document(io.BytesIO(draw(shown, template).body))


def headings(document: Any, style: str) -> list[str]:  # noqa: ANN401
    return [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == style]


def tables(document: Any) -> list[list[list[str]]]:  # noqa: ANN401
    """The texts of all tables. python-docx's own cells take seconds for a long table."""
    grids = (table._tbl.tr_lst for table in document.tables)  # noqa: SLF001 - see above
    return [
        [["".join(text.text or "" for text in cell.iter(qn("w:t"))) for cell in row.tc_lst] for row in grid]
        for grid in grids
    ]


def table_under(document: Any, *head: str) -> list[list[str]]:  # noqa: ANN401
    return next(rows[1:] for rows in tables(document) if rows[0] == list(head))


def tables_headed(document: Any, *head: str) -> Any:  # noqa: ANN401
    place = next(place for place, rows in enumerate(tables(document)) if rows[0] == list(head))
    return document.tables[place]


def paragraphs(document: Any) -> list[str]:  # noqa: ANN401
    return [paragraph.text for paragraph in document.paragraphs]
