"""Properties of the rules reader: whatever the notes are, the analysis is complete, repeatable and fast."""

import datetime as dt
import json
import time
from collections.abc import Sequence

import pytest
from checkout import DATA
from hypothesis import given, settings
from hypothesis import strategies as st
from worker_tools_samples import NOTES

from worker.tools.analysis.analyzer import analyze
from worker.tools.analysis.complexity import LEVELS, weigh
from worker.tools.analysis.rules.telling.third_person import CLIENT
from worker.tools.requirements import BUILT, Analysis, Kind, Requirement, from_json

TODAY = dt.date(2026, 11, 28)
LIMIT_SECONDS = 2
"""For a brief of 100,000 characters."""


def read(notes: str) -> Analysis:
    return analyze(notes, today=TODAY)


def texts(found: Analysis, kind: Kind) -> list[str]:
    return [each.text for each in found.of(kind)]


def letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def sample(name: str) -> str:
    return (DATA / "tools" / name).read_text(encoding="utf-8")


def test_a_transcript_loses_speakers_times_and_small_talk() -> None:
    found = read(sample("transcript.txt"))
    assert texts(found, Kind.FUNCTIONAL) == [
        "The adjusters must see a claim's photos on one page.",
    ]
    assert texts(found, Kind.NON_FUNCTIONAL) == ["Żółć and ß must survive in every name."]
    assert texts(found, Kind.INTEGRATION) == ["Single sign-on with Okta."]
    assert texts(found, Kind.OPEN_QUESTION) == ["Who approves payments above the limit?"]
    assert len(found.requirements) == 4


def test_every_style_of_list_item_loses_its_marker_and_keeps_its_line() -> None:
    markers = [
        "- ",
        "* ",
        "+ ",
        "• ",
        "\u2013 ",
        "1. ",
        "12) ",
        "(a) ",
        "b) ",
        "iv) ",
        "- [ ] ",
        "- [x] ",
        "•",
        "◦ ",
        "▪ ",
    ]
    notes = "\n".join(f"{marker}The app must do thing number {place}" for place, marker in enumerate(markers))
    found = read(notes).of(Kind.FUNCTIONAL)
    assert [each.text for each in found] == [f"The app must do thing number {place}" for place in range(len(markers))]
    assert [each.lines for each in found] == [(line,) for line in range(1, len(markers) + 1)]


def test_prose_that_was_wrapped_is_joined_and_split_into_sentences() -> None:
    found = read(
        "The customer service of the company must be able to find an order\n"
        "by its number. It must also find it by the customer's name, e.g. by\n"
        "Mr. Miller. Staff need a search in version 2.5 of the export."
    )
    assert [(each.text, each.lines) for each in found.requirements] == [
        ("The customer service of the company must be able to find an order by its number.", (1, 2)),
        ("It must also find it by the customer's name, e.g. by Mr. Miller.", (2, 3)),
        ("Staff need a search in version 2.5 of the export.", (3,)),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(newline: str) -> None:
    found = read(newline.join(["Hello", "", "- It must print", "", "- It must scan"]))
    assert [each.lines for each in found.of(Kind.FUNCTIONAL)] == [(3,), (5,)]


def test_the_sample_notes_exercise_every_kind() -> None:
    found = read(NOTES)
    assert all(found.count(kind) for kind in Kind)
    assert found.complexity.level == "High"
    assert found.confidence > 0.9
    assert not found.warnings
    assert found.facts.budget is not None
    assert (str(found.facts.budget.amount), found.facts.budget.currency) == ("900000", "EUR")
    assert [deadline.date for deadline in found.facts.deadlines] == [dt.date(2027, 10, 1)]
    assert found.facts.languages is not None
    assert found.facts.languages.codes == ("sv", "fi", "no", "da", "pl", "en")


def test_what_is_built_has_a_size_with_a_reason_a_discipline_and_a_work_package() -> None:
    for each in read(NOTES).requirements:
        built = each.kind in BUILT
        assert (each.size is not None) is built
        assert bool(each.size_reason) is built
        assert (each.discipline is not None) is built
        assert (each.work_package is not None) is built


def test_ids_count_each_kind_from_one() -> None:
    found = read("- The app must print\n- The app must scan\n\n## Out of scope\n- Payroll\n")
    assert [each.id for each in found.requirements] == ["FR-1", "FR-2", "OUT-1"]


UNITS = [
    "a\n",
    "must 1\n",
    "|",
    "# ",
    "* ",
    "1. ",
    ". ",
    "? ",
    "> ",
    "|-",
    "Anna ",
    "12:12 ",
    "ok, ",
    "(",
    "必須。",
    " \t",
    "import ",
    "a,b,c\n",
    '"',
    "<p>",
    "&amp;",
    "=3D",
    "Anna: why?\nBo: yes\n",
    "1.1 ",
    "[",
    "EUR 1 ",
    "12 months ",
    "not ",
    "\n\n",
    "Ã©",
    "- a\n  - b\n",
    "SAP ",
    "in the system ",
    "----\n",
    "**a** ",
    "from SAP to ",
]


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param(unit, marks=[] if unit in {"- a\n  - b\n", "12 months "} else [pytest.mark.thorough])
        for unit in UNITS
    ],
)
def test_reading_takes_linear_time(unit: str) -> None:
    """Ten times the text takes ten times the work; a quadratic step would take a hundred times."""
    short, long = (_worked(unit, length) for length in (3_000, 30_000))
    assert long < 40 * max(short, 0.02)


