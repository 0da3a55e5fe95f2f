"""SOWGenerator: writes statement-of-work.docx from the session's proposal."""

import io
from collections.abc import Iterator, Mapping

from worker.tools.documents import document, package
from worker.tools.documents.document import DocumentKind, Drawn
from worker.tools.documents.properties import set_properties
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import enumerated
from worker.tools.sow import cover, design, sections
from worker.tools.sow.page import Page
from worker.tools.workbench import Workbench
from worker.tools.workspace import STATEMENT_OF_WORK

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def run(workbench: Workbench) -> Mapping[str, object]:
    """Make the statement of work, unless the workspace holds one made from the same input."""
    kind = DocumentKind(STATEMENT_OF_WORK, cover.KIND, CONTENT_TYPE, lambda found: found.document, draw)
    return document.generate(workbench, kind)


def draw(proposal: Proposal, template: bytes | None) -> Drawn:
    """The statement of work as a .docx file, from the template or in the built-in look.

    Raises:
        UnusableTemplateError: the template can't be used, or a document made from it would not be sound.
    """
    paper = design.open_paper(template, proposal.profile.design, proposal.language)
    sections.write(Page(paper), proposal)
    set_properties(paper.document.core_properties, proposal, cover.KIND)
    body = io.BytesIO()
    paper.document.save(body)
    package.check(body.getvalue())
    return Drawn(body.getvalue(), tuple(_warnings(paper.missing)))


def _warnings(missing: tuple[str, ...]) -> Iterator[str]:
    if len(missing) == 1:
        yield f"the template has no style {missing[0]}; the built-in one is used in the template's colours and fonts."
    elif missing:
        yield (
            f"the template has no styles {enumerated(missing)}; the built-in ones are used in the template's colours"
            " and fonts."
        )
