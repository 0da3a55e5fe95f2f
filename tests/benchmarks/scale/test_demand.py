"""The simulation of scale: it keeps to the closed forms, and says the same whenever it is asked."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from cdk import costs
from schema.statuses import Tool
from tests.benchmarks.scale import chart, demand, tokens
from tests.benchmarks.scale.meters import Call, Meter, Outcome, Profile
from tests.benchmarks.scale.model import binding, simulate
from tests.benchmarks.scale.quotas import (
    COLD,
    INBOUND,
    LAMBDA,
    MODEL,
    NEW_WORKERS,
    OUTBOUND,
    OWNER,
    QUOTAS,
    TABLE,
    TOKENS,
    Quota,
)

EVERY = tuple(quota.words for quota in QUOTAS)
MODEL_TOKENS = 60_000
"""Of one session of the profile below, in equal parts by its calls, which settle at once."""
PROFILE = Profile(
    240.0,
    calls=tuple(Call(float(at), 0.0, 1_000, 1_000) for at in range(0, 240, 4)),
    publishes=tuple(float(at) for at in range(0, 240, 2)),
    units=6.0,
    index_units=0.1,
)
MODEL_BINDS = 1_000_000 / MODEL_TOKENS * PROFILE.seconds / 60
"""Sessions at a time that take the model's tokens of a minute in a minute: 67."""


@cache
def demand_of(sessions: int) -> Outcome:
    return simulate(sessions, QUOTAS, PROFILE, lifted=EVERY)


def bound(sessions: int) -> Sequence[str]:
    return [quota.words for quota, _ in binding(demand_of(sessions), sessions, QUOTAS, PROFILE)]


def rate(limit: float, window: float) -> Quota:
    return Quota("a rate", limit, window, "a page", "ask")


def test_as_many_are_at_work_as_littles_law_says() -> None:
    """Arrivals a second times a session's seconds; and each publishes, and calls the model, at its own pace."""
    outcome = demand_of(250)
    assert outcome.working == pytest.approx(250, rel=0.1)
    assert outcome.publish_rate == pytest.approx(250 / 2, rel=0.1)
    assert outcome.meters[MODEL].demand == pytest.approx(250 / 240 * MODEL_TOKENS, rel=0.15)
    assert outcome.failed == 0
    assert max(outcome.waits) == pytest.approx(costs.RESOLVER_SECONDS)


@pytest.mark.slow
def test_sessions_that_stand_for_others_take_what_the_others_would() -> None:
    """Ten thousand by three hundred: the law holds as before, and no second looks fuller for their coming in groups."""
    outcome = demand_of(10_000)
    assert outcome.working == pytest.approx(10_000, rel=0.05)
    assert outcome.meters[INBOUND].demand == pytest.approx(5_000, rel=0.1)
    assert outcome.meters[OUTBOUND].demand == pytest.approx(5_000 * costs.MESSAGE_UNITS, rel=0.1)
    assert outcome.meters[TABLE].demand == pytest.approx(5_000 * 6.1 + 42 * (costs.SUBMIT_UNITS + 1), rel=0.1)
    assert outcome.meters[MODEL].demand == pytest.approx(10_000 / 240 * MODEL_TOKENS, rel=0.1)


def test_resolvers_are_held_for_a_tenth_of_a_second_each() -> None:
    """An environment answers ten requests a second, however short they are."""
    quiet = Profile(60.0, (Call(0.0, 0.0, 1.0, 1.0),), (0.0,), units=6.0, index_units=0.1)
    busy = replace(quiet, publishes=tuple(float(at) for at in range(60)))
    without, at_once = (
        simulate(1_000, QUOTAS, profile, lifted=EVERY).meters[LAMBDA].demand for profile in (quiet, busy)
    )
    assert at_once - without == pytest.approx(1_000 * 0.1, rel=0.2)


