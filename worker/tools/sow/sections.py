"""Writes a statement of work from its cover to its appendix. A section without content is left out."""

from worker.tools.proposal.content import Proposal
from worker.tools.sow import closing, cover, delivery, markup, opening, scope, terms
from worker.tools.sow.page import Page


def write(page: Page, proposal: Proposal) -> None:
    """Write the whole statement of work."""
    cover.write_margins(page, proposal)
    cover.write_cover(page, proposal)
    place = markup.node("p")
    page.add(place)
    for part in (opening, scope, delivery, terms, closing):
        part.write(page, proposal)
    # A small project's contents fit above the first section, and its appendix below the signatures.
    short = sum(len(package.requirements) for package in proposal.packages) <= scope.FEW
    closing.write_trace(page, proposal, new_page=not short)
    detailed = not short and cover.fit_a_page(page, page.headings)
    place.addprevious(cover.contents(page, page.headings, levels=2 if detailed else 1, alone=detailed))
    place.getparent().remove(place)
