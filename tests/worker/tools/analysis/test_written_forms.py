"""Written forms: tenders, specifications, minutes, backlogs and slides, as small inputs with the right reading."""

import datetime as dt

import pytest

from worker.tools.analysis.analyzer import analyze
from worker.tools.requirements import Kind, Priority, Requirement, Size

TODAY = dt.date(2026, 11, 28)


def stated(notes: str) -> list[Requirement]:
    return [each for each in analyze(notes, today=TODAY).requirements if each.lines]


def found(notes: str) -> list[tuple[Kind, str]]:
    return [(each.kind, each.text) for each in stated(notes)]


FUNCTIONAL, QUALITY, LINK = Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION
LIMIT, OUT, OPEN = Kind.CONSTRAINT, Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (
            """\
## Registration
FR-01 The clerk shall register a sample. It gets a number.
FR-02 The system shall print a label.
FR-03 (deleted)
""",
            [
                (FUNCTIONAL, "The clerk shall register a sample. It gets a number."),
                (FUNCTIONAL, "The system shall print a label."),
            ],
        ),
        (
            "## External interfaces\nIF-01 ERP (Visma): reports trigger an invoice.\nIF-02 Portal: reports via REST.",
            [(LINK, "ERP (Visma): reports trigger an invoice."), (LINK, "Portal: reports via REST.")],
        ),
        (
            """\
5. DECISIONS
   D1  Data stays within the EU
   D2  Old claims will not be migrated
   D3  Staff get a day of training
""",
            [
                (LIMIT, "Data stays within the EU"),
                (OUT, "Old claims will not be migrated"),
                (FUNCTIONAL, "Staff get a day of training"),
            ],
        ),
        (
            """\
B1 Bookings

B1.1 The system must show free rooms.
B1.2 The system should hold a room for a day.

B2 Invoices

B2.1 Invoices must be sent monthly.
""",
            [
                (FUNCTIONAL, "The system must show free rooms."),
                (FUNCTIONAL, "The system should hold a room for a day."),
                (FUNCTIONAL, "Invoices must be sent monthly."),
            ],
        ),
    ],
    ids=["plain lines", "interfaces", "letters", "lettered numbers"],
)
def test_a_line_that_begins_with_an_id_is_one_requirement(notes: str, expected: list[tuple[Kind, str]]) -> None:
    assert found(notes) == expected


def test_short_lines_numbered_in_turn_are_chapters() -> None:
    notes = (
        "1. Background and context\nEach partner keeps its own lists.\n\n2. Scope of work\nThe consultant shall build a"
        " register of households.\n\n3. Qualifications of the consultant\n- Seven years of experience\n\n"
        "4. Application procedure\nSend your offer by e-mail.\n"
    )
    assert found(notes) == [(FUNCTIONAL, "The consultant shall build a register of households.")]


def test_a_list_numbered_in_turn_stays_a_list() -> None:
    notes = "## Requirements\n\n1. Upload of photos\n\n2. Search by name\n\n3. Export to Excel\n"
    assert [text for _, text in found(notes)] == ["Upload of photos", "Search by name", "Export to Excel"]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Non-functional topics", QUALITY),
        ("Matters not yet settled", OPEN),
        ("Points still to be resolved", OPEN),
        ("Release 2 (not part of this order)", OUT),
        ("Out", OUT),
        ("Performance and availability", QUALITY),
    ],
)
def test_a_heading_has_its_role_with_other_words_beside(heading: str, kind: Kind) -> None:
    assert [each.kind for each in stated(f"# Notes\n## {heading}\n- Boats of the harbour police\n")] == [kind]


@pytest.mark.parametrize(
    "notes",
    [
        "The City invites proposals from firms able to supply and support a ledger.",
        "This tender does not oblige the Council to award anything.",
        "Tenderers must hold ISO 27001 certification.",
        "The County will provide a project lead two days a week.",
        '"Must" marks a mandatory requirement.',
        "Prices shall be stated net in EUR.",
        "## Requirements\nRespond to each requirement with yes or no.",
        "## Qualifications of the supplier\n- Seven years of experience",
        "## Definition of done\n- Tests green",
        "## Assumptions and dependencies\n- Printers are bought by us",
        "## User classes\n- Sampler: takes samples in the field",
        "## ATTACHMENT A - AFFIDAVIT\nThe undersigned certifies that this offer was made without collusion.",
        "# Decisions\n- Weekly status call on Tuesdays at 10",
    ],
)
def test_what_a_document_says_of_itself_asks_for_nothing(notes: str) -> None:
    assert not found(notes)


