"""Small inputs with the facts that a careful consultant takes from them, each written before the rules were."""

import datetime as dt
from decimal import Decimal

import pytest

from worker.tools.analysis.analyzer import analyze
from worker.tools.facts import Facts
from worker.tools.requirements import Kind

TODAY = dt.date(2026, 11, 28)


def facts(notes: str) -> Facts:
    return analyze(notes, today=TODAY).facts


def days(notes: str) -> list[str]:
    return [deadline.date.isoformat() for deadline in facts(notes).deadlines]


def questions(notes: str) -> list[str]:
    return [each.text for each in analyze(notes, today=TODAY).requirements if each.kind is Kind.OPEN_QUESTION]


@pytest.mark.parametrize(
    ("notes", "amount", "currency"),
    [
        ("We run 40 dairy farms in New Zealand.\nThe budget is 260,000 dollars.", 260_000, "NZD"),
        (
            "They signed off 90,000. New Zealand dollars, obviously.\nThe budget is $90,000, no GST in it.",
            90_000,
            "NZD",
        ),
        ("Our clinics are in Melbourne and Brisbane.\nBudget: $450,000", 450_000, "AUD"),
        ("A Canadian grocer wants a shop.\nBudget: $1.2 million", 1_200_000, "CAD"),
        ("Our office in Toronto needs a new intranet.\nBudget: $80k", 80_000, "CAD"),
        ("Our two hotels stand in Singapore.\nBudget: $300,000", 300_000, "SGD"),
        ("Our shops are in Chicago and in Toronto.\nBudget: $300,000", 300_000, "USD"),
        ("Our shops are in Denver.\nBudget: $300,000", 300_000, "USD"),
        (
            "We export to Canada.\nOur mills are in Germany. Germany is where we sell most.\nBudget: $300,000",
            300_000,
            "USD",
        ),
        ("Notre siège est à Montréal, au Canada.\nBudget : 250 000 dollars", 250_000, "CAD"),
        ("Wir sitzen in Sydney, Australien.\nDas Budget beträgt 120.000 Dollar.", 120_000, "AUD"),
        ("Nuestra oficina está en Singapur.\nEl presupuesto es de 90.000 dólares.", 90_000, "SGD"),
        ("| What | Why |\n|--|--|\n| 520,000 euros, tablets included | signed by the owner |", 520_000, "EUR"),
        ("El presupuesto máximo es de 85.000 euros sin IVA.", 85_000, "EUR"),
        ("We have $120k set aside for this. Our office is in Wellington, New Zealand.", 120_000, "NZD"),
        ("We can spend between 40 and 60 thousand euros.", 60_000, "EUR"),
        ("Für das Projekt stehen 150 TEUR zur Verfügung.", 150_000, "EUR"),
        ("The commissioners approved a hundred and twenty thousand dollars for it.", 120_000, "USD"),
        ("Budget approved: 180 k€ for the year, hosting extra.", 180_000, "EUR"),
        ("Budget: 1.2 M€", 1_200_000, "EUR"),
        ("Disponemos de 30.000 € para todo el proyecto.", 30_000, "EUR"),
        ("Our annual IT budget is €2 million; the portal gets €180,000 of it.", 180_000, "EUR"),
        ("Anna: What's the budget?\nBen: Around two hundred thousand, pounds.", 200_000, "GBP"),
        ("Budget approx. 25k EUR\n- The portal must print labels", 25_000, "EUR"),
    ],
)
def test_a_budget_has_the_currency_of_the_country_that_the_notes_are_about(
    notes: str, amount: int, currency: str
) -> None:
    budget = facts(notes).budget
    assert budget is not None
    assert (budget.amount, budget.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "notes",
    [
        "Revenue was $4,000,000 in the last fiscal year.",
        "Last year we spent $200,000 on the old website.",
        "Our competitor had a portal built for 300,000 euros in total.",
        "Another agency quoted us £90,000 for everything.",
        "In 2024 the predecessor project cost 1.2 million euros all in.",
        "Letztes Jahr haben wir 200.000 Euro für die alte Seite ausgegeben.",
        "Ein Mitbewerber hat insgesamt 300.000 Euro dafür bezahlt.",
        "Un concurrent a payé 150 000 euros au total pour le sien.",
        "El año pasado gastamos 60.000 euros en total en la web antigua.",
        "Our competition sells such a system at a price of $75,000.",
    ],
)
def test_money_that_is_not_this_projects_is_no_budget(notes: str) -> None:
    assert facts(f"{notes}\n- The portal must print labels").budget is None


