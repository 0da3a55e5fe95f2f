"""RequirementsAnalyzer's text work: splitting, classifying, weighing. Pure; no workspace."""

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
from worker.tools.analysis.lines import NEWLINE
from worker.tools.requirements import Item, Kind, Requirements, from_json

EVENTS = DATA / "tools"


def read(name: str) -> str:
    return (EVENTS / name).read_text(encoding="utf-8")


def texts(found: Requirements, kind: Kind) -> list[str]:
    return [item.text for item in found.items[kind]]


def only(text: str) -> tuple[Kind, Item]:
    """The one item that a text makes."""
    found = [(kind, item) for kind, items in analyze(text).items.items() for item in items]
    assert len(found) == 1, found
    return found[0]


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def everything(found: Requirements) -> list[Item]:
    return [item for items in found.items.values() for item in items]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The portal must send an invoice.", Kind.FUNCTIONAL),
        ("As a dispatcher I want to see all trucks so that I can plan.", Kind.FUNCTIONAL),
        ("- Upload of photos", Kind.FUNCTIONAL),
        ("Das System muss Rechnungen drucken.", Kind.FUNCTIONAL),
        ("The page must load in under 2 seconds.", Kind.NON_FUNCTIONAL),
        ("We need 99.9 % availability.", Kind.NON_FUNCTIONAL),
        ("Data must be encrypted at rest.", Kind.NON_FUNCTIONAL),
        ("It has to comply with GDPR.", Kind.NON_FUNCTIONAL),
        ("Orders must be written to SAP.", Kind.INTEGRATION),
        ("We need a REST API for partners.", Kind.INTEGRATION),
        ("Integrations: the in-house billing, the phone system", Kind.INTEGRATION),
        ("The budget is EUR 300,000.", Kind.CONSTRAINT),
        ("It must be live no later than 1 May 2027.", Kind.CONSTRAINT),
        ("Deadline: end of March", Kind.CONSTRAINT),
        ("Should the app work with SAP?", Kind.QUESTION),
        ("Retention period TBD", Kind.QUESTION),
        ("The chatbot is out of scope.", Kind.EXCLUDED),
        ("We sell bicycles in four countries.", Kind.NOTE),
        ("Attendees: Anna, who must leave early, and Bo", Kind.NOTE),
    ],
)
def test_a_statement_is_sorted_by_its_signals(text: str, kind: Kind) -> None:
    assert only(text)[0] is kind


def test_a_heading_says_what_stands_below_it() -> None:
    found = analyze("## Constraints\n\n- Two developers\n\n## Quality\n- Fast\n\nIntegrations\n--------\nKompass\n")
    assert texts(found, Kind.CONSTRAINT) == ["Two developers"]
    assert texts(found, Kind.NON_FUNCTIONAL) == ["Fast"]
    assert texts(found, Kind.INTEGRATION) == ["Kompass"]


def test_a_line_that_introduces_a_list_says_what_the_list_is() -> None:
    found = analyze("The portal must:\n- greet a customer\n- say goodbye\n\nWe talked for an hour.")
    assert texts(found, Kind.FUNCTIONAL) == ["greet a customer", "say goodbye"]
    assert texts(found, Kind.NOTE) == ["We talked for an hour."]


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
        "-",
        "  - ",
    ]
    notes = "\n".join(f"{marker}The app must do thing number {place}" for place, marker in enumerate(markers))
    items = analyze(notes).items[Kind.FUNCTIONAL]
    assert [item.text for item in items] == [f"The app must do thing number {place}" for place in range(len(markers))]
    assert [item.lines for item in items] == [(line,) for line in range(1, len(markers) + 1)]


def test_prose_that_was_wrapped_is_joined_and_split_into_sentences() -> None:
    found = analyze(
        "The customer service of the company must be able to find an order\n"
        "by its number. It must also find it by the customer's name, e.g. by\n"
        "Mr. Miller. We need version 2.5 of the export."
    )
    assert [(item.text, item.lines) for item in found.items[Kind.FUNCTIONAL]] == [
        ("The customer service of the company must be able to find an order by its number.", (1, 2)),
        ("It must also find it by the customer's name, e.g. by Mr. Miller.", (2, 3)),
        ("We need version 2.5 of the export.", (3,)),
    ]


