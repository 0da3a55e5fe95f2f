"""Requests for proposals, specifications and backlogs in forms that their writers use, read by rules.

The texts are invented. Each shows a form that documents of these kinds have, and that was once misread.
"""

import datetime as dt

import pytest

from worker.tools.analysis.analyzer import analyze
from worker.tools.requirements import Analysis, Kind, Priority, Requirement

TODAY = dt.date(2026, 11, 28)

STORIES = """\
# Backlog of the harbour

## Berths

**US-01** (Should) \u2014 *As a skipper, I want the harbour's map to mark
free berths, so I can plan where to spend the night.*
- **Given** a berth is let, **when** the map opens, **then** the berth is
  drawn in grey.
- **Given** the map is open, **when** a berth falls free, **then** it turns green.

**US-02** (Could) \u2014 *As Ingrid, I want to see which berths are quiet, so I can sleep.*
- **Given** the list of berths, **then** quiet ones carry a moon.

| ID | Story | Priority |
|---|---|---|
| US-11 | As the harbour master, I want the tides on the first page | Must |
| US-12 | As a guest, I want the harbour's rules in Danish | Won't (this year) |
"""

TENDER = """\
SECTION 1 - INSTRUCTIONS TO BIDDERS

1.1 Where to send bids
Bids must be sent to the mailbox of the port authority.
Requests for clarification may be sent until 6 February 2027.

1.2 Scope of Work
The contractor shall supply a register of moorings for some 900 boats, with a waiting list
and the migration of today's card index.

SECTION 2 - VENDOR DEMONSTRATION

2.1 The port authority reserves the right to see three products before it decides.
2.2 Demonstrations will be held in May 2027.

SECTION 3 - INFORMATION SECURITY

3.1 Every login shall be protected by a second factor.
3.2 The contractor shall report an intrusion within one day.

SECTION 4 - PRICES

4.1 Prices shall be stated on Form 3 as a firm fixed price for the initial two-year term.
4.2 Hourly rates must remain valid until the end of 2027.
"""

SPECIFICATION = """\
# Library of things

This specification describes the lending of tools.

## 1. Introduction
### 1.1 Scope
The system will:
- Offer a way to find tools
- Include a reservation

## 2. Overall Description
### 2.2 Product Functions
1. Finding: look for tools by their name.
2. Reserving: hold a tool for a day.

## 3. Functional Requirements
- FR 3.1: The system shall allow members to look for tools by their name.
- FR 4.1: The system shall allow members to hold a tool for one day.

## 4. Assumptions and Dependencies
- Members own a telephone.
- The system relies on the town's card service.
"""


def read(notes: str) -> Analysis:
    return analyze(notes, today=TODAY)


def of_kind(found: Analysis, kind: Kind) -> list[Requirement]:
    return [each for each in found.requirements if each.kind is kind]


def test_a_story_is_one_requirement_with_its_steps_and_its_priority() -> None:
    first, second, third = of_kind(read(STORIES), Kind.FUNCTIONAL)
    assert first.text == (
        "A skipper wants the harbour's map to mark free berths, so they can plan where to spend the night."
    )
    assert first.priority is Priority.SHOULD
    assert second.text == "Ingrid can see which berths are quiet, so they can sleep."
    assert second.priority is Priority.COULD
    assert third.lines == (16,)


def test_a_story_that_wont_be_done_this_year_is_out_of_scope() -> None:
    (left_out,) = of_kind(read(STORIES), Kind.OUT_OF_SCOPE)
    assert left_out.lines == (17,)


def test_a_priority_in_brackets_before_an_item_is_no_part_of_its_text() -> None:
    (found,) = of_kind(read("## Requirements\n- (Should) Export of orders to Excel\n"), Kind.FUNCTIONAL)
    assert (found.text, found.priority) == ("Export of orders to Excel", Priority.SHOULD)


def test_a_tender_asks_for_what_is_bought_and_not_for_what_bidders_do() -> None:
    found = read(TENDER)
    assert {line for each in found.requirements for line in each.lines} == {8, 9, 18, 19}
    assert [each.lines for each in of_kind(found, Kind.FUNCTIONAL)][:1] == [(8, 9)]
    assert found.facts.duration is None


def test_a_heading_in_capitals_names_its_work_package_in_small_letters() -> None:
    (register, *secure) = (each for each in read(TENDER).requirements if each.work_package)
    assert {each.work_package for each in secure} <= {"Information security", "Quality and operation"}
    assert not (register.work_package or "").isupper()


def test_a_specification_counts_each_function_once() -> None:
    found = read(SPECIFICATION)
    assert [each.lines for each in found.requirements] == [(17,), (18,)]


@pytest.mark.parametrize("title", ["Scope", "Product functions"])
def test_a_summary_asks_where_nothing_is_specified_one_by_one(title: str) -> None:
    found = read(f"# Library of things\n\n## {title}\n- Look for tools by their name\n- Payment of fines by card\n")
    assert len(of_kind(found, Kind.FUNCTIONAL)) == 2


