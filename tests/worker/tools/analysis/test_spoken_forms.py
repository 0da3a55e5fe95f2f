"""Spoken forms: interviews, calls and threads of e-mails, as small inputs with the right reading."""

import datetime as dt
from decimal import Decimal

import pytest

from worker.tools.analysis.analyzer import analyze
from worker.tools.requirements import BUILT, Analysis, Kind, Priority, Requirement

TODAY = dt.date(2026, 11, 28)

FUNCTIONAL, QUALITY, LINK = Kind.FUNCTIONAL, Kind.NON_FUNCTIONAL, Kind.INTEGRATION
LIMIT, OUT, OPEN = Kind.CONSTRAINT, Kind.OUT_OF_SCOPE, Kind.OPEN_QUESTION


def stated(notes: str) -> list[Requirement]:
    return [each for each in analyze(notes, today=TODAY).requirements if each.lines]


def talk(*said: str) -> str:
    """What Ann asks and Bob answers in turn; two more turns make it long enough for a talk."""
    turns = (*said, "Fine?", "Yes.") if len(said) % 2 == 0 else said
    return "\n".join(f"{('Ann', 'Bob')[place % 2]}: {text}" for place, text in enumerate(turns))


def answered(*said: str) -> list[tuple[Kind, str]]:
    return [(each.kind, each.text) for each in stated(talk(*said))]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (
            "How long do you keep the hire records?",
            "Six years.",
            (QUALITY, "How long to keep the hire records: Six years."),
        ),
        (
            "And teaching people?",
            "Half a day each, on a Monday.",
            (FUNCTIONAL, "Teaching people: Half a day each, on a Monday."),
        ),
        (
            "Who may see the takings?",
            "Me and my wife.",
            (QUALITY, "Who may see the takings: The client and their wife."),
        ),
        ("Spanish?", "Yes please, at least for guests.", (QUALITY, "Spanish: at least for guests.")),
    ],
)
def test_a_bare_answer_is_a_requirement_with_its_question(
    question: str, answer: str, expected: tuple[Kind, str]
) -> None:
    assert answered(question, answer) == [expected]


def test_an_answer_about_today_asks_for_nothing() -> None:
    assert answered("How many machines do you have today?", "Six hundred, in three depots.") == []


def test_a_wish_as_an_answer_asks_for_what_the_question_names() -> None:
    [found] = stated(talk("Should the clubs be able to pay online?", "They'd like to."))
    assert (found.text, found.priority) == ("The clubs should be able to pay online.", Priority.SHOULD)


def test_what_the_interviewer_understood_counts_when_the_client_says_yes() -> None:
    assert answered("So each depot sees the others' machines.", "Exactly.") == [
        (FUNCTIONAL, "Each depot sees the others' machines.")
    ]


def test_a_no_after_a_first_remark_excludes_what_was_asked() -> None:
    assert answered("A chat?", "People ask. But no, my wife does that.") == [(OUT, "A chat")]


def test_an_answer_that_the_interviewer_leaves_open_settles_nothing() -> None:
    notes = talk(
        "Do the old bookings move?", "About nineteen hundred of them.", "Let's leave that open. Is it wet?", "Very."
    )
    assert [each.kind for each in stated(notes)] == [OPEN]


def test_a_system_that_stays_limits_the_project() -> None:
    assert answered("Are we replacing PetVault?", "Heavens, no. PetVault stays.") == [(LIMIT, "PetVault stays.")]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (
            "The new ones never know the steps, so it should show the instructions, I mean it.",
            "It should show the instructions.",
        ),
        ("I want a list of late orders, because my boss asks for it every day.", "A list of late orders."),
        ("I'd like the practices to fill the order in online.", "The practices fill the order in online."),
        ("I'd like it in a database before I die.", "The client would like it in a database before they die."),
        ("She'd have one screen with all the machines.", "She'd have one screen with all the machines."),
        ("When somebody reads a card number, the recording goes silent.",) * 2,
    ],
)
def test_a_demand_is_told_without_its_reason_and_its_remarks(answer: str, text: str) -> None:
    assert answered("What would change?", answer) == [(FUNCTIONAL, text)]


@pytest.mark.parametrize(
    "answer",
    [
        "We don't want people booking operations for themselves.",
        "I don't want to be the guinea pig for some robot.",
        "My nephew says we should use robots. I told him he can do that on his own money.",
        "One ticket in ten I have to phone the practice.",
        "They never know what size they want anyway.",
    ],
)
def test_what_is_told_or_turned_down_is_no_demand(answer: str) -> None:
    assert answered("What about that?", answer) == []


