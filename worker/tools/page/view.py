"""What the page's template shows: the proposal, the pictures and the colours. Pure."""

import base64
import re
from collections.abc import Mapping

from worker.tools.page.colours import palette
from worker.tools.page.drawings import LABELS, ROW, WIDTH, gantt, investment
from worker.tools.proposal.content import Proposal
from worker.tools.proposal.parts import Flow

FLOWS: Mapping[Flow, str] = {
    Flow.IN: "Data comes from it",
    Flow.OUT: "Data goes to it",
    Flow.BOTH: "Data goes both ways",
    Flow.UNKNOWN: "To be agreed",
}
_FONT = re.compile(r"[\w -]{1,60}")
"""A font's name that can stand between quotation marks in a style sheet."""
_PNG = b"\x89PNG"


def view(proposal: Proposal) -> dict[str, object]:
    """The variables of the template."""
    design = proposal.profile.design
    return {
        "p": proposal,
        "money": proposal.formats.money,
        "hours": proposal.formats.hours,
        "percent": proposal.formats.percent,
        "day": proposal.formats.day,
        "short_day": proposal.formats.short_day,
        "colours": palette(design),
        "gantt": gantt(proposal),
        "investment": investment(proposal),
        "width": WIDTH,
        "labels": LABELS,
        "row": ROW,
        "logo": data_url(proposal.logo) if proposal.logo else "",
        "flows": FLOWS,
        "heading_font": _font(design.heading_font),
        "body_font": _font(design.body_font),
    }


def data_url(picture: bytes) -> str:
    """A PNG or JPEG as an address that contains it."""
    kind = "png" if picture.startswith(_PNG) else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}"


def _font(name: str) -> str:
    return name if _FONT.fullmatch(name) else "sans-serif"
