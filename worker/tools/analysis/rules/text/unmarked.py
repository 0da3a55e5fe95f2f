"""Finds lists without marks: lines below "From our notes:", or below a heading, each of which stands for itself.

`outline` calls it for the lines that it walks over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.text.lines import Form, Line

_LEAD_WORDS, _LEAST_RUN, _FEW_LINES, _FULL_LINE = 6, 4, 2, 60


def listed(lines: Sequence[Line], lexicon: Lexicon) -> Iterator[Line]:
    """Take the lines below "From our notes:" for a list without marks, where each is a sentence of its own."""
    upto = 0
    titled = False
    for place, line in enumerate(lines):
        leads = line.form is Form.TEXT and line.text.endswith(":")
        if place >= upto and (
            (leads and _begins(place, lines))
            or (titled and line.form is Form.HEADING and _unmarked(place, lines, lexicon))
        ):
            upto = _end_of_run(place + 1, lines)
        titled = titled or line.form is Form.HEADING  # the lines below the first one are the document's name
        inside = place < upto and not line.text.endswith(":") and line.form is Form.TEXT
        continued = inside and place and _open_ended(lines[place - 1].text)
        yield replace(line, form=Form.ITEM) if inside and not continued else line


def _begins(place: int, lines: Sequence[Line]) -> bool:
    """Whether a list without marks begins after this line."""
    short = len(lines[place].text.split()) <= _LEAD_WORDS
    above = lines[place - 1].form if place else Form.BLANK
    run = lines[place + 1 : _end_of_run(place + 1, lines)]
    wholes = sum(line.text[:1].isupper() for line in run)
    return short and above is not Form.TEXT and len(run) >= _LEAST_RUN and wholes * 3 >= len(run) * 2


def _unmarked(place: int, lines: Sequence[Line], lexicon: Lexicon) -> bool:
    """Whether below a heading stands a list without marks and full stops, as in quick notes."""
    run = lines[place + 1 : _end_of_run(place + 1, lines)]
    open_ = all(line.text[-1].isalnum() or line.text.endswith(("?", ")", '"')) for line in run)
    alike = len({line.text[0].islower() for line in run}) == 1
    story = any(lexicon.words("story_goes_on").match(plain(line.text)) for line in run)
    return (
        len(run) >= _FEW_LINES
        and open_
        and alike
        and not story
        and sum(len(line.text) for line in run) <= _FULL_LINE * len(run)
    )


def _end_of_run(place: int, lines: Sequence[Line]) -> int:
    while place < len(lines) and lines[place].form is Form.TEXT:
        place += 1
    return place


def _open_ended(text: str) -> bool:
    """Whether a line goes on in the next one."""
    return len(text) >= _FULL_LINE and not text.endswith((".", "!", "?", ":"))