def test_two_demands_of_different_kinds_are_two_requirements() -> None:
    assert answered("What else?", "It's got to be quick, and it's got to run on Windows.") == [
        (QUALITY, "It's got to be quick."),
        (LIMIT, "It's got to run on Windows."),
    ]


def test_a_time_alone_says_how_fast_the_sentence_before_it_must_be() -> None:
    [(kind, text)] = answered("And the desk?", "I can't watch a wheel go round on the phone. Two seconds, tops.")
    assert kind is QUALITY
    assert text.endswith("Two seconds, tops.")


def test_a_question_about_quality_gives_its_kind_to_the_answer() -> None:
    assert answered("Is there any reception in the yards?", "One bar. The order has to go through anyway.") == [
        (QUALITY, "The order has to go through anyway.")
    ]


def test_there_stands_for_the_system_that_was_named() -> None:
    answer = "It's called Ledgerwell. The invoices need to end up in there."
    assert answered("What do you use for accounts?", answer) == [(LINK, "The invoices need to end up in Ledgerwell.")]


def test_data_that_was_named_makes_an_interface_of_what_points_back() -> None:
    answer = "They test it and send us a file. That should land in the right case by itself."
    assert [kind for kind, _ in answered("And the laboratory?", answer)] == [LINK]


def test_a_polite_question_of_the_client_is_a_wish() -> None:
    [found] = stated("Could we perhaps have a workshop for the volunteers?")
    assert (found.kind, found.priority) == (FUNCTIONAL, Priority.SHOULD)


def test_owner_is_a_speaker_where_it_stands_before_answers() -> None:
    notes = (
        "Interviewer: How do the shops order?\nOwner: By telephone.\n"
        "Interviewer: And instead?\nOwner: Each shop should enter its order itself.\n"
        "Interviewer: Who pays?\nOwner: I do.\n"
    )
    assert [each.text for each in stated(notes)] == ["Each shop should enter its order itself."]


def test_a_word_before_a_single_time_is_no_speaker() -> None:
    prose = "The office opens at eight and closes at five.\n" * 30
    assert [each.text for each in stated(f"{prose}At 12:30 the system must lock all orders.\n")] == [
        "At 12:30 the system must lock all orders."
    ]


THREAD = """\
From: Mia Roth <mia@archive.example>
To: Tom Hale <tom@studio.example>
Subject: archive

Please see below.

> Should the prices be editable by you?

Oh yes.

> Readers order copies on the web and pay there.

Right.

> What about a shop?

No, the museum does that.
"""


def test_a_quoted_mail_is_answered_by_who_quotes_it() -> None:
    assert [(each.kind, each.text) for each in stated(THREAD)] == [
        (FUNCTIONAL, "The prices should be editable by the client."),
        (FUNCTIONAL, "Readers order copies on the web and pay there."),
        (OUT, "A shop"),
    ]


def call(*said: str) -> Analysis:
    """The analysis of a talk of Mel, who asks, and Graham."""
    return analyze("Discovery call\n\n" + "".join(f"{line}\n" for line in said), today=TODAY)


CALL = (
    "Mel: Morning, can you hear me alright?",
    "Graham: Yep, all good. Bit of an echo but fine.",
    "Mel: What's the problem you're trying to solve?",
    "Graham: The phones. Patients ring up, they can't get through, they go elsewhere.",
    "Mel: Who is going to look at the reports?",
    "Graham: Me. I want to see no-shows by practice and by dentist, every Monday.",
    "Mel: And the consent forms?",
    "Graham: We have to keep those for eleven years, by the way.",
    "Mel: Does the diary have an interface?",
    "Graham: Ollie had a look once. We can ask him.",
    "Mel: And budget, if I may?",
    "Graham: Ninety thousand. Pounds.",
    "Mel: Anything you don't want?",
    "Graham: No chatbot, please. And no app to download.",
)


def test_what_is_told_of_today_and_of_the_meeting_asks_for_nothing() -> None:
    lines = {line for each in call(*CALL).requirements if each.kind in BUILT for line in each.lines}
    assert lines == {8, 10}


def test_each_answer_to_what_is_not_wanted_excludes_something() -> None:
    excluded = [each for each in call(*CALL).requirements if each.kind is Kind.OUT_OF_SCOPE]
    assert [each.lines for each in excluded] == [(16,), (16,)]
    assert not any("don't want" in each.text for each in excluded)


def test_a_budget_may_be_an_answer_with_its_currency_behind_it() -> None:
    budget = call(*CALL).facts.budget
    assert budget is not None
    assert (budget.amount, budget.currency) == (Decimal(90_000), "GBP")
