"""What the callers over HTTP come to: figures round by round, and no percentile that a few can't have."""

import pytest

from tests.benchmarks.figures import Sample
from tests.benchmarks.submit.calls import CALLERS, Round, http_rows


def test_a_round_of_many_has_a_p99() -> None:
    one = Round.of({"took": [float(value) for value in range(1, 201)], "seconds": 4.0})
    assert one == Round(rate=50.0, p50=100.0, tail=198.0, tail_is="p99")


def test_the_tail_of_a_few_is_the_slowest() -> None:
    assert Round.of({"took": [3.0, 1.0, 2.0], "seconds": 1.0}) == Round(3.0, 2.0, 3.0, "slowest of 3")


def test_what_is_no_load_is_refused() -> None:
    with pytest.raises(TypeError, match="a load prints times and seconds"):
        Round.of({"took": [1.0], "seconds": None})


def test_each_round_is_a_value_beside_the_same_round_of_one_caller() -> None:
    one = [Round(50.0, 10.0, 20.0, "p99"), Round(100.0, 20.0, 40.0, "p99")]
    ten = [Round(100.0, 30.0, 40.0, "p99"), Round(300.0, 40.0, 80.0, "p99")]
    rate, p50, tail = http_rows(10, ten, one)
    assert rate.ours == Sample((100.0, 300.0))
    assert (rate.ratio, p50.ratio, tail.ratio) == (2.5, 2.5, 2.0)
    assert [row.what for row in http_rows(1, one, one)] == [
        f"over HTTP, 1 caller: {of}" for of in ("throughput", "p50", "p99")
    ]
    assert all(row.reference is None for row in http_rows(1, one, one))


def test_a_p99_is_not_set_against_the_slowest_of_a_few() -> None:
    few, many = [Round(50.0, 10.0, 20.0, "slowest of 3")], [Round(50.0, 10.0, 20.0, "p99")]
    assert http_rows(10, many, few)[2].reference is None


def test_a_caller_submits_often_enough_that_the_first_submits_of_all_are_a_tenth() -> None:
    assert all(each >= 10 for each in CALLERS.values())
