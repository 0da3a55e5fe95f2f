"""Deck, statement of work and page of the sample notes, each time in a fresh process from its first import.

The reference is what no such document goes without: the import of python-pptx and python-docx, and an empty file of
each. What is claimed is processor time, as a ratio to that, and memory.
"""

import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local import sample
from local.isolation import base_environment
from tests.benchmarks import processes
from tests.benchmarks.figures import Row, Sample, Table, interleaved
from tests.benchmarks.outputs import TODAY
from worker.tools.analysis.analyzer import analyze
from worker.tools.pricing.calculator import price
from worker.tools.profile.reading import standard
from worker.tools.proposal.content import proposal_of

AT_MOST = 9.0
"""Times the processor time of the bare packages: a second and a half where those take a sixth of a second."""

MEGABYTES = 150.0

_SECONDS = 1.5
"""What is meant for all three on a machine of a developer."""


def measure(*, quick: bool = False, rounds: int | None = None) -> Table:
    """Fresh processes, ours and the bare packages' by turns."""
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder, "proposal")
        content.write_bytes(_proposal())
        return _measure(content, rounds or (3 if quick else 7))


def _proposal() -> bytes:
    assessment, profile = sample.assessment(), standard()
    found = analyze(assessment.requirements, today=TODAY)
    costs = price(assessment, found, profile, TODAY)
    return pickle.dumps(proposal_of(assessment, found, costs, profile, reference="7F3A9C21"))


def _measure(content: Path, rounds: int) -> Table:
    figures: dict[str, list[dict[str, Any]]] = {"proposal": [], "empty": []}

    def taken(way: str) -> Callable[[], float]:
        def measured() -> float:
            printed = processes.run("documents.process", base_environment(os.environ), way, str(content))
            figures[way].append(printed.last)
            return float(printed.last["cpu"])

        return measured

    measures = {way: taken(way) for way in figures}
    interleaved(measures, 1)  # the file cache, and byte code of what is installed
    for found in figures.values():
        found.clear()
    interleaved(measures, rounds)

    def samples(figure: str) -> tuple[Sample, Sample]:
        ours, bare = (Sample(tuple(one[figure] for one in figures[way])) for way in ("proposal", "empty"))
        return ours, bare

    wall, _ = samples("wall")
    deck, statement, page = (f"{size / 1000:.0f}" for size in figures["proposal"][0]["sizes"])
    return Table(
        "deck, statement of work and page of the sample, in a fresh process",
        "python-pptx and python-docx: their import and an empty file of each, by turns with ours.",
        [
            Row("the three documents, processor", "ms", *samples("cpu"), at_most=AT_MOST),
            Row("the three documents", "ms", *samples("wall")),
            Row("once more in the same process, processor", "ms", *samples("again")),
            Row("peak memory", "MB", *samples("peak"), no_more_than=MEGABYTES),
        ],
        [
            f"{wall.median / 1000:.2f} s from the first import, where {_SECONDS:g} s are meant; no time decides.",
            f"{deck} kB of deck, {statement} kB of statement of work, {page} kB of page.",
        ],
    )
