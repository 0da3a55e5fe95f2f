"""Sets the properties that a document shows in its file information.

The caller has dropped the old properties, so that a firm's template hands on no title, author, company or date.
"""

import datetime as dt
from typing import Protocol

from worker.tools.proposal.content import Proposal
from worker.tools.proposal.words import legible

_LONGEST = 255
"""The longest text that a core property may have in either library."""


class CoreProperties(Protocol):
    """The properties that both libraries have."""

    title: str
    subject: str
    author: str
    last_modified_by: str
    comments: str
    language: str
    keywords: str
    revision: int
    created: dt.datetime
    modified: dt.datetime


def set_properties(core: CoreProperties, proposal: Proposal, kind: str) -> None:
    """Set all properties of a new document. `kind` is what the document is, such as "Statement of work"."""
    core.title = f"{proposal.project}: {kind.lower()} for {proposal.client}"[:_LONGEST]
    core.subject = kind
    core.author = core.last_modified_by = legible(proposal.profile.supplier.name)[:_LONGEST]
    core.language = proposal.language
    core.comments = core.keywords = ""
    core.revision = 1
    core.created = core.modified = dt.datetime.combine(proposal.costs.priced_on, dt.time())
