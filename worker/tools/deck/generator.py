"""PowerPointGenerator: writes presentation.pptx from the session's proposal."""

import io
from collections.abc import Mapping

from worker.tools.deck import design, slides
from worker.tools.documents import document
from worker.tools.proposal import Proposal
from worker.tools.workbench import Workbench
from worker.tools.workspace import PRESENTATION

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def run(workbench: Workbench) -> Mapping[str, object]:
    """Make the deck, unless the workspace holds one made from the same input."""
    return document.generate(
        workbench, document.DocumentKind(PRESENTATION, CONTENT_TYPE, lambda found: found.presentation, draw)
    )


def draw(proposal: Proposal, template: bytes | None) -> bytes:
    """The deck as the bytes of a .pptx file, from the template or in the built-in design."""
    deck = design.open_deck(template, footer=f"{proposal.client} | {proposal.project}")
    slides.build(deck, proposal)
    core = deck.presentation.core_properties
    core.title = f"{proposal.project}: proposal for {proposal.client}"[:255]
    core.subject, core.author, core.keywords = "Proposal", "ScopeSmith", ""
    body = io.BytesIO()
    deck.presentation.save(body)
    return body.getvalue()
