"""What the resolvers count: how sessions begin and end, in the form that CloudWatch reads from a log."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes.memory_store import MemoryStore

from resolvers import lifecycle
from resolvers.metrics import MeasuredStore
from resolvers.session import Session, State
from resolvers.storage.store import LostRaceError
from schema.assessment import Assessment
from schema.statuses import SessionStatus

BEGIN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ASSESSMENT = Assessment("Northwind", None, None, "They need a portal.", None, None)
SUBMITTED = lifecycle.create("one", "user#anna", ASSESSMENT, digest="d", now=BEGIN, keep=timedelta(days=30))
TAKEN = replace(
    SUBMITTED, status=SessionStatus.PROCESSING, revision=1, updated_at=BEGIN + timedelta(seconds=2.5), version=2
)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MeasuredStore:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Proposals")
    measured = MeasuredStore(MemoryStore(), "the-service")
    measured.create(SUBMITTED, ASSESSMENT, BEGIN)
    return measured


def counted(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    """What was written since the last look: figures by name, all in our namespace under our service."""
    found = {}
    for line in capsys.readouterr().out.splitlines():
        record = json.loads(line)
        (directive,) = record["_aws"]["CloudWatchMetrics"]
        assert (directive["Namespace"], directive["Dimensions"], record["service"]) == (
            "Proposals",
            [["service"]],
            "the-service",
        )
        for metric in directive["Metrics"]:
            (found[metric["Name"]],) = record[metric["Name"]]
    return found


def ended(status: SessionStatus) -> State:
    return replace(TAKEN, status=status, revision=2, version=3)


def test_the_first_progress_is_measured_from_the_submit(
    store: MeasuredStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """When a session's first run takes it, the seconds since its submit are counted."""
    store.write(Session(SUBMITTED), Session(TAKEN))
    assert counted(capsys) == {"SessionsStarted": 1, "TimeToFirstProgress": 2.5}


def test_a_retrys_start_is_no_first_progress(capsys: pytest.CaptureFixture[str], store: MeasuredStore) -> None:
    """A retry began to wait long after the submit: its time would say nothing."""
    again = replace(SUBMITTED, revision=5, version=6)
    store.write(Session(SUBMITTED), Session(again))
    store.write(Session(again), Session(replace(TAKEN, revision=6, version=7)))
    assert counted(capsys) == {"SessionsStarted": 1}


@pytest.mark.parametrize(
    ("status", "figures"),
    [
        (SessionStatus.COMPLETED, {"SessionsCompleted": 1, "SessionFailure": 0}),
        (SessionStatus.ERROR, {"SessionsFailed": 1, "SessionFailure": 1}),
        (SessionStatus.CONFIGURATION_ERROR, {"SessionsFailed": 1, "SessionFailure": 1}),
        (SessionStatus.CANCELLED, {"SessionsCancelled": 1}),
    ],
)
def test_every_end_of_a_session_is_counted_by_its_kind(
    store: MeasuredStore, capsys: pytest.CaptureFixture[str], status: SessionStatus, figures: dict[str, float]
) -> None:
    """Whoever ended the session: what is counted is the change in the store. A cancelled one neither failed nor not."""
    store.write(Session(SUBMITTED), Session(TAKEN))
    counted(capsys)
    store.write(Session(TAKEN), Session(ended(status)))
    assert counted(capsys) == figures


def test_progress_that_ends_nothing_and_a_lost_race_are_not_counted(
    store: MeasuredStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only what was written counts, and only beginnings and ends."""
    store.write(Session(SUBMITTED), Session(TAKEN))
    counted(capsys)
    later = replace(TAKEN, status=SessionStatus.ANALYZING_REQUIREMENTS, revision=2, version=3)
    store.write(Session(TAKEN), Session(later))
    with pytest.raises(LostRaceError):
        store.write(Session(TAKEN), Session(ended(SessionStatus.ERROR)))
    assert counted(capsys) == {}
