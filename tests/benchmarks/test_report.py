"""The table's footer says how a ratio came about: that of two medians is another one."""

import io

import pytest
from rich.console import Console

from tests.benchmarks import report
from tests.benchmarks.figures import Row, Sample, Table, single

MEASURED = Row("one", "ms", Sample((1.0, 2.0)), Sample((2.0, 2.0)))
UNPAIRED = Row("two", "ms", Sample((1.0, 2.0)), Sample((2.0, 2.0)), paired=False)
COUNTED = Row("three", "B", single(1.0), single(2.0))
ALONE = Row("four", "ms", Sample((1.0, 2.0)))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([MEASURED, COUNTED], "A ratio is the median of the pairs' ratios, not that of the medians."),
        ([UNPAIRED], "A ratio is that of the medians."),
        ([MEASURED, UNPAIRED], "where both were measured by turns, else that of the medians."),
    ],
)
def test_the_footer_says_what_a_ratio_is(rows: list[Row], said: str) -> None:
    assert said in footer(rows)


@pytest.mark.parametrize("row", [COUNTED, ALONE])
def test_it_says_nothing_where_there_is_but_one_ratio_or_none(row: Row) -> None:
    assert "ratio is" not in footer([row])


def footer(rows: list[Row]) -> str:
    console = Console(file=io.StringIO(), width=300)
    report.show("name", Table("a title", "a reference", rows), console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().partition("Reference:")[2]
