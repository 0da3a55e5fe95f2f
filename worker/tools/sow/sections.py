"""Writes a statement of work from its cover to its appendix. A section without content is left out."""

from worker.tools.proposal.content import Proposal
from worker.tools.sow import closing, cover, delivery, markup, opening, scope, terms
from worker.tools.sow.page import Page

_LONG = 24
"""The contents with this many headings fill a page."""


def write(page: Page, proposal: Proposal) -> None:
    """Write the whole statement of work."""
    cover.write_margins(page, proposal)
    cover.write_cover(page, proposal)
    place = markup.node("p")
    page.add(place)
    for part in (opening, scope, delivery, terms, closing):
        part.write(page, proposal)
    levels = 2 if len(page.headings) <= _MOST_IN_CONTENTS else 1
    place.addprevious(cover.contents(page, page.headings, levels=levels))
    place.addprevious(markup.paragraph(page.paper.style("Page Break"), markup.page_break()))
    place.getparent().remove(place)


_MOST_IN_CONTENTS = 60
