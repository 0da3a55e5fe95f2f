"""Gives a presentation the profile's colours and fonts, by its theme.

What other modules draw names theme colours only, so that a firm's template keeps its own. White text lies on the
primary and the secondary colour, so these two are darkened where white could not be read on them.
"""
# (python-pptx annotates only some of its functions)

from collections.abc import Mapping

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation

from worker.tools.page.colours import LEGIBLE, WHITE, Channels, contrast
from worker.tools.profile.profile import Design

PLAIN = Design(
    primary="16324F", secondary="2A6F97", accent="E07A1F", heading_font="Calibri", body_font="Calibri", logo=""
)
"""The look of the template before a profile gives it another."""

_TEXT, _GREY, _WHITE, _BLACK = "1F2933", "52606D", "FFFFFF", "000000"


def dress(presentation: Presentation, design: Design) -> None:
    """Set the theme's colours and fonts."""
    part = presentation.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = parse_xml(part.blob)
    for name, colour in colours(design).items():
        holder = root.find(f".//{qn('a:clrScheme')}/{qn(f'a:{name}')}")
        holder.clear()
        holder.append(parse_xml(f'<a:srgbClr {nsdecls("a")} val="{colour}"/>'))
    for kind, font in (("major", design.heading_font), ("minor", design.body_font)):
        root.find(f".//{qn(f'a:{kind}Font')}/{qn('a:latin')}").set("typeface", font)
    part._blob = serialize_part_xml(root)  # noqa: SLF001 - python-pptx has no public way to change a theme


def colours(design: Design) -> Mapping[str, str]:
    """The theme's colours by their names in XML."""
    primary, secondary = _readable(design.primary), _readable(design.secondary)
    return {
        "dk1": _TEXT,
        "lt1": _WHITE,
        "dk2": primary,
        "lt2": _mixed(secondary, _WHITE, 0.92),
        "accent1": secondary,
        "accent2": design.accent,
        "accent3": _mixed(secondary, _WHITE, 0.4),
        "accent4": _mixed(design.accent, _WHITE, 0.45),
        "accent5": _mixed(primary, _WHITE, 0.3),
        "accent6": _GREY,
        "hlink": secondary,
        "folHlink": _GREY,
    }


def _readable(colour: str) -> str:
    """The colour itself, or the lightest shade of it on which white text can be read."""
    shades = (_mixed(colour, _BLACK, step / 20) for step in range(20))
    return next((shade for shade in shades if contrast(_channels(shade), WHITE) >= LEGIBLE), _BLACK)


def _mixed(one: str, other: str, share: float) -> str:
    """A colour between two; `share` is the part of the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> Channels:
    return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:6], 16)
