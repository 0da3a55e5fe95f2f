"""The check of a document that was made from a template, before it is handed out."""

import io
import zipfile

import pytest
from docx import Document
from package_search import contents
from pptx import Presentation

from worker.tools.deck import template
from worker.tools.documents.document import UnusableTemplateError
from worker.tools.documents.package import check


def sound() -> bytes:
    body = io.BytesIO()
    Document().save(body)
    return body.getvalue()


def packed(*files: tuple[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as package:
        for name, content in files:
            package.writestr(name, content)
    return body.getvalue()


def changed(name: str, old: bytes, new: bytes) -> bytes:
    files = dict(contents(sound()))
    assert old in files[name]
    return packed(*(files | {name: files[name].replace(old, new)}).items())


def test_the_names_of_a_sound_packages_parts_are_answered() -> None:
    assert {"word/document.xml", "docprops/core.xml"} <= set(check(sound()))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["word/document.xml", "word/Document.xml"])
def test_a_name_that_is_in_it_twice_is_a_fault(name: str) -> None:
    """Names that differ only in case are the same to Office."""
    with pytest.raises(UnusableTemplateError, match=r"word/document\.xml is in it more than once"):
        check(packed(*contents(sound()), (name, b"<a/>")))


def test_a_relationship_without_a_target_is_a_fault() -> None:
    body = changed("word/_rels/document.xml.rels", b'Target="styles.xml"', b'Target="gone.xml"')
    with pytest.raises(UnusableTemplateError, match=r"refers to word/gone\.xml, which is not in it"):
        check(body)


def test_a_reference_without_a_relationship_is_a_fault() -> None:
    body = changed("word/document.xml", b"<w:body>", b'<w:body><w:altChunk r:id="rId77"/>')
    with pytest.raises(UnusableTemplateError, match=r"word/document\.xml refers to the relationship rId77"):
        check(body)


def test_an_empty_reference_is_no_fault() -> None:
    check(changed("word/document.xml", b"<w:body>", b'<w:body><w:altChunk r:id=""/>'))


def test_a_part_that_nothing_refers_to_is_a_fault() -> None:
    with pytest.raises(UnusableTemplateError, match=r"nothing refers to word/old\.xml"):
        check(packed(*contents(sound()), ("word/old.xml", b"<a/>")))


def test_an_address_outside_needs_no_part() -> None:
    link = b'<Relationship Id="rId88" Type="x/hyperlink" Target="https://example.com" TargetMode="External"/>'
    check(changed("word/_rels/document.xml.rels", b"</Relationships>", link + b"</Relationships>"))


def test_a_slide_too_many_is_a_fault() -> None:
    deck = Presentation()
    for _ in range(2):
        deck.slides.add_slide(deck.slide_layouts[6])
    body = io.BytesIO()
    deck.save(body)
    template.check(body.getvalue(), slides=2)
    with pytest.raises(UnusableTemplateError, match="has 2 slides instead of 1"):
        template.check(body.getvalue(), slides=1)
