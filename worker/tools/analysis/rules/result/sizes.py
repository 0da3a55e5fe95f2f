"""The size of a requirement, with the words of its line that decide it. Pure.

A story point or T-shirt size in the notes counts first. Otherwise signs in the requirement and its details add points:
kinds of work that are hard whatever they are for, numbers of things, systems, lists, details. What is a single
function, a message or a setting takes one point off. `POINTS` says which points make which size. The signs are data:
`words/sizes.toml`. They are ours, and so are their points; the benchmark `analysis` compares them with sizes by hand.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worker.tools.analysis.rules.facts import numbers, tongues
from worker.tools.analysis.rules.lexicon import Lexicon, plain
from worker.tools.analysis.rules.outline.statements import Statement
from worker.tools.analysis.rules.result.signs import Sign, counts, signs
from worker.tools.requirements import BUILT, Kind, Size

POINTS: Sequence[tuple[int, Size]] = ((-1, Size.S), (1, Size.M), (4, Size.L))
"""The most points of each size. What has more is XL.

A point stands for about 1.4 times the work. So two points double it. With the hours of the default profile (36 for a
function of size M, 100 for L, 240 for XL), two points are nearer to L than to M, and five are nearer to XL than to L.
"""

USUAL = "usual: nothing in its words makes it larger or smaller"
_BEYOND = 8
"""With so many points, even the hours of XL are too few."""
_STATED = ((2, Size.S), (5, Size.M), (8, Size.L))
"""The most story points of each size."""

_SYSTEMS = ((2, 1), (3, 3), (5, 5))
_SERIES = ((4, 1), (7, 2), (10, 3))
_DETAILS = ((3, 1), (6, 2), (9, 3), (12, 5))
_PARTS = ((5, 1), (9, 2), (14, 3))
_LANGUAGES = ((2, 1), (3, 2), (8, 3))
_QUOTED = 70
_REASONS = 4

_WORD = r"[^\s,;:.()\u2022]+"
_ARTICLES = frozenset(
    {"a", "an", "un", "une", "una", "um", "uma", "ein", "eine", "einem", "einen", "einer", "een", "en", "ett"}
)
"""Numbers of one that are mostly none."""
_ITEM, _SHORT = rf"{_WORD}(?: {_WORD}){{0,4}}", rf"{_WORD}(?: {_WORD}){{0,2}}"
_AND = "and|or|und|oder|sowie|et|ou|y|o|e|ed|en|of|och|samt|i|oraz|lub|as well as"
_LIST = re.compile(rf"(?<![\w.,]){_SHORT}(?:, {_ITEM})+,? (?:{_AND}) {_SHORT}|(?<![\w.,]){_SHORT}(?:, {_SHORT}){{3,}}")
_PART = re.compile(rf"[,;:](?= )|[.!?](?= )|(?<!\w)(?:{_AND})(?!\w)")


@dataclass(frozen=True)
class Evidence:
    """Something in the line that makes it larger or smaller."""

    points: int
    reason: str
    words: str

    def __str__(self) -> str:
        said = self.words if len(self.words) <= _QUOTED else self.words[:_QUOTED].rsplit(" ", 1)[0] + " \u2026"
        return f"{self.reason}: \u201c{said}\u201d"


@dataclass(frozen=True)
class Sized:
    """A size with its reason."""

    size: Size | None
    """None for kinds that nobody builds."""
    reason: str
    beyond: bool = False
    """Whether it is larger than the largest size: a product of its own, or a line that names many things."""


NO_SIZE = Sized(None, "")


def size(kind: Kind, statement: Statement, lexicon: Lexicon, systems: re.Pattern[str]) -> Sized:
    """The size of what is to be built."""
    if kind not in BUILT:
        return NO_SIZE
    if stated := _stated(statement.hints.points):
        return Sized(stated, f"estimated in the notes: {statement.hints.points}")
    found = list(evidence(kind, statement, lexicon, systems))
    larger = sorted((each for each in found if each.points > 0), key=lambda each: -each.points)
    smaller = [each for each in found if each.points < 0]
    points = sum(each.points for each in larger) + min((each.points for each in smaller), default=0)
    decided = next((size for most, size in POINTS if points <= most), Size.XL)
    return Sized(decided, "; ".join(map(str, [*larger, *smaller[:1]][:_REASONS])) or USUAL, points >= _BEYOND)


def evidence(kind: Kind, statement: Statement, lexicon: Lexicon, systems: re.Pattern[str]) -> Iterator[Evidence]:
    """Everything in a requirement and its details that says how large it is."""
    own = statement.text
    yield from _signs(kind, own, " \u2022 ".join(statement.details))
    text = " \u2022 ".join((own, *statement.details))
    yield from _counts(text, lexicon)
    named = list(_systems(own, lexicon, systems))
    yield from named
    listed = [] if named and kind is Kind.INTEGRATION else list(_listed(own))
    yield from max(listed, list(_parts(own)), key=lambda found: sum(each.points for each in found))
    yield from _languages(own, lexicon)
    if points := _steps(len(statement.details), _DETAILS):
        yield Evidence(points, f"{len(statement.details)} details", statement.details[0])


def _signs(kind: Kind, own: str, details: str) -> Iterator[Evidence]:
    """The signs of the text, and those of its details that make it larger."""
    found = _first(own)
    for sign, words in _first(details).items():
        if sign.points > 0:
            found.setdefault(sign, words)
    for sign, words in found.items():
        yield Evidence(_points(sign, kind), sign.reason, words)


def _first(text: str) -> dict[Sign, str]:
    """The signs in a text, each with its first words."""
    said = plain(text)
    source = text if len(text) == len(said) else said
    return {sign: source[begin:end] for sign, (begin, end) in signs(said).items()}


def _points(sign: Sign, kind: Kind) -> int:
    of_kind: Mapping[Kind, int | None] = {Kind.INTEGRATION: sign.interface, Kind.NON_FUNCTIONAL: sign.quality}
    given = of_kind.get(kind)
    return sign.points if given is None else given


def _counts(text: str, lexicon: Lexicon) -> Iterator[Evidence]:
    """The numbers of things. Of each kind of thing the largest number counts."""
    said = plain(text)
    best: dict[str, Evidence] = {}
    for match in re.finditer(rf"(?<![\w.,]){numbers.any_number(lexicon)}(?!\w)", said):
        if match[0] in _ARTICLES:
            continue
        amount = numbers.read(match[0], lexicon)
        for count in counts():
            thing = count.nouns.match(said, match.end())
            points = _steps(_scaled(amount, said, match.end(), lexicon), count.steps) if thing else 0
            if thing and points > best.get(count.reason, _NOTHING).points:
                words = (text if len(text) == len(said) else said)[match.start() : thing.end()]
                best[count.reason] = Evidence(points, count.reason, words)
    # The same words count once: "2,000 concurrent users" are many at once, and no more than that.
    yield from {each.words: each for each in sorted(best.values(), key=lambda each: each.points)}.values()


_NOTHING = Evidence(0, "", "")


def _scaled(amount: Decimal, said: str, place: int, lexicon: Lexicon) -> Decimal:
    """The amount with the word after it: "1.2 million"."""
    rest = said[place : place + 12].lstrip()
    if lexicon.pattern("facts", "million").match(rest):
        return amount * 1_000_000
    return amount * 1_000 if lexicon.pattern("facts", "thousand").match(rest) else amount


def _systems(text: str, lexicon: Lexicon, systems: re.Pattern[str]) -> Iterator[Evidence]:
    """Several other systems by their names."""
    said = plain(text)
    spans = sorted(match.span() for pattern in (systems, lexicon.words("system")) for match in pattern.finditer(said))
    named: list[tuple[int, int]] = []
    for begin, end in spans:
        if named and begin <= named[-1][1] + 1:
            named[-1] = (named[-1][0], max(end, named[-1][1]))
        else:
            named.append((begin, end))
    names = {said[begin:end].split()[0] for begin, end in named if said[begin:end].strip()}
    if points := _steps(len(names), _SYSTEMS):
        source = text if len(text) == len(said) else said
        yield Evidence(points, f"{len(names)} systems", source[named[0][0] : named[-1][1]])


def _listed(text: str) -> Iterator[Evidence]:
    """Several things in a row."""
    found = max(_LIST.finditer(text), key=lambda match: match[0].count(","), default=None) if "," in text else None
    if found is None:
        return
    things = found[0].count(",") + (2 if re.search(rf" (?:{_AND}) ", found[0]) else 1)
    if points := _steps(things, _SERIES):
        yield Evidence(points, f"{things} things in a row", found[0])


def _parts(text: str) -> Iterator[Evidence]:
    """Many clauses: each says something more that has to be built or tested."""
    parts = [part for part in _PART.split(text) if part.strip()]
    if points := _steps(len(parts), _PARTS):
        yield Evidence(points, f"{len(parts)} parts", text)


def _languages(text: str, lexicon: Lexicon) -> Iterator[Evidence]:
    """Several languages by their names."""
    for match in tongues.several(lexicon).finditer(plain(text)):
        names = [word for word in re.findall(r"\w+", match[0]) if tongues.is_name(word, lexicon)]
        if points := _steps(len(names), _LANGUAGES):
            yield Evidence(points, f"{len(names)} languages", text[match.start() : match.end()])
            return


def _steps(amount: int | Decimal, steps: Sequence[tuple[int, int]]) -> int:
    return max((points for least, points in steps if amount >= least), default=0)


def _stated(points: str) -> Size | None:
    word = points.strip().upper()
    if word in {"XS", "S"}:
        return Size.S
    if word in Size.__members__:
        return Size(word)
    number = re.fullmatch(r"(\d{1,3})(?:[.,]\d+)?(?:\s?(?:SP|PT|PTS|POINTS?))?", word)
    if not number:
        return None
    return next((each for most, each in _STATED if int(number[1]) <= most), Size.XL)
