"""The styles of the built-in statement of work, as `make_template` puts them into default.docx.

Colours and fonts are names of the theme, so that a profile, or a firm's template that lacks a style, needs to change
nothing here. Lengths are points.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

_RRGGBB = 6
MUTED = "5B6770"
RULE = "CBD3DB"
TEXT_WIDTH = 465.0
"""What is left of an A4 page between the margins."""
SECTION_NUMBERS, APPENDIX_NUMBERS, BULLETS = 1, 2, 3
"""The lists of numbering.xml."""


@dataclass(frozen=True)
class Style:
    """A paragraph style."""

    name: str
    based: str = "Normal"
    follows: str = ""
    """The style of the next paragraph that a writer begins; its own if empty."""
    size: float = 0
    bold: bool | None = None
    italic: bool = False
    colour: str = ""
    """A colour of the theme, or RRGGBB."""
    heading_font: bool = False
    space: tuple[float, float] | None = None
    """Before and after."""
    line: float = 0
    """The distance of the lines, as a multiple of a single one."""
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None
    numbered: tuple[int, int] | None = None
    """The list and the level in it."""
    indent: tuple[float, float] | None = None
    """From the left, and how far the first line hangs out of it."""
    tabs: tuple[tuple[str, float, str], ...] = field(default=())
    """Alignment, place and leader."""
    rule: tuple[str, str, int] | None = None
    """A line: on which side, in which colour, and how many eighths of a point thick."""
    align: str = ""

    @property
    def id(self) -> str:
        """What paragraphs name it by."""
        return self.name.title().replace(" ", "")

    def xml(self) -> str:
        """Its definition."""
        custom = "" if self.name.lower() in BUILT_IN else ' w:customStyle="1"'
        default = ' w:default="1"' if self.name == "Normal" else ""
        based = f'<w:basedOn w:val="{_id(self.based)}"/>' if self.name != "Normal" else ""
        follows = f'<w:next w:val="{_id(self.follows)}"/>' if self.follows else ""
        return (
            f'<w:style w:type="paragraph"{default}{custom} w:styleId="{self.id}"><w:name w:val="{self._written()}"/>'
            f"{based}{follows}<w:qFormat/><w:pPr>{''.join(self._paragraph())}</w:pPr>"
            f"<w:rPr>{''.join(self._run())}</w:rPr></w:style>"
        )

    def _written(self) -> str:
        """Word writes the names of some of its own styles in small letters."""
        return self.name.lower() if self.name.lower() in _SMALL else self.name

    def _paragraph(self) -> Iterator[str]:
        """The paragraph's properties, in the order of the schema."""
        yield "<w:keepNext/>" * self.keep_next + "<w:keepLines/>" * self.keep_lines
        if self.numbered:
            number, level = self.numbered
            yield f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        yield from self._rule()
        if self.tabs:
            stops = (
                f'<w:tab w:val="{kind}" w:leader="{leader}" w:pos="{round(at * 20)}"/>'
                for kind, at, leader in self.tabs
            )
            yield f"<w:tabs>{''.join(stops)}</w:tabs>"
        yield from self._spacing()
        if self.indent:
            left, hanging = self.indent
            yield f'<w:ind w:left="{round(left * 20)}" w:hanging="{round(hanging * 20)}"/>'
        if self.align:
            yield f'<w:jc w:val="{self.align}"/>'
        if self.outline is not None:
            yield f'<w:outlineLvl w:val="{self.outline}"/>'

    def _rule(self) -> Iterator[str]:
        if self.rule:
            side, colour, width = self.rule
            drawn = f'<w:{side} w:val="single" w:sz="{width}" w:space="6" {coloured("w:color", colour)}/>'
            yield f"<w:pBdr>{drawn}</w:pBdr>"

    def _spacing(self) -> Iterator[str]:
        around = line = ""
        if self.space is not None:
            before, after = self.space
            around = f' w:before="{round(before * 20)}" w:after="{round(after * 20)}"'
        if self.line:
            line = f' w:line="{round(self.line * 240)}" w:lineRule="auto"'
        if around or line:
            yield f"<w:spacing{around}{line}/>"

    def _run(self) -> Iterator[str]:
        """The text's properties. Those of complex scripts, such as Arabic, stand by themselves."""
        if self.heading_font:
            yield FONTS.format(font="major")
        if self.bold is not None:
            yield f'<w:b w:val="{int(self.bold)}"/><w:bCs w:val="{int(self.bold)}"/>'
        if self.italic:
            yield "<w:i/><w:iCs/>"
        if self.colour:
            yield f"<w:color {coloured('w:val', self.colour)}/>"
        if self.size:
            yield f'<w:sz w:val="{round(self.size * 2)}"/><w:szCs w:val="{round(self.size * 2)}"/>'


FONTS = (
    '<w:rFonts w:asciiTheme="{font}HAnsi" w:hAnsiTheme="{font}HAnsi" w:eastAsiaTheme="{font}EastAsia"'
    ' w:cstheme="{font}Bidi"/>'
)


def coloured(attribute: str, colour: str) -> str:
    """The attributes of a colour. The value of one of the theme's colours is filled in with the theme."""
    if len(colour) == _RRGGBB:
        return f'{attribute}="{colour}"'
    return f'{attribute}="auto" w:themeColor="{colour}"'


def _id(name: str) -> str:
    return name.title().replace(" ", "")


_SMALL = frozenset({"heading 1", "heading 2", "heading 3", "caption", "toc 1", "toc 2", "toc 3", "header", "footer"})
BUILT_IN = _SMALL | {
    "normal", "title", "subtitle", "body text", "list bullet", "quote", "toc heading",
}  # fmt: skip
"""The names of the styles that every Word has, in small letters."""

