"""The worker's own cost: processor time and memory for an agent's events, beside a bare loop over the same stream.

Each run is a fresh process, and processor time is what counts: it is nearly the same on a busy machine. What making
the stream takes is measured apart and left out.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from local.isolation import base_environment
from tests.benchmarks import endpoint, processes
from tests.benchmarks.figures import Row, Sample, Table, interleaved, single

KINDS = {"chunks": "chunks of text, 48 B", "steps": "steps with a thought, 700 B"}
WAYS = {"parsed": "adapter alone", "worked": "the whole run"}

AT_LEAST = {"parsed": 10_000, "worked": 1_000}
"""Events in a second of processor time. A model emits a few a second."""

FLAT = 1.1
"""Peak memory of a hundred thousand events to that of a thousand."""

EVENTS_A_SECOND = 5.0
"""By the run's clock, and so in an update."""

_MANY_A_SECOND = 250.0
"""Where memory is measured: a fiftieth of the updates to send."""


@dataclass(frozen=True)
class Counts:
    """How much is measured."""

    rounds: int
    read: int
    """Events of each stream that is only read."""
    worked: int
    """Events of each stream that the whole run works on; it takes far longer for each."""
    few: int
    """Events of the streams whose memory is compared."""
    many: int
    """Those of chunks; of steps a quarter, which is longer in bytes."""

    def long(self, kind: str) -> int:
        return self.many if kind == "chunks" else self.many // 4


FULL = Counts(3, 5_000, 2_000, 1_000, 100_000)
QUICK = Counts(2, 5_000, 2_000, 1_000, 10_000)


def measure(*, quick: bool = False, counts: Counts | None = None) -> Table:
    """All ways of reading both kinds of stream, then the long ones for their memory."""
    with endpoint.running() as services:
        return _measure(services, counts or (QUICK if quick else FULL))


def _measure(services: str, counts: Counts) -> Table:
    rows = []
    events = {"bare": counts.read, "parsed": counts.read, "worked": counts.worked}
    for kind, words in KINDS.items():
        rates = interleaved({way: _rate(way, kind, events[way], services) for way in events}, counts.rounds)
        rows += [
            Row(f"{words}, {WAYS[way]}", "events/CPU s", rates[way], rates["bare"], at_least=AT_LEAST[way])
            for way in WAYS
        ]
    lengths = [(kind, length) for kind in KINDS for length in (counts.few, counts.long(kind))]
    with ThreadPoolExecutor() as at_once:  # memory is the same however long it takes
        peaks = dict(zip(lengths, at_once.map(lambda one: _peak(one[0], one[1], services), lengths), strict=True))
    rows += [
        Row(
            f"{words}, {counts.long(kind):,} of them, peak memory",
            "MB",
            peaks[kind, counts.long(kind)],
            peaks[kind, counts.few],
            at_most=FLAT,
        )
        for kind, words in KINDS.items()
    ]
    return Table(
        "the worker's own processor time and memory",
        f"botocore's event stream read by a bare loop, by turns with ours; of memory, the run of {counts.few:,}.",
        rows,
        [
            "The whole run: Bedrock's adapter, feed, workflow, outbox, log, and each update signed, sent and answered.",
            f"An update carries some {EVENTS_A_SECOND:g} events; where memory is measured, {_MANY_A_SECOND:g}.",
        ],
    )


def _rate(way: str, kind: str, events: int, services: str) -> Callable[[], float]:
    """Measures events by second of processor time."""
    return lambda: events / _run(way, kind, events, services, EVENTS_A_SECOND)["cpu"]


def _peak(kind: str, events: int, services: str) -> Sample:
    return single(_run("worked", kind, events, services, _MANY_A_SECOND)["peak"])


def _run(way: str, kind: str, events: int, services: str, events_a_second: float) -> dict[str, float]:
    """What one fresh process says of itself: `cpu` in seconds, `peak` in MB."""
    variables = base_environment(os.environ) | {"POWERTOOLS_TRACE_DISABLED": "true"}
    given = way, kind, str(events), services, str(events_a_second)
    figures: dict[str, float] = processes.run("worker.process", variables, *given).last
    return figures
