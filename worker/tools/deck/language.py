"""Says in which language the texts of a deck are, so that a spelling check and a screen reader know."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from pptx.oxml.ns import qn
from pptx.presentation import Presentation

_SCRIPTS = {
    "ARABIC": "ar-SA", "HEBREW": "he-IL", "CYRILLIC": "ru-RU", "GREEK": "el-GR", "HIRAGANA": "ja-JP",
    "KATAKANA": "ja-JP", "HANGUL": "ko-KR", "CJK": "zh-CN", "THAI": "th-TH", "DEVANAGARI": "hi-IN",
}  # fmt: skip
"""A script's most frequent language. The script alone does not tell more."""


def mark(presentation: Presentation, plain: str) -> None:
    """Set the language of every run on the slides and in their notes: `plain`, unless its script is another."""
    for root in _roots(presentation):
        for run in root.iter(qn("a:r"), qn("a:fld")):
            run.get_or_add_rPr().set("lang", language(run.text or "", plain))


def language(text: str, plain: str) -> str:
    """The language of a text by its script: `plain` for Latin letters. Kana decide for Japanese, as it has Han too."""
    if text.isascii():
        return plain
    scripts = [unicodedata.name(character, "").split(" ")[0] for character in text if character.isalpha()]
    known = [_SCRIPTS[script] for script in scripts if script in _SCRIPTS]
    if not known or len(known) * 2 < len(scripts):
        return plain
    return "ja-JP" if "ja-JP" in known else known[0]


def _roots(presentation: Presentation) -> Iterator[Any]:
    for slide in presentation.slides:
        yield slide._element  # noqa: SLF001 - python-pptx has no property for a language
        if slide.has_notes_slide:
            yield slide.notes_slide._element  # noqa: SLF001 - as above
