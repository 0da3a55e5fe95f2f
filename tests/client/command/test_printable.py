"""Clients' and agents' text is made safe to print, and figures readable."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.command.printable import duration, gist, money, number, one_line, printable, size, usage
from client.session import Usage


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text\nof two lines", "plain text\nof two lines"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("back\x08space", r"back\x08space"),
        ("over\rwritten", r"over\x0dwritten"),
        ("windows\r\nlines\r\n", "windows\nlines\n"),
        ("split\r", "split"),
        ("a\tb", "a   b"),
        ("user\u202egnp.exe", r"user\u202egnp.exe"),
        ("half\ud800pair", r"half\ud800pair"),
        ("naïve — “Größe” 日本 👩‍💻", "naïve — “Größe” 日本 👩‍💻"),
    ],
)
def test_characters_that_act_on_a_terminal_are_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_a_printed_line_is_one_line_and_can_be_encoded(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in line)
    line.encode("utf-8")


def test_a_line_is_cut_with_an_ellipsis() -> None:
    assert one_line("  one\n two   three ", 9) == "one two…"
    assert one_line("one two", 7) == "one two"


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        (
            '{"totalCost": 48230.5, "open_questions": ["a", "b"], "note": null}',
            "total cost 48,230.5 · open questions 2",
        ),
        ('{"counts": {"functional": 12}, "complexity": "medium"}', "functional 12 · complexity medium"),
        ('{"totalCost": 648600.0, "reused": false, "cut": true}', "total cost 648,600 · cut"),
        ('{"x": "\\u001b[2J"}', r"x \x1b[2J"),
        ("Not JSON:\n a sentence.", "Not JSON: a sentence."),
        ("[1, 2]", "[1, 2]"),
        ("{}", ""),
    ],
)
def test_a_tools_answer_is_told_in_a_line(answer: str, short: str) -> None:
    assert gist(answer, 100) == short


@pytest.mark.parametrize(
    ("used", "line"),
    [
        (Usage(), ""),
        (Usage(model_cost=0.0, model_cost_currency="USD"), ""),
        (Usage(12_345, 2_345, 0, 0.07, "USD"), "Model: 12,345 tokens in, 2,345 out, 0.07 USD"),
        (Usage(2_000, 100, 10_345), "Model: 12,345 tokens in, 100 out"),
        (Usage(20, 5, 0, 0.00012, "USD"), "Model: 20 tokens in, 5 out, less than 0.01 USD"),
        (Usage(20, 5, 0, 0.0, "USD"), "Model: 20 tokens in, 5 out, 0.00 USD"),
    ],
)
def test_what_the_models_cost_is_told_in_a_line_once_one_was_asked(used: Usage, line: str) -> None:
    assert usage(used) == line


def test_figures_read_as_a_person_writes_them() -> None:
    assert money(48230.5, "EUR") == "48,230.50 EUR"
    assert [number(hours) for hours in (412.0, 37.5, 1200, 0)] == ["412", "37.5", "1,200", "0"]
    assert [size(count) for count in (12, 31_499, 4_200_000)] == ["12 B", "31 kB", "4,200 kB"]
    seconds = (-3, 42, 725, 3723)
    assert [duration(timedelta(seconds=count)) for count in seconds] == ["0:00", "0:42", "12:05", "1:02:03"]
