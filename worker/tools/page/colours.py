"""Colours of the page that follow from the profile's, so that text on them stays legible. Pure.

Contrast is measured as WCAG 2.2 defines it: the ratio of the relative luminances of two colours, from 1 to 21.
"""

from dataclasses import dataclass

from worker.tools.profile.profile import Design

Channels = tuple[int, int, int]

WHITE: Channels = (255, 255, 255)
BLACK: Channels = (0, 0, 0)
PAPER: Channels = (255, 255, 255)
NIGHT: Channels = (20, 24, 31)
"""The page's background in the dark."""

LEGIBLE = 4.5
"""The contrast that WCAG's level AA asks for."""
CLEAR = 7.0
"""The contrast that level AAA asks for. In the dark there are grounds a little lighter than the page's."""
_STEP = 0.05


@dataclass(frozen=True)
class Palette:
    """The colours of the page, each as "#16324f". The names that begin with "night" are for dark mode."""

    primary: str
    on_primary: str
    """For text on the primary colour."""
    heading: str
    """For text in the primary colour on paper."""
    bar: str
    accent: str
    night_heading: str
    night_bar: str
    night_accent: str
    night_paper: str


def palette(design: Design) -> Palette:
    """The page's colours for a profile's design."""
    primary, secondary, accent = map(_parsed, (design.primary, design.secondary, design.accent))
    return Palette(
        primary=_written(primary),
        on_primary=_written(max((WHITE, BLACK), key=lambda ink: contrast(ink, primary))),
        heading=_written(_legible(primary, PAPER)),
        bar=_written(secondary),
        accent=_written(_legible(accent, PAPER)),
        night_heading=_written(_legible(primary, NIGHT, CLEAR)),
        night_bar=_written(_legible(secondary, NIGHT, CLEAR)),
        night_accent=_written(_legible(accent, NIGHT, CLEAR)),
        night_paper=_written(NIGHT),
    )


def contrast(one: Channels, other: Channels) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _legible(colour: Channels, ground: Channels, wanted: float = LEGIBLE) -> Channels:
    """The colour, mixed with black or white until it is legible on this ground."""
    towards = BLACK if _luminance(ground) > 0.5 else WHITE  # noqa: PLR2004 - the middle
    mixed, share = colour, 0.0
    while contrast(mixed, ground) < wanted and share < 1:
        share += _STEP
        red, green, blue = (round(c + (t - c) * min(share, 1)) for c, t in zip(colour, towards, strict=True))
        mixed = (red, green, blue)
    return mixed


def _luminance(colour: Channels) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's constants
        for c in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parsed(text: str) -> Channels:
    value = text.removeprefix("#")
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:6], 16)


def _written(colour: Channels) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
