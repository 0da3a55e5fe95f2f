"""SOWGenerator: writes statement-of-work.docx from the session's proposal."""

import io
from collections.abc import Mapping

from worker.tools.documents import document, package
from worker.tools.documents.properties import set_properties
from worker.tools.proposal.content import Proposal
from worker.tools.sow import cover, design, sections
from worker.tools.sow.page import Page
from worker.tools.workbench import Workbench
from worker.tools.workspace import STATEMENT_OF_WORK

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"
"""The language of the document's own words, as default.docx has it in its styles."""


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
    paper = design.open_paper(template, proposal.profile.design)
    sections.write(Page(paper), proposal)
    core = paper.document.core_properties
    set_properties(core, proposal, cover.KIND)
    core.language = LANGUAGE
    body = io.BytesIO()
    paper.document.save(body)
    package.check(body.getvalue())
    return body.getvalue()