def test_short_lines_without_punctuation_stay_apart() -> None:
    assert texts(analyze("users need reports\nusers need alerts\n"), Kind.FUNCTIONAL) == [
        "users need reports",
        "users need alerts",
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(newline: str) -> None:
    found = analyze(newline.join(["Hello", "", "- It must print", "", "- It must scan"]))
    assert [item.lines for item in found.items[Kind.FUNCTIONAL]] == [(3,), (5,)]


def test_a_transcript_loses_speakers_times_and_small_talk() -> None:
    found = analyze(read("transcript.txt"))
    assert texts(found, Kind.FUNCTIONAL) == [
        "The adjusters must see a claim's photos on one page.",
        "Żółć and ß must survive in every name.",
    ]
    assert texts(found, Kind.INTEGRATION) == ["We need single sign-on with Okta."]
    assert found.left_out == 3
    assert not any(name in item.text for item in everything(found) for name in ("Maren", "Lucía", "00:", "<v"))


def test_a_question_that_was_answered_is_context_and_one_put_off_stays_open() -> None:
    found = analyze(read("transcript.txt"))
    assert texts(found, Kind.QUESTION) == ["Who approves payments above the limit?"]
    assert "How many adjusters are there?" in texts(found, Kind.NOTE)


def test_markdown_of_every_kind_is_understood() -> None:
    found = analyze(read("notes.md"))
    assert texts(found, Kind.FUNCTIONAL) == [
        "We need a mobile app for field staff.",
        "Search for customers by name",
        "Export of reports to Excel",
        "Print a receipt",
        "Approve orders",
        "reject orders",
        "Users can upload documents - high",
    ]
    assert texts(found, Kind.NON_FUNCTIONAL) == ["It must work offline.", "99.9 % availability - medium"]
    assert texts(found, Kind.INTEGRATION) == ["Integrations: Salesforce, SAP"]
    assert texts(found, Kind.QUESTION) == ["Hosting in which region?", "Data retention TBD"]
    assert texts(found, Kind.EXCLUDED) == ["Native iOS app"]
    assert texts(found, Kind.CONSTRAINT) == [
        "The budget is EUR 200,000, e.g. from the 2027 plan, and the system has to go live before Christmas."
    ]


def test_what_is_said_twice_is_one_item_with_both_places() -> None:
    found = analyze("- It must print\n- It must scan\n- it MUST print.\n")
    assert [(item.text, item.lines) for item in found.items[Kind.FUNCTIONAL]] == [
        ("It must print", (1, 3)),
        ("It must scan", (2,)),
    ]


def test_a_label_is_a_speaker_only_when_it_comes_back_or_has_a_time_or_role() -> None:
    assert only("Reporting: we need it monthly")[1].text == "Reporting: we need it monthly"
    assert only("Anna (CFO): we need it monthly")[1].text == "we need it monthly"
    assert only("[10:02] Anna: we need it monthly")[1].text == "we need it monthly"
    assert texts(analyze("Anna: we need one\nAnna: we need two"), Kind.FUNCTIONAL) == ["we need one", "we need two"]


def test_the_sample_notes_exercise_every_kind_but_exclusions() -> None:
    found = analyze(NOTES)
    counts = {kind: found.count(kind) for kind in Kind if kind is not Kind.NOTE}
    assert counts == {
        Kind.FUNCTIONAL: 24,
        Kind.NON_FUNCTIONAL: 11,
        Kind.INTEGRATION: 11,
        Kind.CONSTRAINT: 7,
        Kind.EXCLUDED: 0,
        Kind.QUESTION: 7,
    }
    assert found.complexity.level == "High"
    assert found.left_out == 14


def test_one_line_of_fifty_thousand_characters_becomes_many_items() -> None:
    found = analyze("we need a report about every one of the many customers, " * 900)
    items = everything(found)
    assert sum(item.text.count("report") for item in items) >= 1
    assert all(len(item.text) <= 500 for item in items)
    assert all(item.lines == (1,) for item in items)


@pytest.mark.parametrize(
    "unit",
    [
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
    ],
)
def test_the_largest_brief_takes_linear_time(unit: str) -> None:
    """A quadratic step over 100,000 characters would take minutes."""
    began = time.perf_counter()
    analyze((unit * 100_000)[:100_000])
    assert time.perf_counter() - began < 10


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_analyzed_and_each_item_is_found_in_its_lines(notes: str) -> None:
    lines = NEWLINE.split(notes)
    for item in everything(analyze(notes)):
        assert letters(item.text) in letters("".join(lines[number - 1] for number in item.lines))


WRAPPED = "the long rest of a sentence that somebody wrapped at the margin\n"
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
        WRAPPED,
        "Thanks! ",
        "| a | b |\n",
        "|---|---|\n",
        "**bold** ",
        "> ",
        "a > b",
        "<v Bo>Hi</v>",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_is_mixed_each_item_is_found_in_its_lines_and_none_twice(notes: str) -> None:
    lines = NEWLINE.split(notes)
    items = everything(analyze(notes))
    for item in items:
        assert letters(item.text) in letters("".join(lines[number - 1] for number in item.lines))
    said = [" ".join(item.text.lower().split()) for item in items]
    assert len(said) == len(set(said))


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,9} must [a-z]{3,9} [a-z]{3,9}", fullmatch=True), unique=True, max_size=30))
def test_no_requirement_is_lost(wanted: Sequence[str]) -> None:
    for form in ("\n".join(f"- {text}" for text in wanted), " ".join(f"{text}." for text in wanted)):
        found = [letters(item.text) for item in everything(analyze(form))]
        assert all(any(letters(text) in item for item in found) for text in wanted)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_the_same_notes_give_the_same_requirements_also_through_json(notes: str) -> None:
    found = analyze(notes)
    assert analyze(notes) == found
    assert from_json(json.loads(json.dumps(found.as_json()))) == found


COUNTS = st.fixed_dictionaries({kind: st.integers(0, 60) for kind in Kind})


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_more_requirements_never_mean_less_complexity(some: dict[Kind, int], more: dict[Kind, int]) -> None:
    fewer = weigh(some, [])
    all_of_them = weigh({kind: some[kind] + more[kind] for kind in Kind}, [])
    names = [name for _, name in LEVELS]
    assert all_of_them.points >= fewer.points
    assert names.index(all_of_them.level) >= names.index(fewer.level)


def test_the_complexity_says_what_it_is_made_of() -> None:
    found = analyze("- We must migrate the old data\n- GDPR applies\n- Orders come from SAP\n")
    assert found.complexity.reasons == (
        "1 functional requirement (2 points)",
        "1 non-functional requirement (3 points)",
        "1 integration (5 points)",
        "regulation or audits (6 points)",
        "data migration (6 points)",
    )
    assert found.complexity.points == 22
    assert found.complexity.level == "Low"
