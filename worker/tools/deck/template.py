"""Reduces a presentation to its design: master, layouts, theme, fonts, table styles and their pictures.

`deck.design` calls it for a firm's template, and `deck.theme` for the presentation that the built-in look starts from.
Slides, notes, comments, custom shows, sections, properties and the preview go, with all that refers to them.
"""

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.presentation import Presentation

from worker.tools.documents import cleaning, package
from worker.tools.documents.cleaning import Kind, Rules
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.documents.opc import Element, detach, local_name

_PRESENTATIONML = "application/vnd.openxmlformats-officedocument.presentationml."
_OFFICE = "application/vnd.openxmlformats-officedocument."

_PICTURES = frozenset({"image", "hdphoto"})

_KEPT_SETTINGS = frozenset({
    "sldMasterIdLst", "sldSz", "notesSz", "embeddedFontLst", "kinsoku", "defaultTextStyle",
})  # fmt: skip
"""What stays of presentation.xml. Custom shows, sections, slides, tags and a password for changes are not in it."""

_JUMPS = ("ppaction://hlinkshowjump", "ppaction://noaction")
"""The beginnings of the actions that name no slide: to the next slide, say, or to the first one."""

_FILLED_IN = frozenset({"ftr", "dt", "hdr"})
"""The placeholders of a layout that PowerPoint fills with what a user enters for all slides."""


def _clean_presentation(root: Element) -> None:
    detach(child for child in root if local_name(child) not in _KEPT_SETTINGS)


def _clean_layout(root: Element) -> None:
    """Clean a master or layout. Animations go because they refer to shapes that may go."""
    detach(root.iter(qn("p:custDataLst"), qn("p:timing")))
    for link in list(root.iter(qn("a:hlinkClick"), qn("a:hlinkHover"), qn("a:hlinkMouseOver"))):
        if not link.get(qn("r:id")) and not (link.get("action") or "").startswith(_JUMPS):
            detach([link])
    for placeholder in root.iter(qn("p:ph")):
        if placeholder.get("type") in _FILLED_IN:
            _empty(placeholder)


def _empty(placeholder: Element) -> None:
    shape: Element | None = placeholder
    while shape is not None and shape.tag != qn("p:sp"):
        shape = shape.getparent()
    if shape is not None:
        detach(shape.iter(qn("a:r"), qn("a:fld"), qn("a:br")))


RULES = Rules(
    kinds={
        cleaning.PACKAGE: Kind((), implied=frozenset({"officeDocument"})),
        "officeDocument": Kind(
            (f"{_PRESENTATIONML}presentation.main+xml",),
            implied=frozenset({"theme", "tableStyles"}),
            named=frozenset({"slideMaster", "font"}),
            clean=_clean_presentation,
        ),
        "slideMaster": Kind(
            (f"{_PRESENTATIONML}slideMaster+xml",),
            implied=frozenset({"theme"}),
            named=_PICTURES | {"slideLayout", "hyperlink"},
            clean=_clean_layout,
        ),
        "slideLayout": Kind(
            (f"{_PRESENTATIONML}slideLayout+xml",),
            implied=frozenset({"slideMaster", "themeOverride"}),
            named=_PICTURES | {"hyperlink"},
            clean=_clean_layout,
        ),
        "theme": Kind((f"{_OFFICE}theme+xml",), named=_PICTURES),
        "themeOverride": Kind((f"{_OFFICE}themeOverride+xml",), named=_PICTURES),
        "tableStyles": Kind((f"{_PRESENTATIONML}tableStyles+xml",), named=_PICTURES),
        "image": Kind(("image/",)),
        "hdphoto": Kind(("image/",)),
        "font": Kind(("application/x-font", f"{_OFFICE}obfuscatedFont", "font/")),
    },
    removed=frozenset({
        "hlinkClick", "hlinkHover", "hlinkMouseOver", "sndAc", "controls", "pic", "graphicFrame", "contentPart", "sp",
        "cxnSp", "bg", "embeddedFont", "sldMasterId", "sldLayoutId",
    }),
    parse=parse_xml,
    serialize=serialize_part_xml,
)  # fmt: skip


def reduce(presentation: Presentation) -> None:
    """Remove all but the design.

    Raises:
        UnusableTemplateError: the presentation can't be cleaned, or it has no master.
    """
    cleaning.clean(presentation.part.package._rels, RULES)  # noqa: SLF001 - python-pptx shows a part's relationships, not the package's
    if not len(presentation.slide_masters):
        raise UnusableTemplateError("it has no slide master")


def check(body: bytes, *, slides: int) -> None:
    """Check the saved deck: it is sound, and it has this number of slides and no others.

    Raises:
        UnusableTemplateError: it is not, or it has other slides.
    """
    found = sum(name.startswith("ppt/slides/") for name in package.check(body))
    if found != slides:
        raise UnusableTemplateError(f"a document made from it has {found} slides instead of {slides}")
