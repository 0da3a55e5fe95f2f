"""Scale in simulation: from one session to a hundred thousand at a time, which quota of an AWS account binds first.

Demand is what sessions would take if nothing held them up; each row sets it against the quota. A session's publishes
and what they write come from the worker's run and the store themselves, as in `storage`.
"""

from collections.abc import Mapping, Sequence

from worker.updates import Reply, Update

from . import scale_chart, storage_session
from .figures import Row, Table, single
from .scale_meters import Outcome, Profile
from .scale_model import MODEL_TOKENS, binding, simulate
from .scale_quotas import QUOTAS, Kind, Quota
from .storage import EVENTS, SESSION_SECONDS, STEP

SESSIONS = (1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
SHOWN = (1, 10, 100, 1_000, 10_000, 100_000)
_ALL = tuple(quota.words for quota in QUOTAS)


def profile() -> Profile:
    """A session of 300 events over four minutes, as the worker's run publishes it."""
    times: list[float] = []

    class Timed(storage_session.Api):
        def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
            times.append(self.clock.seconds)
            return super().update_session_status(update, deadline=deadline, patient=patient)

    events = storage_session.session(EVENTS, seconds=SESSION_SECONDS, burst=STEP)
    api = storage_session.follow(events, api_type=Timed)
    index_units = api.table.index_units
    return Profile(
        SESSION_SECONDS,
        tuple(times),
        (api.table.units - index_units) / api.updates,
        index_units / api.updates,
    )


def measure(*, quick: bool = False) -> Table:
    """Deterministic: `quick` leaves out the numbers between the powers of ten."""
    session = profile()
    counts = SHOWN if quick else SESSIONS
    demand = {count: simulate(count, QUOTAS, session, lifted=_ALL) for count in counts}
    rows, notes = [], []
    for count in SHOWN:
        rows += _rows(count, demand[count])
        notes.append(_note(count, session))
    unsure = ", ".join(quota.words for quota in QUOTAS if not quota.certain)
    return Table(
        f"sessions of {session.seconds / 60:g} minutes, {len(session.publishes)} publishes each, and their quotas",
        "the quota of a default account; the ratio is demand to quota, above 1 it binds.",
        rows,
        [
            *notes,
            f"Not confirmed: {unsure}. A session's {MODEL_TOKENS:,} tokens and a million a minute are assumptions.",
        ],
        chart=scale_chart.draw("Which quota binds, and when", counts, _ratios(demand)),
    )


def _ratios(demand: Mapping[int, Outcome]) -> dict[str, list[float]]:
    return {
        quota.words: [outcome.meters[quota.words].demand / quota.limit for outcome in demand.values()]
        for quota in QUOTAS
    }


def _rows(count: int, outcome: Outcome) -> list[Row]:
    """The quotas that bind, or the one that is nearest to it."""

    def ratio(quota: Quota) -> float:
        return outcome.meters[quota.words].demand / quota.limit

    nearest = max(QUOTAS, key=ratio)
    shown = [quota for quota in QUOTAS if ratio(quota) > 1 or quota is nearest]
    return [
        Row(
            f"{count:,} session{'s' if count > 1 else ''}, {quota.words}",
            "at a time" if quota.kind is Kind.AT_A_TIME else "/s",
            single(outcome.meters[quota.words].demand),
            single(quota.limit),
        )
        for quota in sorted(shown, key=ratio, reverse=True)
    ]


def _note(count: int, session: Profile) -> str:
    order = binding(count, QUOTAS, session)
    if not order:
        return f"{count:,}: nothing binds."
    as_it_is = simulate(count, QUOTAS, session)
    failed = as_it_is.failed / max(1, as_it_is.failed + as_it_is.finished)
    return f"{count:,}: {_words(order)}. As it is, {failed:.0%} of the sessions that end fail."


def _words(order: Sequence[tuple[Quota, float]]) -> str:
    (first, after), *others = order
    words = f"first {first.words}, after {after:.0f} s ({first.remedy})"
    return words + (f"; that raised: {', then '.join(quota.words for quota, _ in others)}" if others else "")
