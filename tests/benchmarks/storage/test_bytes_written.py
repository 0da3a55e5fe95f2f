"""What storage costs needs no clock, so a change that costs more of it is seen here."""

import pytest
from item_size import item_bytes

from tests.benchmarks.storage.bytes_written import EVENTS, FLAT, PACES, SESSION_SECONDS, per_event
from tests.benchmarks.storage.counted_table import units
from tests.benchmarks.storage.session import TEXT_BYTES, follow, session


@pytest.mark.slow
@pytest.mark.parametrize(("pace", "together", "claimed"), PACES)
def test_a_session_is_stored_in_few_more_bytes_than_its_own(
    pace: str, together: tuple[int, ...], claimed: float | None
) -> None:
    """The claim, and how far that is below rewriting the event list; nothing of it depends on the machine."""
    api = follow(session(EVENTS, seconds=SESSION_SECONDS, together=together))
    own = api.payload - EVENTS * TEXT_BYTES
    assert 8_000 < own < 10_000, pace  # what the tools make of the sample notes, each result once
    assert len(set(api.statuses)) == 12
    assert api.table.bytes <= (claimed or 2.1) * api.payload
    assert api.table.bytes < api.rewritten / 30
    assert api.table.units < api.rewritten_units / 10


def test_an_event_costs_the_same_however_long_its_session() -> None:
    short, long = per_event(10), per_event(1_000)
    assert long.written <= FLAT * short.written
    assert long.charged <= FLAT * short.charged


def test_the_index_is_written_when_status_or_progress_change_alone() -> None:
    few, many = (follow(session(events, seconds=60)) for events in (50, 300))
    assert 0 < few.table.index_bytes == many.table.index_bytes


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "Zürich"}, 7),
        ({"N": "12345"}, 4),
        ({"N": "1234"}, 3),
        ({"BOOL": True}, 1),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {}}, 3),
    ],
)
def test_an_items_size_is_counted_as_dynamodb_does(value: dict[str, object], size: int) -> None:
    assert item_bytes({"name": value}) == len("name") + size


def test_a_unit_is_a_kilobyte_begun() -> None:
    assert [units(size) for size in (1, 1024, 1025)] == [1, 1, 2]
