"""The worker's own cost: processor time and memory for an agent's events, beside a bare loop over the same stream.

Each run is a fresh process, and processor time is what counts: it is the same on a busy machine. What making the
stream takes is measured apart and left out.
"""

import json
import os
import subprocess
import sys
from functools import partial

from local.isolation import ROOT, base_environment

from .figures import Row, Sample, Table, interleaved

EVENTS = 5_000
MANY = 100_000
KINDS = {"chunks": "chunks of text, 48 B", "steps": "steps with a thought, 700 B"}
WAYS = {"parsed": "as agent events", "worked": "through the whole run"}

PARSED_A_SECOND = 10_000
FLAT = 1.1
"""Peak memory of a hundred thousand events to that of a thousand."""


def measure(*, quick: bool = False) -> Table:
    """All ways of reading both kinds of stream, then the long ones for their memory."""
    rows = []
    for kind, words in KINDS.items():
        runs = {way: partial(_milliseconds, way, kind) for way in ("bare", *WAYS)}
        took = interleaved(runs, 2 if quick else 3)
        rows += [Row(f"1,000 {words}, {WAYS[way]}", "ms", took[way], took["bare"]) for way in WAYS]
        rates = {way: Sample(tuple(1e6 / value for value in took[way].values)) for way in took}
        rows += [
            Row(f"{words}, {words_of_way}", "events/s", rates[way], rates["bare"], at_least=_least(way))
            for way, words_of_way in WAYS.items()
        ]
    many = MANY // 10 if quick else MANY
    for kind, words in KINDS.items():
        peaks = interleaved({str(events): partial(_peak, kind, events) for events in (1_000, many)}, 1)
        rows.append(Row(f"peak memory of {many:,} {words}", "MB", peaks[str(many)], peaks["1000"], at_most=FLAT))
    return Table(
        "the worker's own processor time and memory",
        "botocore's event stream read by a bare loop, by turns with ours; of memory, the run of 1,000 events.",
        rows,
        [
            "The whole run: Bedrock's adapter, feed, workflow, outbox, log, and each update's body, which is not sent.",
            "Its clock passes so that an update carries some five events; a second is one of processor time.",
        ],
    )


def _milliseconds(way: str, kind: str) -> float:
    """Processor time for a thousand events."""
    return _run(way, kind, EVENTS)["cpu"] * 1000 / EVENTS * 1000


def _peak(kind: str, events: int) -> float:
    return _run("worked", kind, events)["peak"]


def _least(way: str) -> float | None:
    return PARSED_A_SECOND if way == "parsed" else None


def _run(way: str, kind: str, events: int) -> dict[str, float]:
    """What one fresh process says of itself: `cpu` in seconds, `peak` in MB."""
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-m", "tests.benchmarks.worker_process", way, kind, str(events)],
        cwd=ROOT,
        env=base_environment(os.environ) | {"POWERTOOLS_TRACE_DISABLED": "true"},
        stdout=subprocess.DEVNULL,  # the worker's log
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{way} {kind} failed: {done.stderr}")
    figures: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    return figures