@pytest.mark.parametrize("sessions", [1, 5, 40])
def test_a_quota_that_is_never_reached_holds_nobody_up(sessions: int) -> None:
    """As long as the sessions take less than the model's tokens, which bind first, they run as if there were none."""
    assert sessions < MODEL_BINDS
    outcome, free = simulate(sessions, QUOTAS, PROFILE), demand_of(sessions)
    assert bound(sessions) == []
    assert all(meter.ratio <= 1 for meter in free.meters.values())
    assert (outcome.failed, outcome.finished, outcome.waits) == (0, free.finished, free.waits)


def test_the_models_tokens_bind_where_a_minutes_sessions_take_a_minutes_worth() -> None:
    """The chart's line and the notes say so alike."""
    sessions = round(1.4 * MODEL_BINDS)
    assert demand_of(sessions).meters[MODEL].ratio == pytest.approx(1.4, rel=0.15)
    assert bound(sessions) == [MODEL]


@pytest.mark.slow
def test_no_more_is_had_than_the_quota_allows() -> None:
    """And what is refused is tried again, so that sessions wait instead of being lost."""
    outcome = simulate(2_000, QUOTAS, PROFILE, lifted=[MODEL])
    assert outcome.meters[LAMBDA].demand <= 1_000
    assert 900 < outcome.working < 1_000  # the workers have it, and their resolvers what is left
    assert outcome.failed == 0
    assert max(outcome.waits) > 1.0
    assert all(
        meter.ratio <= 2.0  # a second's worth may be saved up, and had in the next
        for words, meter in outcome.meters.items()
        if words != MODEL
    )


def test_a_session_whose_model_refuses_it_too_often_fails() -> None:
    """The worker asks for the turn again, and then gives up."""
    outcome = simulate(300, QUOTAS, PROFILE)
    assert outcome.failed > 0
    assert outcome.working < 300


def test_a_session_waits_for_a_turn_that_is_refused_and_finishes_later() -> None:
    """The quota is what sixty sessions take on average, and no second may take more."""
    tight = [replace(one, limit=60 / 240 * MODEL_TOKENS, window=1) if one.words == MODEL else one for one in QUOTAS]
    outcome, free = (simulate(60, tight, PROFILE, lifted=lifted) for lifted in ((), EVERY))
    assert outcome.failed == 0
    assert outcome.working > 1.05 * free.working
    assert 0.95 * free.finished < outcome.finished < free.finished


@pytest.mark.slow
def test_quotas_bind_in_the_order_in_which_the_sessions_that_come_fill_them() -> None:
    """By hand: the runs with 1,000 sessions, the table with 4,000 / (0.5 * 6.1), which is 1,300."""
    assert bound(2_000) == [MODEL, LAMBDA, COLD]


def test_a_run_is_the_same_however_often_it_is_made() -> None:
    first, again = (simulate(90, QUOTAS, PROFILE) for _ in range(2))
    assert first == again


@pytest.mark.slow
def test_each_quota_binds_where_its_demand_passes_it() -> None:
    """By hand: half a publish a second and session."""
    assert {words for words, meter in demand_of(100_000).meters.items() if meter.passed is not None} == {
        MODEL, LAMBDA, NEW_WORKERS, TOKENS, INBOUND, COLD, TABLE, OWNER,
    }  # fmt: skip


@pytest.mark.parametrize(("window", "passes"), [(1, True), (10, False)])
def test_a_quota_is_counted_over_its_own_window(window: float, *, passes: bool) -> None:
    """Eight at once are too many for two a second, and not for twenty in ten seconds."""
    meter = Meter(rate(2, window), enforced=False)
    for _ in range(8):
        assert meter.take(12.0)
    assert (meter.demand, meter.ratio, meter.passed) == (8 / window, 4 / window, 12.0 if passes else None)


def test_what_a_group_takes_is_taken_while_its_members_come() -> None:
    """A hundred that come in two seconds are fifty a second."""
    meter = Meter(rate(60, 1), share=100, gap=2.0, enforced=False)
    assert meter.take(10.0)
    assert (meter.demand, meter.passed) == (50, None)


def test_a_quota_in_force_comes_back_bit_by_bit() -> None:
    """Two a second, of which two may be saved up."""
    meter = Meter(rate(2, 1))
    assert [meter.take(at) for at in (10.0, 10.0, 10.0, 10.25, 10.5)] == [True, True, False, True, False]


