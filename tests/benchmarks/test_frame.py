"""What all benchmarks share: figures and their ratios, the tables, and the comparison with an earlier run."""

import io
import json
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks import comparison, report
from tests.benchmarks.__main__ import NAMES, main
from tests.benchmarks.figures import Row, Sample, Table, interleaved, single


def test_the_ratio_of_interleaved_runs_is_the_median_of_the_pairs() -> None:
    """A disturbance that hits a whole round leaves the ratio as it is."""
    row = Row("x", "ms", Sample((2.0, 20.0, 2.2)), Sample((1.0, 10.0, 1.0)), at_most=2.1)
    assert row.ratio == 2.0
    assert row.met
    assert Row("x", "ms", single(3.0), single(1.0), at_most=2.1).met is False
    assert Row("x", "/s", single(3.0), at_least=5.0).met is False
    assert Row("x", "ms", single(3.0)).met is None


def test_a_rate_must_be_so_many_times_the_references_and_memory_within_its_bound() -> None:
    assert Row("x", "/s", single(6.0), single(2.0), times=3.0).met
    assert Row("x", "/s", single(5.0), single(2.0), times=3.0).met is False
    assert Row("x", "MB", single(150.0), no_more_than=150.0).met
    assert Row("x", "MB", single(151.0), no_more_than=150.0).met is False


def test_every_round_measures_everything_and_begins_elsewhere() -> None:
    order: list[float] = []

    def measure(value: float) -> float:
        order.append(value)
        return value

    samples = interleaved({"a": partial(measure, 1.0), "b": partial(measure, 2.0)}, rounds=2)
    assert order == [1.0, 2.0, 2.0, 1.0]
    assert samples == {"a": Sample((1.0, 1.0)), "b": Sample((2.0, 2.0))}


def test_a_missed_claim_is_shown_and_written(tmp_path: Path) -> None:
    slow = Row("slow", "ms", single(3.0), single(1.0), at_most=2.0)
    rate, memory = (
        Row("rate", "/s", single(3.0), single(1.0), times=4.0),
        Row("memory", "MB", single(3.0), no_more_than=2),
    )
    table = Table("a title", "a reference", [slow, rate, memory])
    console = Console(file=io.StringIO(), width=120)
    report.show("name", table, console)
    assert isinstance(console.file, io.StringIO)
    for claim in ("≤ 2: missed", "≥ 4: missed", "≤ 2 MB: missed"):
        assert claim in console.file.getvalue()
    report.write(tmp_path / "figures.json", {"name": table})
    row, *_ = json.loads((tmp_path / "figures.json").read_text())["benchmarks"]["name"]["rows"]
    assert (row["ratio"], row["met"]) == (3.0, False)


def test_a_run_is_set_beside_an_earlier_one(tmp_path: Path) -> None:
    """Small ratios may differ, and a new row has nothing to be compared with; what is lost, or missed now, is told."""

    def tables(slow: float, rate: float, claimed: float, *more: Row) -> dict[str, Table]:
        rows = [
            Row("slow", "ms", single(slow), single(1.0)),
            Row("rate", "/s", single(rate)),
            Row("claimed", "ms", single(claimed), single(1.0), at_most=2.0),
        ]
        return {"name": Table("a title", "a reference", [*rows, *more])}

    report.write(tmp_path / "before.json", tables(1.0, 1_000.0, 1.9))
    before = comparison.earlier(tmp_path / "before.json")
    same = list(comparison.changes(before, tables(1.2, 900.0, 1.95, Row("new", "ms", single(1.0)))))
    assert [change.worse for change in same] == [False, False, False]
    worse = {change.what: change for change in comparison.changes(before, tables(2.0, 500.0, 2.1))}
    assert [(change.factor, change.missed) for change in worse.values()] == [
        (2.0, False),
        (2.0, False),
        (2.1 / 1.9, True),
    ]
    assert all(change.worse for change in worse.values())
    console = Console(file=io.StringIO(), width=120)
    comparison.show(before, list(worse.values()), console)
    assert isinstance(console.file, io.StringIO)
    assert "3 of 3 rows have become worse" in console.file.getvalue()


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_a_file_without_figures_is_refused(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.json").write_text(content)
    with pytest.raises(SystemExit):
        main(["storage", "--against", str(tmp_path / "other.json")])
    assert "--against" in capsys.readouterr().err


def test_a_small_ratio_is_shown_as_a_fraction() -> None:
    table = Table("a title", "a reference", [Row("fast", "ms", single(1.0), single(40.0), at_most=1 / 20)])
    console = Console(file=io.StringIO(), width=120)
    report.show("name", table, console)
    assert isinstance(console.file, io.StringIO)
    assert "1/40" in console.file.getvalue()
    assert "≤ 1/20: kept" in console.file.getvalue()


def test_an_unknown_name_is_refused_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    said = capsys.readouterr().err
    assert "no such benchmark: speed" in said
    assert all(name in said for name in NAMES)
