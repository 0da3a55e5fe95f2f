"""The corpus of labelled briefs is sound: whoever scores a reader against it can trust its labels' form.

Nothing here reads a brief's meaning, and no reader runs.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from checkout import DATA

BRIEFS = DATA / "briefs"
SUFFIX = ".labels.json"
LABELS = sorted(BRIEFS.glob("*" + SUFFIX))

PRICED = {"FUNCTIONAL", "NON_FUNCTIONAL", "INTEGRATION"}
UNPRICED = {"CONSTRAINT", "OUT_OF_SCOPE", "OPEN_QUESTION"}
PRIORITIES = {"MUST", "SHOULD", "COULD"}

# What each fact says besides its lines.
FACTS: dict[str, dict[str, type]] = {
    "budget": {"amount": int, "currency": str},
    "deadlines": {"date": str},
    "duration": {"weeks": int},
    "start": {"date": str},
    "team_size": {"people": int},
    "languages": {"codes": list},
}
OPTIONAL = {"at_most_weeks"}

every_brief = pytest.mark.parametrize("labels", LABELS, ids=lambda path: path.name.removesuffix(SUFFIX))


def read(labels: Path) -> Any:  # noqa: ANN401 - these tests are what checks its shape
    return json.loads(labels.read_text(encoding="utf-8"))


def texts_of(labels: Path) -> list[Path]:
    """The files that share the labels' name: one, if all is well."""
    name = labels.name.removesuffix(SUFFIX)
    return [path for path in BRIEFS.iterdir() if path.stem == name and path != labels]


def lines_of(labels: Path) -> list[str]:
    """A brief may have broken bytes on purpose; they don't change the count of its lines."""
    [text] = texts_of(labels)
    return text.read_bytes().decode("utf-8", errors="replace").splitlines()


def facts_in(found: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    for name, fact in found["facts"].items():
        for one in fact if name == "deadlines" else [fact]:
            yield name, one


def test_there_are_briefs() -> None:
    assert LABELS


def test_every_brief_has_labels() -> None:
    named = {path.name.removesuffix(SUFFIX) for path in LABELS}
    texts = {path.stem for path in BRIEFS.iterdir() if path not in LABELS and path.name != "README.md"}
    assert texts == named


@every_brief
def test_labels_have_one_brief_beside_them(labels: Path) -> None:
    assert len(texts_of(labels)) == 1


@every_brief
def test_labels_have_their_fields_and_no_others(labels: Path) -> None:
    found = read(labels)
    assert set(found) == {"language", "form", "asks_for_nothing", "items", "facts"}
    assert re.fullmatch("[a-z]{2}", found["language"])
    assert found["form"]
    assert isinstance(found["asks_for_nothing"], bool)


@every_brief
def test_a_brief_that_asks_for_nothing_has_no_items(labels: Path) -> None:
    found = read(labels)
    assert found["asks_for_nothing"] == (not found["items"])


@every_brief
def test_lines_exist_in_order_and_are_not_blank(labels: Path) -> None:
    found, lines = read(labels), lines_of(labels)
    for labelled in [*found["items"], *(fact for _, fact in facts_in(found))]:
        numbers = labelled["lines"]
        assert numbers
        assert numbers == sorted(set(numbers))
        assert 1 <= numbers[0] <= numbers[-1] <= len(lines)
        assert all(lines[number - 1].strip() for number in numbers), labelled


@every_brief
def test_kinds_are_known_and_only_priced_kinds_have_a_priority(labels: Path) -> None:
    for item in read(labels)["items"]:
        assert item["kind"] in PRICED | UNPRICED
        if item["kind"] in PRICED:
            assert set(item) == {"kind", "lines", "priority"}, item
            assert item["priority"] in PRIORITIES
        else:
            assert set(item) == {"kind", "lines"}, item


@every_brief
def test_no_line_is_in_two_items_of_the_same_kind(labels: Path) -> None:
    used = Counter((item["kind"], number) for item in read(labels)["items"] for number in item["lines"])
    assert [place for place, times in used.items() if times > 1] == []


@every_brief
def test_facts_have_their_values(labels: Path) -> None:
    for name, fact in facts_in(read(labels)):
        expected = FACTS[name]
        assert set(fact) - OPTIONAL == {*expected, "lines"}
        for key, kind in expected.items():
            assert type(fact[key]) is kind, (name, key)


@every_brief
def test_values_are_written_in_their_standard_form(labels: Path) -> None:
    for name, fact in facts_in(read(labels)):
        if "date" in fact:
            assert dt.date.fromisoformat(fact["date"]).isoformat() == fact["date"]
        if name == "budget":
            assert fact["amount"] > 0
            assert re.fullmatch("[A-Z]{3}", fact["currency"])
        if name == "languages":
            assert all(re.fullmatch("[a-z]{2}", code) for code in fact["codes"])
        if name == "duration":
            assert 0 < fact["weeks"] <= fact.get("at_most_weeks", fact["weeks"])
