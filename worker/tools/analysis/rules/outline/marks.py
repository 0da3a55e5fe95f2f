"""Reads the marks in the title of a requirement: "Wish list (P3, S) - won't do", "SPIKE: residual values".

The marks say what columns of a table would say. `outline` asks for those of titles that have an id.
"""

import re
from collections.abc import Iterator

from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Hints
from worker.tools.analysis.rules.outline.tables import priority_word

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,40})[)\]]\s*")
_LEADING = re.compile(r"[(\[]([^()\[\]]{2,20})[)\]]\s*[:\u2013\u2014-]?\s*(?=\S)")
_KIND = re.compile(r"\W*([^\W\d_]+)\W*:\s|\W*([^\W\d_]+)\s+[\u2013\u2014-]\s")
_APPENDED = re.compile(r"\s[\u2013\u2014-]+\s+([^\u2013\u2014]{2,60})$")
_LIST = re.compile(r"[,;/|]\s*")
_SIZE = re.compile(r"(?:XS|S|M|L|XL)|\d{1,3}\s?(?:SP|pts?|points?)", re.IGNORECASE)


def of_title(title: str, lexicon: Lexicon) -> tuple[str, Hints]:
    """The title without its marks, and what they say."""
    bracketed = [piece for match in _BRACKETS.finditer(title) for piece in _LIST.split(match[1])]
    appended = [piece for match in _APPENDED.finditer(title) for piece in _LIST.split(match[1])]
    begins = _KIND.match(title)
    first = plain(begins[1] or begins[2]) if begins else ""
    priority = next((piece for piece in bracketed if priority_word(piece, lexicon) and not _SIZE.fullmatch(piece)), "")
    priority = priority or next((piece for piece in bracketed[:1] if priority_word(piece, lexicon)), "")
    points = next((piece for piece in bracketed if _SIZE.fullmatch(piece) and piece != priority), "")
    kind = next((word for word in (first, *map(plain, bracketed)) if word and _is_kind(word, lexicon)), "")
    status = next(_statuses([*bracketed, *appended], lexicon), "")
    hints = Hints(kind=kind, priority=priority, points=points, status=status)
    return (_bare(title, status) if hints != Hints() else title), hints


def leading(text: str, lexicon: Lexicon) -> tuple[str, Hints]:
    """A requirement without the priority that stands in brackets before it: "(Should) Export to Excel"."""
    match = _LEADING.match(text)
    if match is None or not priority_word(match[1], lexicon):
        return text, Hints()
    return text[match.end() :], Hints(priority=match[1])


def _is_kind(word: str, lexicon: Lexicon) -> bool:
    return any(lexicon.pattern("words", name, whole=True).fullmatch(word) for name in ("spike", "no_story"))


def _statuses(pieces: list[str], lexicon: Lexicon) -> Iterator[str]:
    excluded, done = lexicon.pattern("columns", "excluded", whole=True), lexicon.pattern("words", "done", whole=True)
    for piece in pieces:
        said = plain(piece).strip(" .!")
        if priority_word(piece, lexicon) in {"", "WONT"} and (excluded.fullmatch(said) or done.fullmatch(said)):
            yield piece


def _bare(title: str, status: str) -> str:
    if status:
        title = _APPENDED.sub("", title)
    return _BRACKETS.sub(" ", title).strip() or title
