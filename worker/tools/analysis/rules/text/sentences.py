"""Splits text into sentences and keeps the lines that each one comes from."""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|est|max|min|incl|excl|no|nr|mr|mrs|ms|dr|st|fig|ca|cf|bzw|z\.\s?b|d\.\s?h|u\.\s?a|usw|evtl|ggf|inkl|abs|art|p\.\s?ex"
    r"|env|mme|núm|pág|ej|p\.\s?ej|sig|ing|dott|bijv|o\.a|m\.a\.w|bl\.\s?a|t\.ex|dvs|osv|np|itd|tzn|tzw|m\.in|godz|ul|dot|tj|av|prof|resp|tel|mio|mln|tys|st|vol|ref|dep|exc|nov|dec|jan|feb|aug|sept|okt|oct)"
    r"|(?<!['\u2019\w])[A-Z]|\b\d{1,2})\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f]+[\"'\u201d\u2019\u00bb)\]]*(?=\s|$)|[\u3002\uff01\uff1f]|;(?=\s)")
_CLOSING = frozenset(")]\"'\u201d\u2019\u00bb")
"""What may close in mid-sentence: "the notes (all of them!) are kept"."""
_NO = re.compile(r"(?:^|[,.:!?-] )no\.$", re.IGNORECASE)
_NO_LENGTH = 5
_LONGEST = 600
_SHORTEST = 12
_REMARK = 60


def split(pieces: Sequence[tuple[str, tuple[int, ...]]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The sentences of a text that is given line by line, each with its lines."""
    joints = [_joint(piece, following) for (piece, _), (following, _) in pairwise([*pieces, ("", ())])]
    text = "".join(
        f"{piece[: len(piece) - cut]}{space}" for (piece, _), (cut, space) in zip(pieces, joints, strict=True)
    ).rstrip()
    starts = list(
        accumulate(
            (len(piece) - cut + len(space) for (piece, _), (cut, space) in zip(pieces, joints, strict=True)), initial=0
        )
    )
    place = 0
    for begin, end in _spans(text):
        said = text[begin:end].strip()
        if not said:
            continue
        while starts[place + 1] <= begin:
            place += 1
        last = place
        while last + 1 < len(pieces) and starts[last + 1] < end:
            last += 1
        numbers = dict.fromkeys(number for _, of in pieces[place : last + 1] for number in of)
        yield said, tuple(numbers)


def _joint(piece: str, following: str) -> tuple[int, str]:
    """How many characters the joint of two lines removes, and what it adds. A hyphenated word is whole again."""
    hyphenated = piece[-1:] == "-" and piece[-2:-1].islower() and following[:1].islower()
    return (1, "") if hyphenated else (0, " ")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in _END.finditer(text):
        end = match.end()
        if match[0].startswith(".") and end < len(text) and _goes_on(text, begin, end):
            continue
        if _in_brackets(text, begin, end):
            continue
        if match[0][-1] in _CLOSING and text[end : end + 2].strip()[:1].islower():
            continue
        if match[0] == ";" and min(end - begin, len(text) - end) < _SHORTEST:
            continue
        yield from _cut(begin, end, text)
        begin = end
        while begin < len(text) and text[begin] == " ":
            begin += 1
    if begin < len(text):
        yield from _cut(begin, len(text), text)


def _in_brackets(text: str, begin: int, end: int) -> bool:
    """Whether a remark in brackets is open here and ends soon: "(max. 5 rooms. Not more.)"."""
    if text.rfind("(", begin, end) <= text.rfind(")", begin, end):
        return False
    following = text[end : end + _REMARK]
    return ")" in following and "(" not in following[: following.index(")")]


def _goes_on(text: str, begin: int, end: int) -> bool:
    """Whether the full stop ends an abbreviation or a number rather than a sentence."""
    following = text[end : end + 2].strip()
    if _NO.search(text[max(begin, end - _NO_LENGTH) : end]) and text[end : end + 2].strip().isalpha():
        return False  # the answer, and not the abbreviation of "number"
    if following and following[0].islower():
        return True
    return bool(_ABBREVIATION.search(text[max(begin, end - 12) : end]))


def _cut(begin: int, end: int, text: str) -> Iterator[tuple[int, int]]:
    """Pieces of at most `_LONGEST` characters, cut after a comma or at a space."""
    while end - begin > _LONGEST:
        cut = max(text.rfind(", ", begin, begin + _LONGEST), text.rfind(" ", begin + _LONGEST // 2, begin + _LONGEST))
        cut = cut + 1 if cut > begin else begin + _LONGEST
        yield begin, cut
        begin = cut
    yield begin, end