def test_the_budget_counts_beside_a_competitors_price() -> None:
    notes = "Another agency quoted us $140,000. Our budget is $95,000."
    budget = facts(notes).budget
    assert budget is not None
    assert budget.amount == 95_000


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("The portal must go live by 1 March.", ["2027-03-01"]),
        ("Minutes of 12 January 2026\n\nThe portal must go live by 20 December.", ["2026-12-20"]),
        ("Minutes of 12 January 2026\n\nThe portal must go live by 1 March.", []),
        ("The new shop has to be online before Christmas.", ["2026-12-24"]),
        ("The new shop has to be online before Christmas 2027.", ["2027-12-24"]),
        ("It must be finished by the end of Q3.", ["2027-09-30"]),
        ("Go-live in Q1.", ["2027-03-31"]),
        ("The portal has to be live by the end of the year.", ["2026-12-31"]),
        ("The portal has to be live by the end of next year.", ["2027-12-31"]),
        ("The app must be ready before Easter.", ["2027-03-25"]),
        ("Der Shop muss vor Weihnachten online sein.", ["2026-12-24"]),
        ("Das Portal muss bis Ende Q3 live sein.", ["2027-09-30"]),
        ("Le site doit être en ligne avant Noël.", ["2026-12-24"]),
        ("La tienda debe estar en marcha antes de Navidad.", ["2026-12-24"]),
        ("Le portail doit être en service au plus tard fin mars.", ["2027-03-31"]),
        ("Lotte: When do you need it?\nHemi: Calving. First of August 2027, first milk's flowing.", ["2027-08-01"]),
        ("Tariffs change on 1 April each year and must be entered by the office.", []),
        ("Die Tarife müssen jedes Jahr zum 1. April neu eingegeben werden.", []),
        ("The line stops from 26 July to 15 August 2027.\nIt must be live by 16 August 2027.", ["2027-08-16"]),
        ("Der Vertrag läuft zum 31.03.2028 aus; bis dahin muss das neue System laufen.", ["2028-03-31"]),
        ("Wir brauchen das Portal, und es muss Etiketten drucken.\nLivegang: Q2 2027", ["2027-06-30"]),
        ("Go-live: 1 May 2027\n- The portal must print labels", ["2027-05-01"]),
        ("The deadline was 1 May 2026 and we missed it. New date: 1 May 2027.", ["2027-05-01"]),
        ("It must be live by June.", ["2027-06-30"]),
        ("It must be live, may be in June, and may be later.", []),
        ("The library must lend more books in May.", []),
    ],
)
def test_a_deadline_is_the_day_that_a_careful_reader_takes(notes: str, expected: list[str]) -> None:
    assert days(f"{notes}\n- The portal must print labels") == expected


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ("The portal must be live by the summer.", "by the summer"),
        ("The portal must be live before the season.", "before the season"),
        ("Das Portal muss bis zum Sommer live sein.", "bis zum sommer"),
        ("Le portail doit être en ligne avant l'été.", "avant l'été"),
        ("El portal debe estar en marcha antes del verano.", "antes del verano"),
        ("It must go live as soon as possible.", "as soon as possible"),
        ("The site should launch in spring 2027.", "in spring 2027"),
        ("Kick-off is planned for mid January; launch before the summer holidays.", "before the summer holidays"),
    ],
)
def test_a_deadline_that_names_no_day_is_asked_about(notes: str, words: str) -> None:
    assert not days(notes)
    (question,) = [each for each in questions(f"{notes}\n- The portal must print labels") if words in each.lower()]
    assert question.endswith("?")