TEMPLATED = """\
# Requirements

### Requirement 1: Check-in

**User Story:** As a visitor, I want to check in at a kiosk, so that everything is quick.

#### Acceptance Criteria

1. WHEN a visitor scans a valid code THEN the kiosk SHALL print a badge within 5 seconds
2. IF the code is not valid THEN the kiosk SHALL call the reception

### Requirement 2: Data protection

1. THE system SHALL delete the data of visitors after 90 days
"""


def test_criteria_by_templates_belong_to_their_story_unless_they_say_how_fast() -> None:
    found = read(TEMPLATED)
    assert {each.lines: each.kind for each in found.requirements if each.lines[0] < 12} == {
        (3, 5): Kind.FUNCTIONAL,
        (9,): Kind.NON_FUNCTIONAL,
    }


def test_the_capitals_of_a_template_are_not_told() -> None:
    texts = [each.text for each in read(TEMPLATED).requirements]
    assert "When a visitor scans a valid code then the kiosk shall print a badge within 5 seconds" in texts
    assert "The system shall delete the data of visitors after 90 days" in texts


@pytest.mark.parametrize(
    "story",
    [
        "As a host, I want to register visitors, so that check-in is quick and secure.",
        "Als Gastgeber möchte ich Besucher anmelden, damit der Empfang schnell und sicher ist.",
        "En tant qu'hôte, je veux annoncer mes visiteurs afin que l'accueil soit rapide et sécurisé.",
    ],
)
def test_what_a_story_is_good_for_does_not_decide_its_kind(story: str) -> None:
    (found,) = (each for each in read(f"- {story}\n").requirements if each.lines)
    assert found.kind is Kind.FUNCTIONAL


def test_a_numbered_heading_is_known_by_those_before_it() -> None:
    notes = (
        "1. Welcome\nAnna welcomes everybody.\n\n2. Requirements\n- Drivers must report damage\n\n"
        "3. Timing / money\nReady by 30 June 2027. Budget: EUR 180,000.\n\n4. Decided\n- Hosting in Azure\n"
    )
    texts = [each.text for each in read(notes).requirements]
    assert "Drivers must report damage" in texts
    assert not {"Timing / money", "Decided"} & set(texts)


LASTENHEFT = """\
Lastenheft: Digitale Auftragsabwicklung

3 Funktionale Anforderungen
3.1 Auftragserfassung
/LF10/ Der Vertrieb kann Aufträge mit Zeichnungen (PDF, DXF) und Lieferterminen erfassen.
/LF20/ Werker melden Arbeitsgänge am Terminal an und ab, per Barcode.
/LF30/ Wünschenswert wäre eine Anzeige der nächsten fünf Aufträge.

7 Rahmenbedingungen
Budget: max. 120.000 € netto. Produktivstart spätestens 1.9.2027. Die Daten der alten
Datenbank sind zu übernehmen.
"""


def test_a_german_specification_is_read_with_its_ids() -> None:
    found = read(LASTENHEFT)
    assert [(each.lines, each.priority) for each in of_kind(found, Kind.FUNCTIONAL)] == [
        ((5,), Priority.MUST),
        ((6,), Priority.MUST),
        ((7,), Priority.COULD),
        ((10, 11), Priority.MUST),
    ]
    assert of_kind(found, Kind.FUNCTIONAL)[0].text.startswith("Der Vertrieb kann")
    assert [each.lines for each in of_kind(found, Kind.CONSTRAINT)] == [(10,), (10,)]


@pytest.mark.parametrize(
    "said",
    [
        "Pas de paiement en ligne pour l'instant.",
        "Vorerst keine Zahlung im Portal.",
        "Die Anbindung der Maschinen erfolgt frühestens 2029.",
        "Na razie bez płatności w portalu.",
    ],
)
def test_what_is_not_wanted_for_now_is_out_of_scope(said: str) -> None:
    (found,) = (each for each in read(f"{said}\n").requirements if each.lines)
    assert found.kind is Kind.OUT_OF_SCOPE


def test_a_french_wish_keeps_its_sentence() -> None:
    (found,) = of_kind(read("On aimerait aussi qu'ils reçoivent une notification par SMS.\n"), Kind.FUNCTIONAL)
    assert found.text == "On aimerait aussi qu'ils reçoivent une notification par SMS."
    assert found.priority is Priority.SHOULD


@pytest.mark.parametrize(
    "said",
    [
        "We willen dat verenigingen zelf zalen kunnen reserveren.",
        "Wir möchten, dass Kunden online buchen können.",
        "Queremos que los clientes puedan reservar en línea.",
        "Vogliamo che i clienti possano prenotare online.",
    ],
)
def test_a_clause_that_is_no_sentence_of_its_own_keeps_what_stands_before_it(said: str) -> None:
    notes = f"{said}\n"
    (found,) = of_kind(read(notes), Kind.FUNCTIONAL)
    assert found.text == said


@pytest.mark.parametrize(
    "said", ["Há 28.000 euros disponíveis, IVA não incluído.", "Nous avons 45 000 euros, TVA non comprise."]
)
def test_a_tax_that_is_not_included_excludes_nothing(said: str) -> None:
    assert not of_kind(read(f"{said}\n"), Kind.OUT_OF_SCOPE)
