"""The worker's own cost: events per processor second, and memory, beside a bare loop over the same stream.

Each run is a fresh process, and processor time is what counts: it is nearly the same on a busy machine. What making
the stream takes is measured apart and left out. The streams are those of both agents, Converse and InvokeAgent.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from local.isolation import base_environment
from tests.benchmarks import endpoint, processes
from tests.benchmarks.figures import Row, Sample, Table, interleaved, single

from .streams import KINDS, LONGEST

ADAPTER = 2 / 3
"""Events that are only read in a second of processor time, to the bare loop's."""

WHOLE = {"answer": 1 / 25, "turns": 1 / 4, "chunks": 1 / 25, "steps": 1 / 10}
"""Likewise of events that the whole run works on. A turn's thoughts are published by the paragraph, not by the piece;
a step is large, so reading it takes longer."""

MEMORY = 1.2
"""Peak memory for the longest stream to that for a short one."""

EVENTS_A_SECOND = 5.0
"""By the run's clock, and so in an update."""

_MANY_A_SECOND = 250.0
"""Where memory is measured: a fiftieth of the updates to send."""

_UNIT = "events/s"
"""In a second of processor time."""


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


FULL = Counts(3, 10_000, 2_000, 1_000, LONGEST)
QUICK = Counts(2, 5_000, 2_000, 1_000, LONGEST // 2)


def measure(*, quick: bool = False, counts: Counts | None = None) -> Table:
    """All ways of reading both kinds of stream, then the long ones for their memory."""
    with endpoint.running() as services:
        return _measure(services, counts or (QUICK if quick else FULL))


def _measure(services: str, counts: Counts) -> Table:
    rows = []
    events = {"bare": counts.read, "parsed": counts.read, "worked": counts.worked}
    for kind, stream in KINDS.items():
        rates = interleaved({way: _rate(way, kind, events[way], services) for way in events}, counts.rounds)
        rows += [
            Row(f"{stream.words}: adapter", _UNIT, rates["parsed"], rates["bare"], times=ADAPTER),
            Row(f"{stream.words}: whole run", _UNIT, rates["worked"], rates["bare"], times=WHOLE[kind]),
        ]
    lengths = [(kind, length) for kind in KINDS for length in (counts.few, counts.many)]
    with ThreadPoolExecutor() as at_once:  # memory is the same however long it takes
        peaks = dict(zip(lengths, at_once.map(lambda one: _peak(one[0], one[1], services), lengths), strict=True))
    rows += [
        Row(f"{stream.words}, peak memory", "MB", peaks[kind, counts.many], peaks[kind, counts.few], at_most=MEMORY)
        for kind, stream in KINDS.items()
    ]
    return Table(
        "the worker's own processor time and memory",
        f"a bare loop over botocore's stream, by turns with ours; of memory, the whole run over {counts.few:,} events.",
        rows,
        [
            "Events in a second of processor time. The whole run: adapter, feed, workflow, outbox, log, and each",
            "update signed, sent and answered. Only the tools do no work.",
            f"An update carries some {EVENTS_A_SECOND:g} events; where memory is measured, {_MANY_A_SECOND:g}.",
            f"Memory is that for {counts.many:,} events. The longest conversation with a model has {LONGEST:,}.",
        ],
    )


def _rate(way: str, kind: str, events: int, services: str) -> Callable[[], float]:
    """Measures events in a second of processor time."""
    return lambda: events / _run(way, kind, events, services, EVENTS_A_SECOND)["cpu"]


def _peak(kind: str, events: int, services: str) -> Sample:
    return single(_run("worked", kind, events, services, _MANY_A_SECOND)["peak"])


def _run(way: str, kind: str, events: int, services: str, events_a_second: float) -> dict[str, float]:
    """What one fresh process says of itself: `cpu` in seconds, `peak` in MB."""
    variables = base_environment(os.environ) | {"POWERTOOLS_TRACE_DISABLED": "true"}
    given = way, kind, str(events), services, str(events_a_second)
    figures: dict[str, float] = processes.run("worker.process", variables, *given).last
    return figures
