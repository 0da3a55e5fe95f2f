"""PowerPointGenerator: writes presentation.pptx from the session's proposal."""

import io
from collections.abc import Mapping

from worker.tools.deck import design, language, slides
from worker.tools.deck import template as templates
from worker.tools.documents import document
from worker.tools.documents.properties import set_properties
from worker.tools.proposal.content import Proposal
from worker.tools.workbench import Workbench
from worker.tools.workspace import PRESENTATION

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def run(workbench: Workbench) -> Mapping[str, object]:
    """Make the deck, unless the workspace holds one made from the same input."""
    return document.generate(
        workbench,
        document.DocumentKind(PRESENTATION, "Presentation", CONTENT_TYPE, lambda found: found.presentation, draw),
    )


def draw(proposal: Proposal, template: bytes | None) -> document.Drawn:
    """The deck as a .pptx file, from the template or in the built-in design.

    Raises:
        UnusableTemplateError: the template can't be used, or a deck made from it would not be sound.
    """
    deck = design.open_deck(template, proposal.profile.design, footer=f"{proposal.client} | {proposal.project}")
    slides.build(deck, proposal)
    language.mark(deck.presentation, proposal.language)
    set_properties(deck.presentation.core_properties, proposal, "Proposal")
    body = io.BytesIO()
    deck.presentation.save(body)
    templates.check(body.getvalue(), slides=len(deck.presentation.slides))
    return document.Drawn(body.getvalue(), deck.warnings)
