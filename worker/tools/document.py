"""What both document generators do around their own work: read, check what exists, choose the template, write.

A document is written anew only when something that went into it changed. A template that can't be opened is no
reason to fail: the built-in design takes its place and the answer says so.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from worker.tools.proposal import Proposal, read_proposal
from worker.tools.templates import Templates, read_templates
from worker.tools.workbench import Workbench
from worker.tools.workspace import TEMPLATES, digest


class UnusableTemplateError(Exception):
    """A template is no file of its kind, or lacks what a document needs."""


@dataclass(frozen=True)
class DocumentKind:
    """One of the two documents."""

    name: str
    content_type: str
    template: Callable[[Templates], str | None]
    draw: Callable[[Proposal, bytes | None], bytes]
    """Makes the document, with the template's bytes or the built-in design; may raise UnusableTemplateError."""


def generate(workbench: Workbench, kind: DocumentKind) -> Mapping[str, object]:
    """Make the session's document, or answer with the one that exists for the same input."""
    workspace = workbench.workspace
    proposal = read_proposal(workspace)
    template = kind.template(read_templates(workspace))
    # templates.json holds the template's ETag, so a changed template makes another document.
    made_from = digest(_content(proposal), workspace.read(TEMPLATES) or b"")
    reused = workspace.made_from(kind.name) == made_from
    note = ""
    if not reused:
        body, note = _draw(workbench, kind, proposal, template)
        workspace.write(kind.name, body, content_type=kind.content_type, made_from=made_from)
    return {"document": workspace.key(kind.name), "template": template or "built-in", "reused": reused, "note": note}


def _draw(workbench: Workbench, kind: DocumentKind, proposal: Proposal, template: str | None) -> tuple[bytes, str]:
    if template is None:
        return kind.draw(proposal, None), ""
    body = workbench.templates.read(template)
    try:
        if body is None:
            raise UnusableTemplateError("it is gone")
        return kind.draw(proposal, body), ""
    except UnusableTemplateError as error:
        return (
            kind.draw(proposal, None),
            f"the template {template} could not be used ({error}); the built-in design was used instead",
        )


def _content(proposal: Proposal) -> bytes:
    said = [proposal.client, proposal.project, proposal.industry]
    return json.dumps([said, proposal.requirements.as_json(), proposal.costs.as_json()]).encode()