def test_the_supplier_is_no_person_with_a_task() -> None:
    assert found("## Training\nVendor will provide on-site training for 50 editors.") == [
        (FUNCTIONAL, "Vendor will provide on-site training for 50 editors.")
    ]


def test_a_list_that_repeats_what_stands_above_adds_nothing() -> None:
    notes = (
        "# Wishes\n- Photos can be attached to a fault\n# End\nNothing new, the best from above:\n- photos\n- faults"
    )
    assert found(notes) == [(FUNCTIONAL, "Photos can be attached to a fault")]


def test_the_same_words_of_two_things_are_two_requirements() -> None:
    notes = (
        "# Requirements\n- Clerks search orders by day, name and town\n- Clerks search invoices by day, name and town"
    )
    assert len(found(notes)) == 2


def test_an_item_that_demands_and_excludes_is_both() -> None:
    assert found("# Decisions\n- No native app. The web pages must work on a phone.") == [
        (QUALITY, "The web pages must work on a phone."),
        (OUT, "No native app."),
    ]


def test_the_marks_in_a_title_say_priority_size_and_state() -> None:
    notes = (
        "### PW-1 Calculator (P2, L)\nAs an employee I want to see the monthly rate.\n"
        "### PW-2 Wish list (P3, S) - WON'T DO, see minutes\nAs an employee I want to save bikes.\n"
        "### PW-3 SPIKE: residual values\nFind out whether prices of dealers can be used.\n"
        "### PW-4 BUG: old portal shows net\nFixed in 4.12.\n"
        "### PW-5 Background check\nAs a clerk I want to see the check.\n"
    )
    kept = stated(notes)
    assert [each.kind for each in kept] == [FUNCTIONAL, OUT, OPEN, FUNCTIONAL]
    assert (kept[0].priority, kept[0].size) == (Priority.SHOULD, Size.L)


def test_acceptance_criteria_belong_to_their_story_unless_they_are_measured() -> None:
    notes = (
        "### PW-1 Quote (P1)\nAs a dealer I create a quote.\nAC:\n1. quote expires after 14 days\n2. buyer accepts it\n"
        "### PW-2 Dashboard (P1)\nRunning leases and monthly cost.\nAC: figures not older than one hour\n"
    )
    assert [each.kind for each in stated(notes)] == [FUNCTIONAL, QUALITY, FUNCTIONAL]


def test_a_story_on_three_lines_is_one() -> None:
    notes = (
        "# Release 1\n\n**Story 1: Photo**\nAs a volunteer\nI want to upload a photo\nSo that Bo knows me\n\n"
        "Acceptance criteria\n* E-mail must be confirmed\n\nPriority: Low\nEstimate: 1\n"
    )
    [story] = stated(notes)
    assert (story.kind, story.priority, story.size) == (FUNCTIONAL, Priority.COULD, Size.S)
    assert {3, 4, 5, 6} <= set(story.lines)


def test_a_block_of_labels_is_one_requirement_of_its_kind() -> None:
    block = "ID: R-{0}\nName: Thing {0}\nType: {1}\nPriority: {2}\nDescription: {3}\nSource: Workshop\n"
    notes = "\n".join(
        [
            block.format(1, "Functional", "Must", "A courier scans the parcel and the locker opens."),
            block.format(2, "Quality", "Should", "The locker works for four hours without mains power."),
            block.format(3, "Interface", "Must", "Couriers receive the status of each parcel."),
            block.format(4, "Functional", "Won't", "Show adverts on the display."),
            block.format(5, "Constraint", "Must", "Servers are located in Austria."),
        ]
    )
    assert [each.kind for each in stated(notes)] == [FUNCTIONAL, QUALITY, LINK, OUT, LIMIT]


