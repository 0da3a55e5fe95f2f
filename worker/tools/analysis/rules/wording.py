"""Makes a clear sentence of its own of what was said: without "Oh, and", "we need" and the speaker's greetings.

Only the beginning of a text is cut, never a word in it: every word of a requirement stands in its lines.
"""

import re
from functools import cache

from worker.tools.analysis.rules.lexicon import Lexicon
from worker.tools.analysis.rules.lines import requirement_id
from worker.tools.analysis.rules.signals import Signals

_LEAST_WORDS = 2
_MARK = re.compile(r"^[\s,.;:!\u2026\u2013\u2014>*-]+")
_QUOTES = (("\u201c", "\u201d"), ('"', '"'), ("\u201e", "\u201c"), ("\u00ab", "\u00bb"), ("'", "'"))
_MOST_FILLERS = 6


@cache
def _filler(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{'|'.join(lexicon.listed('words', 'filler')) or '(?!)'})[\s,.:;\u2026\u2013-]*", re.IGNORECASE
    )


def sentence(text: str, lexicon: Lexicon, *, spoken: bool) -> str:
    """The text as a sentence or phrase that stands for itself."""
    _, said = requirement_id(_MARK.sub("", text))
    said = _unquoted(said.strip())
    if spoken:
        if reported := Signals(said, lexicon).reported:
            said = reported.text
        for _ in range(_MOST_FILLERS):
            match = _filler(lexicon).match(said.replace("\u2019", "'"))
            rest = _MARK.sub("", said[match.end() :]) if match else ""
            if len(rest.split()) < _LEAST_WORDS:
                break
            said = rest
    said = said.strip(" ,;")
    return said[:1].upper() + said[1:] if said else text.strip()


def _unquoted(text: str) -> str:
    for first, last in _QUOTES:
        enclosed = len(text) > len(first) + len(last) and text.startswith(first) and text.endswith(last)
        if enclosed and first not in text[1:-1]:
            return text[1:-1]
    return text
