"""What a session costs to store: bytes and write units, counted from the requests that the real parts send.

`session` lives the sessions. Nothing here depends on the machine, so a plain test holds the claims.
"""

from dataclasses import dataclass

from tests.benchmarks.figures import Row, Table, single

from .session import TEXT_BYTES, follow, session

EVENTS = 300
SESSION_SECONDS = 240.0

PACES: tuple[tuple[str, tuple[int, ...], float | None], ...] = (
    ("three at a time", (3,), 1.5),
    ("two, then one", (2, 1), None),
    ("one at a time", (1,), None),
)
"""How many events an agent gives together, and what is claimed of bytes written to the session's own. A model's turn
through Converse ends with its last thought, what it says and its call within a moment: three. The recorded streams of
Bedrock Agents (tests/data/bedrock) give a step's reason and its call together, its answer later.
"""

LENGTHS = (10, 100, 1_000, 10_000)
"""Events of the sessions whose cost per event must be the same."""

FLAT = 1.1
"""Cost of an event in the longest session to that in the shortest."""


def measure(*, quick: bool = False) -> Table:
    """Deterministic: `quick` leaves out the longest session."""
    rows = []
    for pace, together, claimed in PACES:
        api = follow(session(EVENTS, seconds=SESSION_SECONDS, together=together))
        written, own = single(api.table.bytes / 1000), single(api.payload / 1000)
        what = f"{EVENTS} events, {pace}"
        rows += [
            Row(f"{what}: written, to its own", "KB", written, own, at_most=claimed),
            Row(f"{what}: written, to rewriting", "KB", written, single(api.rewritten / 1000)),
            Row(f"{what}: charged, to rewriting", "WCU", single(api.table.units), single(api.rewritten_units)),
        ]
    lengths = LENGTHS[:-1] if quick else LENGTHS
    costs = {events: per_event(events) for events in lengths}
    first = costs[lengths[0]]
    for events, cost in list(costs.items())[1:]:
        what = f"an event of {events:,}, to one of {lengths[0]}"
        rows += [
            Row(what, "B", single(cost.written), single(first.written), FLAT),
            Row(what, "WCU", single(cost.charged), single(first.charged), FLAT),
        ]
    return Table(
        f"a session of {SESSION_SECONDS:.0f} s with events of {TEXT_BYTES} B and twelve changes of status or stage",
        "as each row says; rewriting is one item with all texts and results so far, at each of the same updates.",
        rows,
        [
            "Written: items and the index's entries, by DynamoDB's sizes; charged: twice in a transaction.",
            "A session's own bytes: its events' texts, and once what the tools make of the sample notes. No submit.",
            "Each update writes the state again, half a kilobyte: the more events in one, the less it weighs.",
            "The state holds what the default agent's model has used, in forty bytes from its first turn on.",
        ],
    )


@dataclass(frozen=True)
class Cost:
    """Of one event."""

    written: float
    """Bytes."""
    charged: float
    """Write units."""


def per_event(events: int) -> Cost:
    """When five come each second; the session's start and end are left out."""
    api = follow(session(events, seconds=events / 5, together=(5,), stages=False))
    edges = follow(session(1, seconds=1, stages=False))
    return Cost(
        (api.table.bytes - edges.table.bytes) / (events - 1),
        (api.table.units - edges.table.units) / (events - 1),
    )