def test_the_columns_of_a_matrix_of_requirements_are_known() -> None:
    notes = (
        "| Req. # | Area | Requirement | M/D | Vendor response |\n|---|---|---|---|---|\n"
        "| 1.01 | Access | 99.8% availability | M | |\n| 1.02 | Access | Members join a waiting list | D | |\n"
    )
    assert found(notes) == [(QUALITY, "99.8% availability"), (FUNCTIONAL, "Members join a waiting list")]
    assert [each.priority for each in stated(notes)] == [Priority.MUST, Priority.SHOULD]


def test_an_open_point_whose_status_is_closed_is_settled() -> None:
    notes = "## Open issues\n| # | Issue | Status |\n|--|--|--|\n| 1 | Which label size? | closed: 50 x 25 |\n"
    assert not found(notes + "| 2 | Whose stamp? | open |\n")[1:]


def test_the_title_after_a_slide_mark_is_a_heading() -> None:
    notes = (
        "Slide 1\nPortal 2.0\n\nSlide 2\nWhy a new portal?\n- Complaints have doubled\n\nSlide 3\nInterfaces\n"
        "- SAP: bills\n\nSlide 4\nNumbers\n- Pages must load in 1.5 s\n"
    )
    assert found(notes) == [(LINK, "SAP: bills"), (QUALITY, "Pages must load in 1.5 s")]


def test_the_foot_of_a_page_with_its_number_is_no_text() -> None:
    foot = "City Theatre Brenford - Functional Specification   Page {} of 3\n\n"
    notes = "".join(f"The till shall print {thing}.\n\n{foot.format(page)}" for page, thing in enumerate("abc", 1))
    assert [text for _, text in found(notes)] == [f"The till shall print {thing}." for thing in "abc"]


def test_lines_without_marks_and_stops_below_a_heading_are_items() -> None:
    notes = (
        "Visit\n\nORDER DESK\nMilo keys everything by hand.\nWants:\nback orders shown to the customer\n"
        "phone orders entered on the same screen\n\nWAREHOUSE\nPaper lists today.\nWants:\npick with a scanner\n"
        "counts without closing\n"
    )
    assert [text for _, text in found(notes)] == [
        "Back orders shown to the customer",
        "Phone orders entered on the same screen",
        "Pick with a scanner",
        "Counts without closing",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The clerk shall be able to register a sample at the desk.", FUNCTIONAL),
        ("The chart of accounts must have at least eight segments.", FUNCTIONAL),
        ("A booking must not be confirmed until the forms are there.", FUNCTIONAL),
        ("Donors may cancel their slot up to 2 hours before.", FUNCTIONAL),
        ("Salary figures are never stored, and leases are deleted after 10 years.", QUALITY),
        ("Only open source components may be used.", LIMIT),
        ("Customer data (approx. 96,000 records) shall be migrated.", FUNCTIONAL),
        ("Occupancy per performance shall be available on a dashboard.", FUNCTIONAL),
    ],
)
def test_words_of_another_kind_do_not_mislead(text: str, kind: Kind) -> None:
    assert [each.kind for each in stated(f"# Requirements\n- {text}\n")] == [kind]


def test_the_product_named_by_its_demands_is_no_other_system() -> None:
    notes = "## Scope\nLabTrack replaces the paper lists. LabTrack must print labels. LabTrack must find samples."
    assert LINK not in [kind for kind, _ in found(notes)]


def test_that_question_is_the_one_that_was_quoted() -> None:
    notes = 'Most callers ask "where is my shipment". The portal must let customers answer that question by themselves.'
    assert stated(notes)[-1].text == "The portal must let customers answer “where is my shipment” by themselves."


def test_what_the_client_says_we_should_build_is_not_for_the_client_to_do() -> None:
    assert found("Anna: We should migrate the open claims.\nBo: Yes.\nAnna: Thanks.\nBo: Bye.")[0] == (
        FUNCTIONAL,
        "Migrate the open claims.",
    )