@pytest.mark.parametrize(
    "notes",
    [
        "Guests book more rooms before the summer.",
        "The portal must be live by 1 June 2027, before the summer.",
        "A nurse must answer as soon as possible.",
    ],
)
def test_a_season_that_is_no_deadline_is_not_asked_about(notes: str) -> None:
    assert not [each for each in questions(f"{notes}\n- The portal must print labels") if "Which day" in each]


@pytest.mark.parametrize(
    ("notes", "weeks"),
    [
        ("1,150 requests a year come in today.\nThe project takes ten months.", 43),
        ("In use by 1 April 2028, before the season begins. Twelve months of work are expected.", 52),
        ("Wir bearbeiten 300 Anträge im Jahr.\nDie Umsetzung dauert 8 Monate.", 35),
    ],
)
def test_a_rate_is_no_duration(notes: str, weeks: int) -> None:
    duration = facts(notes).duration
    assert duration is not None
    assert duration.weeks == weeks


@pytest.mark.parametrize(
    ("notes", "codes"),
    [
        ("Miriam: Which languages?\nGraham: English is fine for everybody.", ("en",)),
        ("## Requirements\n- Swedish in the office, English towards agents.", ("sv", "en")),
        ("The letters are available in English and in Scottish Gaelic.", ("en", "gd")),
        ("Die Oberfläche gibt es auf Deutsch und Luxemburgisch.", ("de", "lb")),
        ("Le site est multilingue (FR/NL/EN).", ("fr", "nl", "en")),
    ],
)
def test_the_languages_of_the_solution_are_all_that_are_named(notes: str, codes: tuple[str, ...]) -> None:
    languages = facts(notes).languages
    assert languages is not None
    assert set(languages.codes) == set(codes)


def test_a_dutch_team_is_counted_as_people_say_it() -> None:
    team = facts(
        "De bouw duurt 5 à 6 maanden, met een man of zes. Het portaal moet ook in het Engels werken."
    ).team_size
    assert team is not None
    assert team.people == 6


def test_a_day_whose_year_is_not_stated_says_so() -> None:
    (deadline,) = facts("The portal must go live by 1 March.").deadlines
    assert deadline.assumed == "1 March"
    (full,) = facts("The portal must go live by 1 March 2027.").deadlines
    assert not full.assumed


def test_a_start_in_the_middle_of_a_month_is_its_fifteenth_day() -> None:
    start = facts("The work starts in mid January 2027.").start
    assert start is not None
    assert start.date == dt.date(2027, 1, 15)


def test_a_start_and_a_deadline_stand_in_one_sentence() -> None:
    found = facts(
        "Das Portal muss drucken. Die Umsetzung soll im Januar beginnen und bis Ende Juni abgeschlossen sein."
    )
    assert found.start is not None
    assert found.start.date == dt.date(2027, 1, 1)
    assert [deadline.date for deadline in found.deadlines] == [dt.date(2027, 6, 30)]


@pytest.mark.parametrize(
    ("notes", "amount", "currency"),
    [
        ("Il portale deve stampare. Abbiamo a disposizione 40.000 euro.", 40_000, "EUR"),
        ("Le portail doit imprimer. Nous avons prévu 60 000 euros.", 60_000, "EUR"),
        ("Systemet ska skriva ut etiketter. Vi har 800 000 kr avsatt.", 800_000, "SEK"),
        ("Het portaal moet etiketten printen. We hebben € 50.000 beschikbaar.", 50_000, "EUR"),
        ("El portal debe imprimir. El presupuesto es de 2 millones de pesos. Estamos en México.", 2_000_000, "MXN"),
        ("Our mill in Norway needs a new intranet. The budget is 900 000 kr.", 900_000, "NOK"),
        ("Spent so far: £40,000. Remaining budget: £25,000.", 25_000, "GBP"),
        ("The supplier's quote of £85,000 was too high; we can spend £60,000.", 60_000, "GBP"),
    ],
)
def test_a_budget_is_found_by_who_has_the_money(notes: str, amount: int, currency: str) -> None:
    budget = facts(notes).budget
    assert budget is not None
    assert (budget.amount, budget.currency) == (Decimal(amount), currency)
