"""The steps that both document generators share: read the proposal, choose the template, draw, and write the file.

A document is made again only if something that it is made from has changed. If a template can't be used, the document
gets the built-in design instead, and the tool's answer says so.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from worker.tools.documents.logo import with_logo
from worker.tools.proposal.content import Proposal, read_proposal
from worker.tools.templates import Templates, read_templates
from worker.tools.workbench import Workbench
from worker.tools.workspace import TEMPLATES, digest


class UnusableTemplateError(Exception):
    """A template is not a file of the right kind, or it lacks something that the document needs."""


@dataclass(frozen=True)
class Column:
    """One column of a table in either document."""

    title: str
    share: float
    """The column's part of the table's width. The shares of all columns add up to 1."""
    numeric: bool = False


@dataclass(frozen=True)
class Drawn:
    """A finished document."""

    body: bytes
    warnings: tuple[str, ...] = ()
    """What the template lacks, in sentences that a person can act on. They become WARNING events.

    Each names the layout or style that is missing, and what is used instead.
    """


@dataclass(frozen=True)
class DocumentKind:
    """One of the two documents."""

    name: str
    title: str
    """What warnings call it, such as "Presentation"."""
    content_type: str
    template: Callable[[Templates], str | None]
    draw: Callable[[Proposal, bytes | None], Drawn]
    """Makes the document from the template's bytes, or in the built-in design if they are None.

    Raises UnusableTemplateError if the template can't be used.
    """


def generate(workbench: Workbench, kind: DocumentKind) -> Mapping[str, object]:
    """Make the session's document, unless the workspace holds one made from the same input."""
    workspace = workbench.workspace
    proposal, warnings = with_logo(read_proposal(workspace), workbench.templates)
    template = kind.template(read_templates(workspace))
    # templates.json holds the template's ETag, so the document is made again if the template has changed.
    made_from = digest(content_of(proposal), workspace.read(TEMPLATES) or b"")
    reused = workspace.made_from(kind.name) == made_from
    if not reused:
        drawn = _draw(workbench, kind, proposal, template)
        warnings += drawn.warnings
        workspace.write(kind.name, drawn.body, content_type=kind.content_type, made_from=made_from)
    return {
        "document": workspace.key(kind.name),
        "template": template or "built-in",
        "reused": reused,
        "warnings": [f"{kind.title}: {warning}" for warning in warnings],
    }


def _draw(workbench: Workbench, kind: DocumentKind, proposal: Proposal, template: str | None) -> Drawn:
    if template is None:
        return kind.draw(proposal, None)
    body = workbench.templates.read(template)
    try:
        if body is None:
            raise UnusableTemplateError("it does not exist any more")
        return kind.draw(proposal, body)
    except UnusableTemplateError as error:
        drawn = kind.draw(proposal, None)
        unused = f"the template {template} could not be used ({error}); the built-in design was used instead."
        return replace(drawn, warnings=(unused, *drawn.warnings))


def content_of(proposal: Proposal) -> bytes:
    """Everything that a document shows of a proposal, as bytes for a digest."""
    names = [proposal.client, proposal.project, proposal.industry, proposal.number]
    profile = asdict(proposal.profile)
    shown = [names, proposal.notes, proposal.analysis.as_json(), proposal.costs.as_json(), profile]
    return json.dumps(shown, default=str).encode() + (proposal.logo or b"")
