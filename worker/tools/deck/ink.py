"""The colours of a deck. All of them are the theme's, so that a firm's template keeps its own."""

from enum import Enum
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR


class Ink(Enum):
    """A colour of the theme, and by how much it is lighter (above 0) or darker (below 0)."""

    TEXT = (MSO_THEME_COLOR.TEXT_1, 0.0)
    MUTED = (MSO_THEME_COLOR.TEXT_1, 0.3)
    HEAD = (MSO_THEME_COLOR.TEXT_2, 0.0)
    WHITE = (MSO_THEME_COLOR.BACKGROUND_1, 0.0)
    LINE = (MSO_THEME_COLOR.BACKGROUND_1, -0.15)
    PANEL = (MSO_THEME_COLOR.BACKGROUND_2, 0.0)
    STRONG = (MSO_THEME_COLOR.ACCENT_1, 0.0)
    SIGNAL = (MSO_THEME_COLOR.ACCENT_2, 0.0)

    def paint(self, colour: Any) -> None:  # noqa: ANN401 - python-pptx's ColorFormat
        """Set a colour to this one."""
        theme, brightness = self.value
        colour.theme_color = theme
        if brightness:
            colour.brightness = brightness

    @property
    def xml(self) -> str:
        """The colour as a fill, in the namespace prefix `a`."""
        theme, brightness = self.value
        lighter = f'<a:lumMod val="{round((1 - abs(brightness)) * 100_000)}"/>' if brightness else ""
        lighter += f'<a:lumOff val="{round(brightness * 100_000)}"/>' if brightness > 0 else ""
        return f'<a:solidFill><a:schemeClr val="{MSO_THEME_COLOR.to_xml(theme)}">{lighter}</a:schemeClr></a:solidFill>'