STYLES = (
    Style("Normal"),
    Style("Body Text", space=(0, 7), line=1.15),
    Style("Lead-In", based="Body Text", keep_next=True),
    Style("Title", follows="Subtitle", heading_font=True, bold=True, size=30, colour="text2", space=(0, 8), line=1.0),
    Style("Long Title", based="Title", follows="Subtitle", size=18),
    Style("Subtitle", follows="Body Text", size=15, colour="accent1", space=(0, 40), line=1.1,
          rule=("bottom", "accent2", 18)),
    Style("Heading 1", follows="Body Text", heading_font=True, bold=True, size=16, colour="text2", space=(22, 8),
          keep_next=True, keep_lines=True, outline=0, numbered=(SECTION_NUMBERS, 0)),
    Style("Heading 2", follows="Body Text", heading_font=True, bold=True, size=12.5, colour="accent1", space=(16, 5),
          keep_next=True, keep_lines=True, outline=1, numbered=(SECTION_NUMBERS, 1)),
    Style("Heading 3", follows="Body Text", heading_font=True, bold=True, size=11, colour="text2", space=(12, 4),
          keep_next=True, keep_lines=True, outline=2, numbered=(SECTION_NUMBERS, 2)),
    Style("Appendix Heading", based="Heading 1", follows="Body Text", outline=0,
          numbered=(APPENDIX_NUMBERS, 0)),
    Style("List Bullet", space=(0, 4), line=1.12, numbered=(BULLETS, 0)),
    Style("Quote", italic=True, colour=MUTED, space=(2, 8), line=1.12, indent=(14, 0), rule=("left", "accent2", 18)),
    Style("Important Note", bold=False, space=(4, 10), line=1.12, indent=(14, 0), keep_lines=True,
          rule=("left", "accent2", 36)),
    Style("Caption", follows="Body Text", bold=True, size=9, colour=MUTED, space=(12, 4), keep_next=True,
          keep_lines=True),
    Style("Proposal Table Text", size=9, space=(2.5, 2.5), line=1.0),
    Style("Proposal Table Number", based="Proposal Table Text", align="right"),
    Style("Proposal Table Kept", based="Proposal Table Text", keep_next=True),
    Style("Proposal Table Kept Number", based="Proposal Table Kept", align="right"),
    Style("Proposal Table Heading", based="Proposal Table Text", bold=True, colour="background1", keep_next=True,
          keep_lines=True),
    Style("Proposal Table Heading Number", based="Proposal Table Heading", align="right"),
    Style("Proposal Table Total", based="Proposal Table Text", bold=True, keep_next=True),
    Style("Proposal Table Total Number", based="Proposal Table Total", align="right"),
    Style("Proposal Table Note", size=9, colour=MUTED, space=(5, 9), line=1.1),
    Style("Signature Line", based="Proposal Table Text", space=(15, 4), keep_next=True),
    Style("Cover Kind", heading_font=True, bold=True, size=12, colour="accent2", space=(190, 10)),
    Style("Cover Logo", space=(0, 0)),
    Style("Cover Detail", size=11, space=(0, 7), line=1.1, indent=(110, 110), tabs=(("left", 110, "none"),)),
    Style("TOC Heading", follows="Body Text", heading_font=True, bold=True, size=16, colour="text2", space=(0, 10),
          keep_next=True),
    Style("TOC 1", bold=True, space=(4, 1), tabs=(("left", 24, "none"), ("right", TEXT_WIDTH, "dot"))),
    Style("TOC 2", size=9, space=(0, 0), indent=(24, 0), tabs=(("left", 54, "none"), ("right", TEXT_WIDTH, "dot"))),
    Style("TOC 3", size=9.5, space=(0, 1), indent=(54, 0), tabs=(("left", 90, "none"), ("right", TEXT_WIDTH, "dot"))),
    Style("Header", size=8.5, colour=MUTED),
    Style("Footer", size=8.5, colour=MUTED),
    Style("Running Header", based="Header", rule=("bottom", RULE, 4), tabs=(("right", TEXT_WIDTH, "none"),)),
    Style("Running Footer", based="Footer", rule=("top", RULE, 4), tabs=(("right", TEXT_WIDTH, "none"),)),
)  # fmt: skip

TABLE = "Proposal Table"
SIGNATURES = "Signature Table"


def table_styles() -> str:
    """The default table style and the two of the document."""
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{RULE}"/>' for side in ("top", "bottom", "insideH")
    )
    margins = "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 15), ("left", 100), ("bottom", 15), ("right", 100))
    )
    head = '<w:shd w:val="clear" w:color="auto" w:fill="auto" w:themeFill="text2"/>'
    total = (
        '<w:tblStylePr w:type="lastRow"><w:tcPr><w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="auto"'
        ' w:themeColor="text2"/></w:tcBorders><w:shd w:val="clear" w:color="auto" w:fill="F1F4F7"/></w:tcPr>'
        "</w:tblStylePr>"
    )

    def style(name: str, more: str) -> str:
        return (
            f'<w:style w:type="table" w:customStyle="1" w:styleId="{_id(name)}"><w:name w:val="{name}"/>'
            '<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblStyleRowBandSize w:val="1"/>'
            f"<w:tblBorders>{lines}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
            f'<w:tblStylePr w:type="firstRow"><w:tcPr>{head}</w:tcPr></w:tblStylePr>{more}</w:style>'
        )

    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority'
        ' w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        + style(TABLE, total)
        + style(SIGNATURES, "")
    )
