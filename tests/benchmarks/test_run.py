"""The benchmarks that lean on the product's names still run: each at its smallest, and no figure of it is judged."""

from pathlib import Path

import pytest

from tests.benchmarks.cold import starts
from tests.benchmarks.documents import making
from tests.benchmarks.fan_out import broadcast
from tests.benchmarks.figures import Table
from tests.benchmarks.simulator import beside
from tests.benchmarks.submit import calls
from tests.benchmarks.worker import cost
from tests.benchmarks.worker.streams import KINDS

pytestmark = pytest.mark.slow


def assert_measured(table: Table, names: set[str]) -> None:
    """All rows are there, and all that was measured took something."""
    assert {row.what for row in table.rows} == names
    for row in table.rows:
        assert min(row.ours.values) > 0, row.what
        assert row.reference is None or min(row.reference.values) > 0, row.what


@pytest.mark.thorough
def test_cold_starts_are_measured() -> None:
    names = [start.what for start in starts.starts()]
    figures = {f"{name}{figure}" for name in names for figure in ("", ", processor", ", peak memory")}
    against = {
        f"{name}, against the floor without collector"
        for name in (
            "resolvers, a session",
            "resolvers, a submit",
            "worker, Converse answers at once",
            "worker, Bedrock Agents answers at once",
        )
    }
    assert_measured(starts.measure(rounds=1), figures | against)


def test_a_submit_is_measured() -> None:
    handler = {
        f"handler, {where}{figure}"
        for where in ("endpoints that answer at once", "moto's DynamoDB")
        for figure in ("", ", processor")
    }
    http = {
        f"over HTTP, {who}: {figure}"
        for who, count in (("1 caller", 2), ("2 callers", 4))
        for figure in ("throughput", "p50", f"slowest of {count}")
    }
    assert_measured(calls.measure(counts=calls.Counts(2, 2, 1, {1: 2, 2: 2})), handler | http)


@pytest.mark.thorough
def test_the_workers_cost_is_measured() -> None:
    figures = {f"{kind.words}{of}" for kind in KINDS.values() for of in (": adapter", ": whole run", ", peak memory")}
    assert_measured(cost.measure(counts=cost.Counts(1, 1_000, 500, 500, 2_000)), figures)


def test_the_fan_out_is_measured() -> None:
    names = {
        f"to {subscribers}: {figure}"
        for subscribers in ("1 subscriber", "3 subscribers")
        for figure in ("processor time for each", "until the last has it")
    }
    assert_measured(broadcast.measure(counts=broadcast.Counts(1, {1: 2, 3: 2})), names)


def test_the_documents_are_measured() -> None:
    three = "the three documents"
    names = {three, f"{three}, processor", "once more in the same process, processor", "peak memory"}
    assert_measured(making.measure(rounds=1), names)


def test_without_the_simulator_our_server_is_measured_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "HERE", tmp_path)
    cases = (
        beside.Case("queries", publish=False, sessions=2, each=1),
        beside.Case("publishes", publish=True, sessions=2, each=1),
        beside.Case("publishes to two", publish=True, sessions=1, each=1, subscribers=2),
    )
    table = beside.measure(rounds=1, cases=cases)
    assert_measured(table, {case.what for case in cases})
    assert any(beside.INSTALL in note for note in table.notes)