def _worked(unit: str, length: int) -> float:
    """The processor time of reading so many characters, in seconds: other programs do not count."""
    began = time.process_time()
    read((unit * length)[:length])
    return time.process_time() - began


def test_a_brief_of_a_hundred_thousand_characters_is_read_in_two_seconds() -> None:
    notes = (NOTES * (100_000 // len(NOTES) + 1))[:100_000]
    read(NOTES)  # compiles the words once, as a warm Lambda has
    began = time.process_time()
    read(notes)
    assert time.process_time() - began < LIMIT_SECONDS


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_analyzed_and_each_requirement_is_found_in_its_lines(notes: str) -> None:
    lines = notes.splitlines()
    for each in read(notes).requirements:
        if each.lines:
            assert max(each.lines) <= len(lines)


THIRD_PERSON = {letters(word) for word in CLIENT} | {"has", "is", "prints"}
"""What stands in a requirement for "we" and the verb after it."""

PIECES = st.sampled_from(
    [
        "- ",
        "Anna: ",
        "[10:00] ",
        "We must print. ",
        "## Constraints\n",
        "\n",
        "\n\n",
        "Really? ",
        "SAP feeds it, ",
        "the long rest of a sentence that somebody wrapped at the margin\n",
        "Thanks! ",
        "| a | b |\n",
        "|---|---|\n",
        "**bold** ",
        "> ",
        "a > b",
        "<v Bo>Hi</v>",
        "Yes. ",
        "Out of scope:\n",
        "a;b;c\n",
        "R-1 ",
        "Priority: must\n",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_is_mixed_each_requirement_is_found_in_its_lines_and_none_twice(notes: str) -> None:
    lines = notes.splitlines()
    stated = [each for each in read(notes).requirements if each.lines]
    for each in stated:
        whole = letters("".join(lines[number - 1] for number in each.lines))
        assert all(letters(word) in whole for word in each.text.split() if letters(word) not in THIRD_PERSON)
    assert len({each.id for each in stated}) == len(stated)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,9} must [a-z]{3,9} [a-z]{3,9}", fullmatch=True), unique=True, max_size=30))
def test_no_requirement_is_lost(wanted: Sequence[str]) -> None:
    notes = "## Requirements\n" + "\n".join(f"- {text}" for text in wanted)
    lines = {line for each in read(notes).requirements for line in each.lines}
    assert lines >= set(range(2, len(wanted) + 2))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_the_same_notes_give_the_same_analysis_also_through_json(notes: str) -> None:
    found = read(notes)
    assert read(notes) == found
    assert from_json(json.loads(json.dumps(found.as_json()))) == found


def test_facts_survive_their_file() -> None:
    found = read(NOTES)
    assert from_json(json.loads(json.dumps(found.as_json()))) == found


COUNTS = st.fixed_dictionaries({kind: st.integers(0, 60) for kind in Kind})


def of_kinds(counts: dict[Kind, int]) -> list[Requirement]:
    return [Requirement("R-1", kind, "It prints", (1,)) for kind, count in counts.items() for _ in range(count)]


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_more_requirements_never_mean_less_complexity(some: dict[Kind, int], more: dict[Kind, int]) -> None:
    fewer = weigh(of_kinds(some))
    all_of_them = weigh([*of_kinds(some), *of_kinds(more)])
    names = [name for _, name in LEVELS]
    assert all_of_them.points >= fewer.points
    assert names.index(all_of_them.level) >= names.index(fewer.level)


def test_the_complexity_says_what_it_is_made_of() -> None:
    found = read("- We must migrate the old data\n- GDPR applies\n- Orders come from SAP\n")
    assert found.complexity.reasons == (
        "1 functional requirement (2 points)",
        "1 non-functional requirement (3 points)",
        "1 integration (5 points)",
        "regulation or audits (6 points)",
        "data migration (6 points)",
    )
    assert found.complexity.points == 22
    assert found.complexity.level == "Low"


def test_what_is_left_out_or_only_asked_about_makes_nothing_harder() -> None:
    left_out = read("- The portal must show orders\n\n## Out of scope\n- A chatbot\n- Migration of the old data\n")
    assert {each.kind for each in left_out.requirements} == {Kind.FUNCTIONAL, Kind.OUT_OF_SCOPE}
    assert left_out.complexity.reasons == ("1 functional requirement (2 points)",)
    asked = read("- The portal must show orders\n\n## Open questions\n- Is there an audit?\n")
    assert asked.complexity.reasons == ("1 functional requirement (2 points)", "1 open question (1 point)")
