"""proposal.html: self-contained, escaped, accessible, and the same for the same proposal."""

import base64
import dataclasses
import io
import itertools
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import figures_in
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image
from random_proposals import proposals
from worker_tools_samples import PROPOSALS, SMALL, proposal

from schema.assessment import Assessment
from worker.tools.page.colours import CLEAR, LEGIBLE, NIGHT, PAPER, contrast, palette
from worker.tools.page.drawings import LABELS, WIDTH, gantt, investment
from worker.tools.page.generator import draw
from worker.tools.profile.profile import Design
from worker.tools.proposal.content import Proposal

VOID = frozenset({"meta", "img", "br", "line", "rect"})
HOSTILE = "</style></title><script>alert(1)</script><img src=x onerror=alert(1)>\" onload='alert(1)' {{ 7 * 7 }}"


class Page(HTMLParser):
    """The elements of a page. It fails for one that is not closed."""

    def __init__(self, body: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(body.decode())
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", data.strip()))

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        """The attributes of all elements with one of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]


def with_logo(picture_format: str) -> Proposal:
    into = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(into, picture_format)
    return dataclasses.replace(PROPOSALS["sample"], logo=into.getvalue())


def hostile() -> Proposal:
    notes = f"- The system must show {HOSTILE}\n- We must import orders from SAP {HOSTILE}"
    found = proposal(Assessment(HOSTILE, HOSTILE, HOSTILE, notes, None, None))
    supplier = dataclasses.replace(found.profile.supplier, name=HOSTILE, contact=HOSTILE, address=(HOSTILE,))
    design = dataclasses.replace(found.profile.design, body_font='x"; } body { display: none', heading_font="</style>")
    return dataclasses.replace(found, profile=dataclasses.replace(found.profile, supplier=supplier, design=design))


SHOWN = {**PROPOSALS, "small": proposal(SMALL), "hostile": hostile(), "logo": with_logo("PNG")}
each = pytest.mark.parametrize("name", SHOWN)


@each
def test_a_page_holds_all_that_it_shows_and_runs_nothing(name: str) -> None:
    page = Page(draw(SHOWN[name]))
    assert page.of("script", "iframe", "link", "object", "form", "base") == []
    for tag, attributes in page.elements:
        assert not [attribute for attribute in attributes if attribute.startswith("on")], tag
        for attribute in ("src", "href", "srcset", "background", "xlink:href"):
            assert (attributes.get(attribute) or "data:").startswith(("data:image/", "data:", "mailto:")), attributes
    style = "".join(text for tag, text in page.texts if tag == "style")
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = [meta["content"] for meta in page.of("meta") if meta.get("http-equiv")]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_hostile_text_stays_text() -> None:
    body = draw(SHOWN["hostile"])
    page = Page(body)
    assert len(page.of("style")) == len(page.of("title")) - 2  # the pictures have titles too
    assert ("h1", HOSTILE) in page.texts
    assert b"49" not in re.sub(rb"[\w.]*49[\w.]", b"", body)  # no template within the text was run
    style = next(text for tag, text in page.texts if tag == "style")
    assert "display: none" not in style


def test_a_page_is_the_same_for_the_same_proposal() -> None:
    assert draw(PROPOSALS["sample"]) == draw(PROPOSALS["sample"])


@each
def test_a_page_can_be_read_without_seeing_it(name: str) -> None:
    page = Page(draw(SHOWN[name]))
    assert page.of("html") == [{"lang": "en-GB"}]
    assert (len(page.of("header")), len(page.of("main")), len(page.of("footer")), len(page.of("h1"))) == (1, 1, 1, 1)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {one["aria-labelledby"] for one in page.of("section", "svg")} <= ids
    assert all(picture["role"] == "img" for picture in page.of("svg"))
    assert all(head["scope"] in {"col", "row"} for head in page.of("th"))
    assert all(picture["alt"] for picture in page.of("img"))


@each
def test_no_heading_stands_alone(name: str) -> None:
    tags = [tag for tag, _ in Page(draw(SHOWN[name])).elements]
    follows = {tag: after for tag, after in zip(tags, [*tags[1:], ""], strict=True) if re.fullmatch(r"h[23]", tag)}
    assert "" not in follows.values()
    assert not re.search(r"<ul>\s*</ul>|<tbody>\s*</tbody>|<h[23][^>]*>\s*</h", draw(SHOWN[name]).decode())


def test_texts_of_the_client_take_their_own_direction() -> None:
    arabic = proposal(Assessment("شركة", "بوابة", None, "- يجب أن يدعم النظام", None, None))
    page = Page(draw(arabic))
    assert [one.get("dir") for one in page.of("h1", "blockquote")] == ["auto"] * len(page.of("h1", "blockquote"))
    assert all(one.get("dir") == "auto" for one in page.of("li"))


def test_the_logo_is_in_the_page() -> None:
    for kind in ("PNG", "JPEG"):
        shown = with_logo(kind)
        (picture,) = Page(draw(shown)).of("img")
        kept = (picture["src"] or "").removeprefix(f"data:image/{kind.lower()};base64,")
        assert base64.b64decode(kept) == shown.logo
        assert picture["alt"] == shown.profile.supplier.name


def test_a_page_has_the_parts_of_a_proposal() -> None:
    shown = PROPOSALS["sample"]
    text = figures_in.of_page(draw(shown))
    for part in (
        *(quote.text for quote in shown.heard),
        *(package.description for package in shown.packages),
        *(requirement.text for requirement in shown.requirements if requirement.lines),
        *(stage.text for stage in shown.approach),
        *shown.excluded,
        *shown.assumptions,
        *shown.next_steps,
        *shown.client_duties,
    ):
        assert part in text


def test_a_page_is_small_enough_for_an_e_mail() -> None:
    """Gmail cuts a message after 102 KB."""
    assert len(draw(PROPOSALS["sample"])) < 60_000


@pytest.mark.parametrize("colours", [("16324F", "2A6F97", "E07A1F"), ("FFFF00", "FFFFFF", "000000"), ("0a0a0a",) * 3])
def test_text_is_legible_on_any_firms_colours(colours: tuple[str, str, str]) -> None:
    found = palette(Design(*colours, heading_font="", body_font="", logo=""))

    def parsed(colour: str) -> tuple[int, int, int]:
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16)

    assert contrast(parsed(found.on_primary), parsed(found.primary)) >= LEGIBLE
    assert contrast(parsed(found.heading), PAPER) >= LEGIBLE
    assert contrast(parsed(found.accent), PAPER) >= LEGIBLE
    for colour in (found.night_heading, found.night_bar, found.night_accent):
        assert contrast(parsed(colour), NIGHT) >= CLEAR


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(proposals())
def test_nothing_in_a_picture_lies_outside_of_it(shown: Proposal) -> None:
    for picture in (gantt(shown), investment(shown)):
        for bar in picture.bars:
            assert bar.x >= LABELS
            assert bar.x + bar.width <= WIDTH + 5
            assert bar.y < picture.height
        places = [tick.x for tick in picture.ticks] + [mark.x for mark in picture.marks]
        assert all(LABELS <= place <= WIDTH for place in places)
    assert [bar.x for bar in gantt(shown).bars] == sorted(bar.x for bar in gantt(shown).bars)
    for svg in re.findall(r"<svg.*?</svg>", draw(shown).decode(), re.DOTALL):
        ET.fromstring(svg)  # noqa: S314 - our own
