"""Measures how well the rules reader understands the labelled briefs, and how long a large one takes.

The figures are shares in percent, by kind and language. Facts are labelled facts that were found with their values.
Noise is the share of priced requirements on lines that ask for nothing. Sizes are compared with those that one reader
gave by hand.
"""

import datetime as dt
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from tests.benchmarks.figures import Row, Sample, Table, interleaved, single
from worker.tools.analysis.rules.lexicon import LANGUAGES
from worker.tools.analysis.rules.reader import RulesReader
from worker.tools.requirements import Kind

from .corpus import Brief, briefs
from .scoring import Score, score
from .sizes import Compared, agreement, compared, sized_briefs

TODAY = dt.date(2026, 11, 28)
"""For dates without a year. The briefs were written then."""

_LARGE = 100_000

_TOKEN = re.compile(r"\w+|[^\w\s]")
"""What a bare pass looks for: words and signs."""

_PASSES = 20
"""As often as a bare pass is made at a time, for it is short."""

PASSES = 300.0
"""How many bare passes the reading may take."""

_GROUPS = {
    "English": ("en",),
    "eight other languages": tuple(code for code in LANGUAGES if code != "en"),
}
_BUILT = ("FUNCTIONAL", "NON_FUNCTIONAL")
_SAME_SIZE, _ONE_STEP = 60, 90
_CLAIMS = {"English": 85, "eight other languages": 75}


def measure(*, quick: bool) -> Table:
    """Read every brief once, and a large one a few times."""
    reader = RulesReader()
    found = list(briefs())
    scores: dict[str, Score] = defaultdict(Score)
    read = {brief.name: reader.read(brief.notes, today=TODAY) for brief in found}
    for brief in found:
        result = score(brief, read[brief.name])
        scores[brief.language].add(result)
        scores["all"].add(result)
    pairs: dict[bool, list[Compared]] = defaultdict(list)
    for sized in sized_briefs():
        pairs[sized.check] += compared(sized.sizes, read[sized.name])
    rows = [*_rows(scores), *_sizes(pairs), *_large(reader, found, 2 if quick else 5)]
    return Table(
        title=f"the rules reader on {len(found)} briefs",
        reference="one reader's labels, made before the rules were tuned (tests/data/briefs/README.md); of the time, a"
        f" bare pass of the pattern {_TOKEN.pattern} over the same text.",
        rows=rows,
        notes=[*_by_language(scores), *_of_sizes(pairs)],
    )


def _rows(scores: dict[str, Score]) -> Iterator[Row]:
    for group, languages in _GROUPS.items():
        total = Score()
        for language in languages:
            total.add(scores[language])
        yield from _pair(f"functional and non-functional, {group}", total, _BUILT, _CLAIMS[group])
        for kind in Kind:
            yield from _pair(f"{kind.lower().replace('_', ' ')}, {group}", total, (kind.value,), None)
    everything = scores["all"]
    yield from _pair("integrations, all", everything, (Kind.INTEGRATION.value,), 75)
    yield from _pair("exclusions, all", everything, (Kind.OUT_OF_SCOPE.value,), 80)
    facts = 100 * everything.facts_right / max(1, everything.facts_labelled)
    yield Row("facts found, all", "%", single(facts), at_least=80)
    yield Row("noise, all", "%", single(everything.noise or 0), single(10), at_most=1)


def _sizes(pairs: Mapping[bool, Sequence[Compared]]) -> Iterator[Row]:
    """How often the rules give the size that a reader gave by hand. The floors only guard what was reached."""
    for check, name in ((False, "sizes"), (True, "sizes that the rules were not written with")):
        exact = agreement(pairs[check], 0)
        yield Row(f"{name}: the same", "%", single(exact), at_least=None if check else _SAME_SIZE)
        yield Row(f"{name}: within one step", "%", single(agreement(pairs[check], 1)), at_least=_ONE_STEP)


def _pair(what: str, total: Score, kinds: Sequence[str], claim: float | None) -> Iterator[Row]:
    for name, share in (("precision", total.precision(*kinds)), ("recall", total.recall(*kinds))):
        if share is not None:
            yield Row(f"{what}: {name}", "%", single(share), at_least=claim)


def _large(reader: RulesReader, found: Sequence[Brief], rounds: int) -> Iterator[Row]:
    """A brief of 100,000 characters, which are all briefs in English one after the other, beside a bare pass of the
    regular expression engine over the same text: processor time.
    """
    text = "\n".join(brief.notes for brief in found if brief.language == "en")
    notes = (text * (_LARGE // max(1, len(text)) + 1))[:_LARGE]

    def passed() -> None:
        for _ in range(_PASSES):
            for _ in _TOKEN.finditer(notes):
                pass

    def read() -> None:
        reader.read(notes, today=TODAY)

    times = interleaved({"read": partial(_cpu, read), "passed": partial(_cpu, passed)}, rounds)
    bare = Sample(tuple(taken / _PASSES for taken in times["passed"].values))
    yield Row("a brief of 100,000 characters, processor", "ms", times["read"], bare, at_most=PASSES)


def _cpu(work: Callable[[], None]) -> float:
    """Milliseconds of processor time."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _by_language(scores: dict[str, Score]) -> list[str]:
    return [
        f"{language}: precision {_whole(one.precision(*_BUILT))}, recall {_whole(one.recall(*_BUILT))} of functional"
        f" and non-functional; facts {one.facts_right} of {one.facts_labelled}; noise {_whole(one.noise)}"
        for language, one in sorted(scores.items())
    ]


def _of_sizes(pairs: Mapping[bool, Sequence[Compared]]) -> Iterator[str]:
    every = [*pairs[False], *pairs[True]]
    yield (
        f"sizes: {len(every)} requirements with a size by hand (tests/data/requirement_sizes.toml) were found;"
        f" {sum(pair.steps < 0 for pair in every)} of them got a smaller size,"
        f" {sum(pair.steps > 0 for pair in every)} a larger one"
    )


def _whole(share: float | None) -> str:
    return "-" if share is None else f"{share:.0f} %"
