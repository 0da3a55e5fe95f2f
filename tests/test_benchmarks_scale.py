"""The simulation of scale: it keeps to the closed forms, and says the same whenever it is asked."""

from xml.etree import ElementTree as ET

import pytest
from benchmarks import scale, scale_chart
from benchmarks.scale_meters import Profile
from benchmarks.scale_model import RESOLVER_SECONDS, binding, simulate
from benchmarks.scale_quotas import COLD, LAMBDA, MODEL, NEW, OUTBOUND, OWNER, QUOTAS, TABLE, TOKENS, Kind

EVERY = tuple(quota.words for quota in QUOTAS)
PROFILE = Profile(240.0, tuple(float(at) for at in range(0, 240, 2)), units=6.0, index_units=0.1)


def test_as_many_are_at_work_as_littles_law_says() -> None:
    """Arrivals a second times a session's seconds; and each publishes at its own pace."""
    outcome = simulate(250, QUOTAS, PROFILE, lifted=EVERY)
    assert outcome.working == pytest.approx(250, rel=0.1)
    assert outcome.publish_rate == pytest.approx(250 / 2, rel=0.1)
    assert outcome.failed == 0
    assert max(outcome.waits) == pytest.approx(RESOLVER_SECONDS)


def test_sessions_that_stand_for_others_take_what_the_others_would() -> None:
    """Ten thousand by three hundred: the demand is that of ten thousand, and the law holds as before."""
    outcome = simulate(10_000, QUOTAS, PROFILE, lifted=EVERY)
    assert outcome.working == pytest.approx(10_000, rel=0.05)
    assert outcome.meters[OUTBOUND].demand == pytest.approx(5_000, rel=0.1)
    assert outcome.meters[TABLE].demand == pytest.approx(5_000 * 6.1, rel=0.15)


def test_a_quota_that_is_never_reached_refuses_nobody() -> None:
    outcome = simulate(5, QUOTAS, PROFILE)
    assert outcome.first is None
    assert outcome.failed == 0
    assert binding(5, QUOTAS, PROFILE) == []


def test_no_more_is_had_than_the_quota_allows() -> None:
    """And what is refused is tried again, so that sessions wait instead of being lost."""
    outcome = simulate(2_000, QUOTAS, PROFILE, lifted=[MODEL])
    assert outcome.first is not None
    assert outcome.meters[LAMBDA].demand <= 1_000
    assert outcome.working == pytest.approx(1_000)  # the workers have all of it, and their resolvers what is left
    assert outcome.failed == 0
    assert max(outcome.waits) > 1.0
    assert all(
        meter.demand <= meter.quota.limit * 1.2
        for words, meter in outcome.meters.items()
        if meter.quota.kind is Kind.A_SECOND and words not in {MODEL, NEW}  # NEW may be saved up
    )


def test_quotas_bind_in_one_order_however_often_it_is_asked() -> None:
    order = [quota.words for quota, _ in binding(2_000, QUOTAS, PROFILE)]
    assert order == [quota.words for quota, _ in binding(2_000, QUOTAS, PROFILE)]
    assert order == [MODEL, LAMBDA, COLD]


def test_each_quota_binds_where_its_demand_passes_it() -> None:
    """By hand: half a publish a second and session."""
    too_much = {
        count: {words for words, meter in simulate(count, QUOTAS, PROFILE, lifted=EVERY).meters.items()
                if meter.demand > meter.quota.limit}
        for count in (30, 100_000)
    }  # fmt: skip
    assert too_much[30] <= {MODEL}
    assert too_much[100_000] == {MODEL, LAMBDA, NEW, TOKENS, COLD, TABLE, OWNER}


def test_a_session_publishes_as_the_worker_does() -> None:
    """The profile is the real run's: no two updates at once but for a status, and the last at the end."""
    profile = scale.profile()
    assert list(profile.publishes) == sorted(profile.publishes)
    assert 100 <= len(profile.publishes) <= storage_bound(profile)
    assert 230 < profile.publishes[-1] < 245
    assert 2 < profile.units < 10
    assert 0 < profile.index_units < 1


def storage_bound(profile: Profile) -> int:
    """At most one a second, and the changes of status besides."""
    return round(profile.seconds) + 12


def test_the_chart_has_a_line_for_each_quota() -> None:
    chart = scale_chart.draw("Quotas & more", (1, 10, 100), {"one": (0.01, 0.1, 1.0), "<two>": (0.0, 5.0, 1e9)})
    root = ET.fromstring(chart)  # noqa: S314 - our own
    names = {"svg": "http://www.w3.org/2000/svg"}
    lines = root.findall("svg:polyline", names)
    assert [len((line.get("points") or "").split()) for line in lines] == [3, 3]
    texts = {text.text or "" for text in root.findall("svg:text", names)}
    assert {"Quotas & more", "100"} <= texts
    assert any(text.startswith("<two>, 1,000,000,000") for text in texts)
