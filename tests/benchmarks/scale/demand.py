"""Scale in simulation: from one session to a hundred thousand at a time, which quota of an AWS account binds first.

Demand is what sessions would take if nothing held them up, in the fullest of a quota's windows; each row sets it
against the quota. A session's publishes and what they write come from the worker's run and the store themselves, as
in `storage`; the default agent asks its model before each tool, and once more for the answer, and the first tool asks
it to read the notes.
"""

from collections.abc import Mapping, Sequence

from schema.statuses import AgentEventType
from tests.benchmarks.figures import Row, Table, single
from tests.benchmarks.storage.bytes_written import EVENTS, SESSION_SECONDS
from tests.benchmarks.storage.session import Api, follow, session
from worker.updates import Reply, Update

from . import chart
from .meters import Outcome, Profile
from .model import binding, simulate
from .quotas import QUOTAS, Quota
from .tokens import OUTPUT_FACTOR, calls

TOGETHER = (2, 1)
"""How many events come together, by turns (`storage`)."""

SESSIONS = (1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
SHOWN = (1, 10, 100, 1_000, 10_000, 100_000)
_ALL = tuple(quota.words for quota in QUOTAS)


def profile() -> Profile:
    """A session of 300 events over four minutes, as the worker's run publishes it."""
    times: list[float] = []

    class Timed(Api):
        def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
            times.append(self.clock.seconds)
            return super().update_session_status(update, deadline=deadline, patient=patient)

    events = session(EVENTS, seconds=SESSION_SECONDS, together=TOGETHER)
    api = follow(events, api_type=Timed)
    index_units = api.table.index_units
    turns = (0.0, *(at for at, event in events if event.type is AgentEventType.TOOL_RESPONSE))
    return Profile(
        SESSION_SECONDS,
        tuple(calls(turns)),
        tuple(times),
        (api.table.units - index_units) / api.updates,
        index_units / api.updates,
    )


def measure(*, quick: bool = False) -> Table:
    """Deterministic: `quick` leaves out the numbers between the powers of ten."""
    one = profile()
    counts = SHOWN if quick else SESSIONS
    demand = {count: simulate(count, QUOTAS, one, lifted=_ALL) for count in counts}
    rows = [row for count in SHOWN for row in _rows(count, demand[count])]
    minutes = f"{one.seconds / 60:g} minutes"
    reserved = sum(call.reserved for call in one.calls)
    settled = sum(call.settled for call in one.calls)
    return Table(
        f"sessions of {minutes}, {len(one.publishes)} publishes, {len(one.calls)} calls of the model, and their quotas",
        "the quota of a default account; the ratio is demand to quota, above 1 it binds.",
        rows,
        [
            f"They come at random for eight minutes, as many as are named every {minutes}; seconds are from the first.",
            *(_note(count, demand[count], one) for count in SHOWN),
            f"A session's calls reserve {reserved:,.0f} tokens, by maxTokens, and count {settled:,.0f} in the end.",
            f"Output counts {OUTPUT_FACTOR} times, and what is read from the cache does not.",
            "Assumed: a call's tokens (cdk.costs), the model's quota and speed, a client's and a resolver's times.",
            "The quotas:",
            *map(_source, QUOTAS),
        ],
        chart=chart.draw("Which quota binds, and when", counts, _ratios(demand)),
    )


def _ratios(demand: Mapping[int, Outcome]) -> dict[str, list[float]]:
    return {quota.words: [outcome.meters[quota.words].ratio for outcome in demand.values()] for quota in QUOTAS}


def _rows(count: int, outcome: Outcome) -> list[Row]:
    """The quotas that are exceeded, or the one that is closest to it."""
    order = sorted(outcome.meters.values(), key=lambda meter: meter.ratio, reverse=True)
    return [
        Row(
            f"{count:,} session{'s' if count > 1 else ''}, {meter.quota.words}",
            "/s" if meter.quota.is_rate else "at a time",
            single(meter.demand),
            single(meter.quota.limit),
        )
        for place, meter in enumerate(order)
        if place == 0 or meter.ratio > 1
    ]


def _note(count: int, demand: Outcome, one: Profile) -> str:
    order = binding(demand, count, QUOTAS, one)
    if not order:
        return f"{count:,}: nothing binds."
    as_it_is = simulate(count, QUOTAS, one)
    failed = as_it_is.failed / max(1, as_it_is.failed + as_it_is.finished)
    return f"{count:,}: {_words(order)}. With none raised, {failed:.0%} of the sessions that end fail."


def _source(quota: Quota) -> str:
    return f"{quota.words}: {quota.allowed}{'' if quota.certain else ', not confirmed'} ({quota.source})."


def _words(order: Sequence[tuple[Quota, float]]) -> str:
    (first, after), *others = order
    words = f"first {first.words}, in second {after:.0f} ({first.remedy})"
    return words + (f"; that raised: {', then '.join(quota.words for quota, _ in others)}" if others else "")