def test_what_was_reserved_counts_until_it_is_given_back() -> None:
    """A hundred tokens a minute: of ninety that are reserved, seventy come back, and the peak is remembered."""
    meter = Meter(rate(100 / 60, 60))
    assert meter.take(0.0, 90)
    meter.settle(0.0, 70)
    assert [meter.take(0.0, 79), meter.take(0.0, 1), meter.take(0.0, 1)] == [True, True, False]
    assert meter.demand * 60 == pytest.approx(100)
    assert meter.passed is None


def test_a_call_that_took_more_than_it_had_reserved_takes_the_rest_when_it_ends() -> None:
    """Output counts five times, so that a long one may pass its reservation."""
    meter = Meter(rate(100 / 60, 60))
    assert meter.take(0.0, 40)
    meter.settle(0.0, -70)
    assert not meter.take(1.0, 1)
    assert meter.demand * 60 == pytest.approx(110)
    assert meter.passed == 0.0


def test_reservations_bind_before_what_is_settled_does() -> None:
    """By hand: 100 sessions at a time that each reserve 12,000 tokens for a whole minute and use 1,000 of them."""
    long = Profile(60.0, (Call(0.0, 60.0, 12_000, 1_000),), (0.0,), units=6.0, index_units=0.1)
    short = replace(long, calls=(Call(0.0, 0.0, 12_000, 1_000),))
    held, given = (simulate(100, QUOTAS, one, lifted=EVERY).meters[MODEL] for one in (long, short))
    assert held.ratio == pytest.approx(1.2, rel=0.3)
    assert given.ratio == pytest.approx(0.1, rel=0.5)


def test_a_sessions_calls_are_counted_by_converses_rules() -> None:
    """By hand, from the bill's tokens: input, cache and maxTokens at the start; in the end output times five."""
    first, notes, later = tokens.calls((0.0, 60.0))
    assert (first.reserved, first.settled) == (2_000 + 8_192, 2_000 + 5 * 250)
    assert (notes.reserved, notes.settled) == (6_000 + 16_384, 6_000 + 5 * 4_000)
    assert (later.reserved, later.settled) == (1_500 + 1_200 + 8_192, 1_500 + 5 * 250)
    assert first.at + first.seconds == notes.at
    assert later.at == 60.0


@pytest.mark.slow
def test_a_session_publishes_as_the_worker_does() -> None:
    """The profile is the real run's: no two updates at once but for a status, and the last at the end."""
    profile = demand.profile()
    assert list(profile.publishes) == sorted(profile.publishes)
    assert 100 <= len(profile.publishes) <= storage_bound(profile)
    assert 230 < profile.publishes[-1] < 245
    assert 2 < profile.units < 10
    assert 0 < profile.index_units < 1
    assert [call.at for call in profile.calls] == sorted({call.at for call in profile.calls})
    assert len(profile.calls) == len(Tool) + 2  # the answer, and the reading of the notes


def storage_bound(profile: Profile) -> int:
    """At most one a second, and the changes of status besides."""
    return round(profile.seconds) + 12


def test_the_chart_has_a_line_and_a_name_for_each_quota() -> None:
    """However many there are."""
    ratios = {"one": (0.01, 0.1, 1.0), "<two>": (0.0, 5.0, 1e9)} | {f"more {n}": (0.1, 1.0, 10.0) for n in range(20)}
    root = ET.fromstring(chart.draw("Quotas & more", (1, 10, 100), ratios))  # noqa: S314 - our own
    names = {"svg": "http://www.w3.org/2000/svg"}
    lines = root.findall("svg:polyline", names)
    assert [len((line.get("points") or "").split()) for line in lines] == [3] * len(ratios)
    texts = {text.text or "" for text in root.findall("svg:text", names)}
    assert {"Quotas & more", "100", "more 19, 10"} <= texts
    assert any(text.startswith("<two>, 1,000,000,000") for text in texts)