@pytest.mark.parametrize(
    ("heading", "package"),
    [
        ("Task 2: Returns desk", "Returns desk"),
        ("ORDER DESK", "Order desk"),
        ("What the people at the returns desk told us", None),
        ("REQUEST FOR PROPOSALS NO. 26-041", None),
    ],
)
def test_a_package_has_a_short_name(heading: str, package: str | None) -> None:
    notes = f"# Notes\n\n## {heading}\n- Parcels shall be weighed\n- Parcels shall be stored\n"
    expected = {package} if package else {"Core functions"}
    assert {each.work_package for each in stated(notes)} == expected


def test_minutes_by_item_keep_decisions_and_demands_and_drop_actions() -> None:
    notes = (
        "Item 1: Forms\nDiscussion: Reception types four paper forms into the old system at every visit of a patient.\n"
        "Decision: Patients complete the forms at home. WhatsApp is not wanted.\nAction: JT to collect all forms.\n\n"
        "Item 2: Consent\nDiscussion: Consent forms need a signature with a finger.\nDecision: Agreed.\n"
    )
    assert found(notes) == [
        (FUNCTIONAL, "Patients complete the forms at home."),
        (OUT, "WhatsApp is not wanted."),
        (FUNCTIONAL, "Consent forms need a signature with a finger."),
    ]


def test_only_the_sentence_that_states_a_fact_is_one() -> None:
    notes = (
        "# Plan\nThe supplier will import 40 lists and train staff. The system must go live before 1 April 2027, when"
        " invoices are sent.\n"
    )
    assert [each.kind for each in stated(notes)] == [FUNCTIONAL, LIMIT]


def test_steps_of_a_tender_are_no_questions() -> None:
    assert not found("## Timeline\n- Questions: until 15 Dec 2026\n- Offers: 18 Jan 2027\n- Award: March 2027")


def test_the_cards_of_a_board_are_requirements_of_their_column() -> None:
    notes = (
        "Trello board: Clinic app\n\nList: Must do for launch\nCard: Owners book appointments\n  - pick a vet\n"
        "  - two bookings at most\nCard: Pay invoices by card\n\nList: Not doing\nCard: Online shop\n\n"
        "List: Questions\nCard: Who answers at night?\n\nList: Done\nCard: Interview with reception\n"
    )
    assert found(notes) == [
        (FUNCTIONAL, "Owners book appointments"),
        (FUNCTIONAL, "Pay invoices by card"),
        (OUT, "Online shop"),
        (OPEN, "Who answers at night?"),
    ]


@pytest.mark.parametrize("heading", ["Not for us", "What it is not", "Not doing", "Nothing on this"])
def test_a_heading_that_says_no_excludes(heading: str) -> None:
    assert [each.kind for each in stated(f"# Notes\n## {heading}\n- Loyalty cards\n")][:1] != [FUNCTIONAL]


@pytest.mark.parametrize("heading", ["Bidders", "How offers will be compared", "To do", "Who does what"])
def test_the_parts_of_a_tender_and_tasks_are_silent(heading: str) -> None:
    assert not found(f"# Notes\n## {heading}\n- Keith: sample file to Alix by Friday\n")


def test_an_assessment_is_silent_in_a_tender_and_a_function_elsewhere() -> None:
    section = "## {}\n- Price counts half of the points\n- Concept counts the rest\n"
    tender = "# Call\nBidders send bids by post. Late bids are not opened.\nEach bid has two parts.\nBids are public.\n"
    assert not found(tender + section.format("Assessment"))
    assert found("# Care system\n" + section.format("Assessment"))


def test_a_slanted_line_is_text_and_no_item() -> None:
    assert not found("# Page\n*Space: Collections / Owner: Hettie / status DRAFT*\n")


def test_chapters_may_have_a_bracket_after_their_number() -> None:
    notes = (
        "1) Last time\nLina has the list of allergies.\n\n2) Wishes\n- parents cancel a day\n- menus are printed\n\n"
        "3) Not clear\n- what about pupils who change diet?\n\n4) Who does what\nLina: list to Rob.\n"
    )
    assert [each.kind for each in stated(notes)] == [FUNCTIONAL, FUNCTIONAL, OPEN]


def test_a_number_of_days_in_a_requirement_is_no_duration_of_the_project() -> None:
    notes = "## Requirements\n- Certificates that run out within 60 days are highlighted\n"
    assert [each.kind for each in stated(notes)] == [FUNCTIONAL]
