"""Measures how well the rules reader understands the labelled briefs, and how long a large one takes.

The figures are shares in percent, by kind and language. Facts are labelled facts that were found with their values.
Noise is the share of priced requirements on lines that ask for nothing: the estimate counts requirements, so it is the
share of priced hours, too, as far as they have one size.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

from tests.benchmarks.figures import Row, Table, single
from worker.tools.analysis.rules.lexicon import LANGUAGES
from worker.tools.analysis.rules.reader import RulesReader
from worker.tools.requirements import Kind

from .corpus import Brief, briefs
from .scoring import Score, score

TODAY = dt.date(2026, 11, 28)
"""For dates without a year. The briefs were written then."""

_LARGE = 100_000
_GROUPS = {
    "English": ("en",),
    "eight other languages": tuple(code for code in LANGUAGES if code != "en"),
}
_BUILT = ("FUNCTIONAL", "NON_FUNCTIONAL")
_CLAIMS = {"English": 85, "eight other languages": 75}


def measure(*, quick: bool) -> Table:
    """Read every brief once. `quick` changes nothing: it takes seconds."""
    del quick
    reader = RulesReader()
    found = list(briefs())
    scores: dict[str, Score] = defaultdict(Score)
    for brief in found:
        result = score(brief, reader.read(brief.notes, today=TODAY))
        scores[brief.language].add(result)
        scores["all"].add(result)
    rows = [*_rows(scores), *_large(reader, found)]
    return Table(
        title=f"the rules reader on {len(found)} briefs",
        reference="one reader's labels, made before the rules were tuned (tests/data/briefs/README.md).",
        rows=rows,
        notes=_by_language(scores),
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


def _pair(what: str, total: Score, kinds: Sequence[str], claim: float | None) -> Iterator[Row]:
    for name, share in (("precision", total.precision(*kinds)), ("recall", total.recall(*kinds))):
        if share is not None:
            yield Row(f"{what}: {name}", "%", single(share), at_least=claim)


def _large(reader: RulesReader, found: Sequence[Brief]) -> Iterator[Row]:
    """The time of a brief of 100,000 characters, which are all briefs in English one after the other."""
    text = "\n".join(brief.notes for brief in found if brief.language == "en")
    notes = (text * (_LARGE // max(1, len(text)) + 1))[:_LARGE]
    began = time.perf_counter()
    reader.read(notes, today=TODAY)
    yield Row("a brief of 100,000 characters", "s", single(time.perf_counter() - began), single(2), at_most=1)


def _by_language(scores: dict[str, Score]) -> list[str]:
    return [
        f"{language}: precision {_whole(one.precision(*_BUILT))}, recall {_whole(one.recall(*_BUILT))} of functional"
        f" and non-functional; facts {one.facts_right} of {one.facts_labelled}; noise {_whole(one.noise)}"
        for language, one in sorted(scores.items())
    ]


def _whole(share: float | None) -> str:
    return "-" if share is None else f"{share:.0f} %"
