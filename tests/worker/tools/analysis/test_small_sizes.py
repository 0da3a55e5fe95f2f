"""Small inputs with the size that a consultant gives them, each written before the rules were."""

import datetime as dt

import pytest

from worker.tools.analysis.analyzer import analyze
from worker.tools.requirements import BUILT, Requirement, Size

TODAY = dt.date(2026, 11, 28)


def sized(notes: str) -> Requirement:
    (one,) = [each for each in analyze(notes, today=TODAY).requirements if each.kind in BUILT]
    return one


@pytest.mark.parametrize(
    ("line", "size"),
    [
        ("Users can download the invoice as a PDF", Size.S),
        ("Add the field cost centre to the order form", Size.S),
        ("Members get an e-mail reminder a day before the course", Size.S),
        ("A static page with the opening hours", Size.S),
        ("Log files must be deleted after 90 days", Size.S),
        ("Nutzer können die Liste nach Datum sortieren", Size.S),
        ("Le client reçoit un rappel par courriel", Size.S),
        ("Users can search for a course", Size.M),
        ("Customers can change their delivery address", Size.M),
        ("Orders are sent to the ERP", Size.M),
        ("Training for 12 key users", Size.M),
        ("Los socios pueden cambiar su reserva", Size.M),
        ("Customers can buy and pay for tickets online", Size.L),
        ("Migrate the customers of the old shop", Size.L),
        ("The app works offline and synchronises later", Size.L),
        ("Purchase requests go through an approval workflow with three roles", Size.L),
        ("Interfaces to SAP, Salesforce and DATEV", Size.L),
        ("The portal must handle 5,000 concurrent users", Size.L),
        ("The shop is available in five languages", Size.L),
        ("Die Einsatzplanung optimiert die Routen der Fahrer", Size.L),
        ("Das System muss zu 99,95 % verfügbar sein", Size.L),
        ("Replacement of the ERP system", Size.XL),
        ("Migrate 20 years of records, 1.2 million documents in all", Size.XL),
        ("12 interfaces to other systems", Size.XL),
        ("Demand is forecast by machine learning", Size.XL),
        ("Drei Jahre Wartung und Betrieb der Anwendung", Size.XL),
        ("Reprise de 400 000 dossiers de l'ancien logiciel, avec leurs pièces, courriers et paiements", Size.XL),
    ],
)
def test_a_line_has_the_size_that_a_consultant_gives_it(line: str, size: Size) -> None:
    requirement = sized(f"## Requirements\n- {line}")
    assert requirement.size is size, requirement.size_reason


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Customers can pay by card", "pay by card"),
        ("The shop is available in five languages", "five languages"),
        ("Interfaces to SAP, Salesforce and DATEV", "SAP, Salesforce and DATEV"),
        ("Users can download the invoice", "download"),
        ("Migrate 40,000 customers", "40,000 customers"),
    ],
)
def test_the_reason_names_the_words_that_decided(line: str, words: str) -> None:
    assert f"{words}\u201d" in sized(f"## Requirements\n- {line}").size_reason


@pytest.mark.parametrize("kind", ["Requirements", "Interfaces", "Non-functional requirements"])
@pytest.mark.parametrize("more", [" in real time", " in four languages", " for 20,000 records", " with approval"])
def test_a_harder_line_is_never_smaller(kind: str, more: str) -> None:
    plain, harder = (sized(f"## {kind}\n- The portal shows tickets of the desk{extra}") for extra in ("", more))
    assert plain.size
    assert harder.size
    assert list(Size).index(harder.size) >= list(Size).index(plain.size)


def test_the_number_of_details_counts() -> None:
    def with_details(count: int) -> Size | None:
        details = "".join(f"\n  - the value of case number {place}" for place in range(count))
        return sized(f"## Requirements\n- Users can check a contract{details}").size

    assert [with_details(count) for count in (0, 6, 12)] == [Size.M, Size.L, Size.XL]


def test_points_of_the_notes_count_before_all_words() -> None:
    notes = "Key,Summary,Type,Story points\nA-1,Migrate all customers,Story,2\nA-2,Export the list,Story,13"
    found = [each.size for each in analyze(notes, today=TODAY).requirements]
    assert found == [Size.S, Size.XL]


def test_a_product_of_its_own_is_larger_than_the_largest_size_and_warns() -> None:
    analysis = analyze("## Requirements\n- Replacement of the ERP system\n- Users can print a label", today=TODAY)
    (warning,) = [each for each in analysis.warnings if "largest size" in each]
    assert warning.startswith("FR-1 is more work than the largest size stands for (a product of its own: ")
