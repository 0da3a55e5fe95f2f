"""What a session costs to store: bytes and write units, counted from the requests that the real parts send.

`storage_session` lives the sessions. Nothing here depends on the machine, so a plain test holds the claims.
"""

from .figures import Row, Table, single
from .storage_session import TEXT_BYTES, follow, session

EVENTS = 300
SESSION_SECONDS = 240.0

STEP = 3
"""Events that an agent tells together: a step's thought, its reason and its call, as in tests/data/bedrock."""

LENGTHS = (10, 100, 1_000, 10_000)
"""Events of the sessions whose cost per event must be the same."""

OF_PAYLOAD = 1.5
"""Bytes written to the events' own."""

FLAT = 1.1
"""Cost of an event in the longest session to that in the shortest."""


def measure(*, quick: bool = False) -> Table:
    """Deterministic: `quick` leaves out the longest session."""
    rows = []
    for what, burst, claimed in (
        (f"{EVENTS} events in steps of {STEP}", STEP, OF_PAYLOAD),
        (f"{EVENTS} events, each by itself", 1, None),
    ):
        api = follow(session(EVENTS, seconds=SESSION_SECONDS, burst=burst))
        written, payload = single(api.table.bytes / 1000), single(api.payload / 1000)
        rows += [
            Row(f"{what}: written, to their texts", "KB", written, payload, at_most=claimed),
            Row(f"{what}: written, to rewriting", "KB", written, single(api.rewritten / 1000)),
            Row(f"{what}: units, to rewriting", "WCU", single(api.table.units), single(api.rewritten_units)),
        ]
    lengths = LENGTHS[:-1] if quick else LENGTHS
    costs = {events: per_event(events) for events in lengths}
    rows += [
        Row(f"an event of {events:,}, to one of {lengths[0]}", "B", single(cost), single(costs[lengths[0]]), FLAT)
        for events, cost in list(costs.items())[1:]
    ]
    return Table(
        f"a session of {SESSION_SECONDS:.0f} s with events of {TEXT_BYTES} B and twelve changes of status or stage",
        "as each row says; rewriting is one item with all texts so far, written at each of the same updates.",
        rows,
        [
            "Written: items of the table and entries of its index, by DynamoDB's sizes, with results of a line each.",
            "Each event by itself is the dearest pace: 1.25 a second, each an update. Nothing is claimed for it.",
        ],
    )


def per_event(events: int) -> float:
    """Bytes an event, when five come each second; the session's start and end are left out."""
    api = follow(session(events, seconds=events / 5, burst=5, stages=False))
    edges = follow(session(1, seconds=1, stages=False))
    return (api.table.bytes - edges.table.bytes) / (events - 1)
