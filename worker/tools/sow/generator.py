"""SOWGenerator: writes statement-of-work.docx from the session's proposal."""

import io
from collections.abc import Mapping

from worker.tools.documents import document, package
from worker.tools.documents.properties import set_properties
from worker.tools.proposal import Proposal
from worker.tools.sow import design, sections
from worker.tools.sow.page import Page
from worker.tools.workbench import Workbench
from worker.tools.workspace import STATEMENT_OF_WORK

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_HEADER_LENGTH = 90
"""A header of this many characters still fits on one line."""


def run(workbench: Workbench) -> Mapping[str, object]:
    """Make the statement of work, unless the workspace holds one made from the same input."""
    return document.generate(
        workbench,
        document.DocumentKind(
            STATEMENT_OF_WORK, "Statement of work", CONTENT_TYPE, lambda found: found.document, _drawn
        ),
    )


def _drawn(proposal: Proposal, template: bytes | None) -> document.Drawn:
    return document.Drawn(draw(proposal, template))


def draw(proposal: Proposal, template: bytes | None) -> bytes:
    """The statement of work as the bytes of a .docx file, from the template or in the built-in look.

    Raises:
        UnusableTemplateError: the template can't be used, or a document made from it would not be sound.
    """
    names = f"{proposal.client} | {proposal.project}"
    header = names if len(names) <= _HEADER_LENGTH else names[: _HEADER_LENGTH - 2] + " …"
    paper = design.open_paper(template, header=header, footer=f"Statement of work, {proposal.date}")
    sections.write(Page(paper), proposal)
    set_properties(paper.document.core_properties, proposal, "Statement of work")
    body = io.BytesIO()
    paper.document.save(body)
    package.check(body.getvalue())
    return body.getvalue()
