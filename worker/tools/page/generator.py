"""Writes proposal.html from the session's proposal.

The page holds everything that it shows: no script, no font, no picture from elsewhere. Every text is escaped. It says
nothing that the documents don't say.
"""

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from worker.tools.documents.document import content_of
from worker.tools.documents.logo import with_logo
from worker.tools.page.view import view
from worker.tools.proposal.content import Proposal, read_proposal
from worker.tools.workbench import Workbench
from worker.tools.workspace import PROPOSAL_PAGE, digest

CONTENT_TYPE = "text/html; charset=utf-8"

_FOLDER = Path(__file__).parent
_FILES = ("proposal.html.jinja", "page.css.jinja")


def make(workbench: Workbench) -> bool:
    """Make the session's page, unless the workspace holds one made from the same input. Whether it was made."""
    workspace = workbench.workspace
    proposal, _ = with_logo(read_proposal(workspace), workbench.templates)  # the documents have warned of a faulty logo
    made_from = digest(content_of(proposal), *((_FOLDER / name).read_bytes() for name in _FILES))
    if workspace.made_from(PROPOSAL_PAGE) == made_from:
        return False
    workspace.write(PROPOSAL_PAGE, draw(proposal), content_type=CONTENT_TYPE, made_from=made_from)
    return True


def draw(proposal: Proposal) -> bytes:
    """The page as UTF-8. A lone surrogate, which UTF-8 can't hold, becomes a question mark."""
    return _environment().get_template(_FILES[0]).render(view(proposal)).encode("utf-8", "replace")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,  # for every file: the templates' names don't end in .html
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
