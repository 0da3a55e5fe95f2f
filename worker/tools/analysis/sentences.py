"""Splits prose into sentences.

A sentence ends at a full stop, a question mark, an exclamation mark or a semicolon. The points of abbreviations,
initials and decimal numbers don't count. A text without such an end, for instance dictated speech, is cut at a comma
or a space once it is longer than `LONGEST`, so that every statement fits into a table's cell.
"""

import re
from collections.abc import Iterator

LONGEST = 500
"""The most characters of a sentence."""

# White space must follow the end of a sentence, except in scripts that don't use any.
_END = re.compile(r"""[.!?\u2026]+["'\u201d\u2019)\]]*(?=\s)|;(?=\s)|[\u3002\uff01\uff1f]+""")
_ABBREVIATIONS = frozenset(
    {"approx.", "bzw.", "ca.", "cf.", "co.", "corp.", "dr.", "e.g.", "eg.", "etc.", "fig.", "i.e.", "ie.", "inc."}
    | {"incl.", "jr.", "ltd.", "max.", "min.", "mr.", "mrs.", "ms.", "no.", "nr.", "p.", "pp.", "prof.", "sr."}
    | {"st.", "std.", "tel.", "usw.", "vs.", "z.b."}
)
_CUTS = (", ", " and ", " ", "")
"""The places at which a text without an end is cut, the best one first."""


def split(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of one paragraph, each with the offset at which it begins."""
    start = 0
    for end in _ends(text):
        yield from _cut(start, text[start:end])
        start = end
    yield from _cut(start, text[start:])


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        following = text[match.end() : match.end() + 2].strip()[:1]
        if match[0] == ".":
            word = text[max(0, match.start() - 12) : match.end()].rsplit(maxsplit=1)[-1].lower().lstrip("(\"'")
            if word in _ABBREVIATIONS or (len(word) == len("j.") and word[0].isalpha()) or following.islower():
                continue
        yield match.end()


def _cut(offset: int, sentence: str) -> Iterator[tuple[int, str]]:
    while len(sentence) > LONGEST:
        end = next(place for cut in _CUTS if (place := sentence.rfind(cut, LONGEST // 2, LONGEST)) > 0) or LONGEST
        yield offset, sentence[:end]
        offset, sentence = offset + end, sentence[end:]
    yield offset, sentence
