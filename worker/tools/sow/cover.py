"""Writes what comes before the text: the cover and the table of contents, and what stands on each page."""

import io

from docx.image.exceptions import UnrecognizedImageError
from docx.oxml.ns import qn
from docx.section import _BaseHeaderFooter
from docx.shared import Pt

from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import legible
from worker.tools.sow import markup
from worker.tools.sow.markup import Node
from worker.tools.sow.page import Heading, Page

KIND = "Statement of work"
_LOGO = (160.0, 56.0)
"""The largest width and height of the logo, in points."""
_LONG_TITLE = 60
"""A title of more characters is set smaller, so that the cover stays one page."""
_CONTENTS_TITLE, _FIRST_LEVEL, _SECOND_LEVEL = 30, 17.2, 11.2
"""The heights of the contents' title and of its entries, in points."""
_LONGEST = 80
"""A header of this many characters still fits on one line."""


def write_cover(page: Page, proposal: Proposal) -> None:
    """Write the cover: what the document is, for whom, by whom, and until when it counts."""
    if proposal.logo:
        _add_logo(page, proposal.logo, proposal.profile.supplier.name)
    page.text(KIND, "Cover Kind")
    page.text(proposal.project, "Title" if len(proposal.project) <= _LONG_TITLE else "Long Title")
    page.text(proposal.client, "Subtitle")
    details = {
        "Client": proposal.client,
        "Supplier": legible(proposal.profile.supplier.name),
        "Number": proposal.reference,
        "Version": str(proposal.version),
        "Date": proposal.date,
        "Valid until": proposal.valid_until,
    }
    for name, value in details.items():
        if value:
            words = [markup.run(name), markup.tab(), markup.run(value)]
            page.add(markup.paragraph(page.paper.style("Cover Detail"), *words))
    page.end()


def fit_a_page(page: Page, headings: list[Heading]) -> bool:
    """Whether contents of two levels fit a page, by the heights of their lines in the built-in styles."""
    first = sum(heading.level == 1 for heading in headings)
    second = sum(heading.level == 2 for heading in headings)  # noqa: PLR2004 - the level
    return _CONTENTS_TITLE + first * _FIRST_LEVEL + second * _SECOND_LEVEL <= page.paper.height


def contents(page: Page, headings: list[Heading], *, levels: int, alone: bool) -> Node:
    """The table of contents. It lists the headings; Word adds the pages on opening, for only a layout knows them.

    `alone` is whether the text begins on the next page.
    """
    shown = [heading for heading in headings if heading.level <= levels]
    field = markup.field_begin(f'TOC \\o "1-{levels}" \\h \\z \\u')
    entries = [_entry(page, heading) for heading in shown]
    if entries:
        for mark in reversed(field):
            entries[0].insert(1, mark)
        entries[-1].append(markup.field_end())
        if alone:
            entries[-1].append(markup.page_break())
    gallery = markup.node(
        "docPartObj", markup.node("docPartGallery", val="Table of Contents"), markup.node("docPartUnique")
    )
    title = markup.paragraph(page.paper.style("TOC Heading"), markup.run("Contents"))
    return markup.node("sdt", markup.node("sdtPr", gallery), markup.node("sdtContent", title, *entries))


def _entry(page: Page, heading: Heading) -> Node:
    number = [markup.run(heading.number), markup.tab()] if heading.number else []
    appendix = heading.number.endswith(":")
    words = [markup.run(f"{heading.number} {heading.text}")] if appendix else [*number, markup.run(heading.text)]
    return markup.paragraph(page.paper.style(f"TOC {heading.level}"), markup.link(heading.bookmark, *words))


def write_margins(page: Page, proposal: Proposal) -> None:
    """Write a header and a footer, unless the template has its own."""
    names = f"{proposal.client} | {proposal.project}"
    header = names if len(names) <= _LONGEST else names[: _LONGEST - 2] + " …"
    section = page.paper.document.sections[-1]
    footer = [
        markup.run(f"{KIND} {proposal.number}, {proposal.date}"),
        markup.tab(),
        markup.run("Page "),
        *markup.field("PAGE", "1"),
        markup.run(" of "),
        *markup.field("NUMPAGES", "1"),
    ]
    _fill_if_empty(section.header, page.paper.style("Running Header"), [markup.run(header)])
    _fill_if_empty(section.footer, page.paper.style("Running Footer"), footer)


def _fill_if_empty(part: _BaseHeaderFooter, style: str, content: list[Node]) -> None:
    if part.tables or any(paragraph.text.strip() or len(paragraph._p) > 1 for paragraph in part.paragraphs):  # noqa: SLF001 - a logo has no text but an element
        return
    part.is_linked_to_previous = False
    root = part._element  # noqa: SLF001 - python-docx has no fields
    for paragraph in list(root):
        root.remove(paragraph)
    root.append(markup.paragraph(style, *content))


def _add_logo(page: Page, logo: bytes, supplier: str) -> None:
    paragraph = page.paper.document.add_paragraph()
    paragraph._p.get_or_add_pPr().append(markup.node("pStyle", val=page.paper.style("Cover Logo")))  # noqa: SLF001 - by its id
    try:
        picture = paragraph.add_run().add_picture(io.BytesIO(logo))
    except (UnrecognizedImageError, ValueError, KeyError, ZeroDivisionError, EOFError):
        paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001 - a proposal without a logo is better than none
        return
    most = min(Pt(_LOGO[0]) / picture.width, Pt(_LOGO[1]) / picture.height)
    picture.width, picture.height = round(picture.width * most), round(picture.height * most)
    described = picture._inline.find(qn("wp:docPr"))  # noqa: SLF001 - nor a text for those who can't see it
    described.set("descr", f"Logo of {supplier}")
    described.set("name", "Logo")
