"""Puts the words of a quoted question in the place of "that question", so that a requirement is clear on its own.

`understanding` calls it for what is decided; the lines of the quotation become lines of the requirement.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.meaning.verdicts import Verdict
from worker.tools.requirements import BUILT

_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab](?P<said>[^\"\u201c\u201d\u201e\u00ab\u00bb]{8,90})[\"\u201d\u201c\u00bb]")
_BACK = 2
"""A quotation further back than so many statements is another one."""


def resolved(verdicts: Sequence[Verdict], lexicon: Lexicon) -> Iterator[Verdict]:
    """The verdicts, those on a demand that points to a quotation with the quotation."""
    points = lexicon.words("that_question")
    for place, verdict in enumerate(verdicts):
        statement = verdict.statement
        match = points.search(plain(statement.text)) if verdict.kind in BUILT else None
        quoted = match and _quotation(verdicts[max(0, place - _BACK) : place], verdict)
        if not match or not quoted:
            yield verdict
            continue
        said, lines = quoted
        text = f"{statement.text[: match.start()]}\u201c{said}\u201d{statement.text[match.end() :]}"
        yield replace(verdict, statement=replace(statement, text=text, lines=tuple(sorted({*lines, *statement.lines}))))


def _quotation(before: Sequence[Verdict], verdict: Verdict) -> tuple[str, tuple[int, ...]] | None:
    """The last quotation in the statements before this one, in its section, with its lines."""
    for each in reversed(before):
        match = _QUOTED.search(each.statement.text)
        if match and each.statement.section == verdict.statement.section:
            return match["said"].strip(" ?.!,"), each.statement.lines
    return None
