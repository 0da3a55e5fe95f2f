"""The measuring of text, by which a deck keeps everything on its slides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.tools.deck.fitting import Box, Bullet, TextStyle, pages, slack_of
from worker.tools.deck.text import Paragraph, Run, fitted, height, line, shared, shortened
from worker.tools.documents.direction import is_right_to_left

WORDS = st.lists(st.text(st.characters(categories=["L", "N", "So"]), min_size=1, max_size=30), max_size=40)


def test_a_width_is_helveticas() -> None:
    assert TextStyle(10).width("Wil") == pytest.approx((0.944 + 0.222 + 0.222) * 10)
    assert TextStyle(10, bold=True).width("W") > TextStyle(10).width("W")
    assert TextStyle(10).width("é") == TextStyle(10).width("e")
    assert TextStyle(10).width("日🚀") == 20


@settings(deadline=None)
@given(WORDS, st.floats(20, 400))
def test_wrapped_lines_fit_and_lose_nothing(words: list[str], width: float) -> None:
    text, style = " ".join(words), TextStyle(10)
    lines = style.wrap(text, width)
    assert all(style.width(line) <= width + 0.01 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@settings(deadline=None)
@given(st.lists(WORDS.map(lambda words: Bullet(" ".join(words), "FR-1")), max_size=30), st.floats(40, 300))
def test_pages_hold_every_bullet_in_order_and_none_too_many(bullets: list[Bullet], height: float) -> None:
    box = Box(200, height, TextStyle(10), gap=4)
    spread = pages(bullets, box)
    shown = "".join(bullet.text for page in spread for bullet in page)
    assert "".join(shown.split()) == "".join("".join(bullet.text for bullet in bullets).split())
    assert all(sum(box.height_of(bullet) for bullet in page) <= height + 0.01 for page in spread)


def test_pages_are_filled_alike() -> None:
    spread = pages([Bullet(f"number {place}") for place in range(12)], Box(200, 16 * 11.5, TextStyle(10), gap=4))
    assert [len(page) for page in spread] == [6, 6]


def test_text_gets_the_largest_size_in_which_it_fits() -> None:
    assert [each.size for each in fitted([line("short", 40)], 400, 50, 1)] == [40]
    (smaller,) = fitted([line("a rather long title " * 4, 40)], 400, 110, 1)
    assert 10 < smaller.size < 40
    assert height([smaller], 400, 1) <= 110


@settings(deadline=None)
@given(WORDS, st.floats(60, 400), st.floats(15, 200))
def test_text_that_fits_in_no_size_is_cut_with_a_mark(words: list[str], width: float, room: float) -> None:
    text = " ".join(words)
    shown = fitted([Paragraph((Run("FR-1  ", bold=True), Run(text)), 14)], width, room, 1)
    assert height(shown, width, 1) <= room + 0.1
    assert not shown or shown[0].runs[-1].text == text or shown[0].runs[-1].text.endswith("…")


def test_a_shortened_text_keeps_its_beginning() -> None:
    style = TextStyle(10)
    assert shortened("one two three four five six", style, 40, 10) == "one two three four five six"
    cut = shortened("one two three four five six", style, 60, 1)
    assert cut.endswith(" …")
    assert style.width(cut) <= 60
    assert "one two three".startswith(cut[:-2])


def test_texts_side_by_side_shrink_and_grow_together() -> None:
    short, long = [line("short", 14)], [line("a rather long text " * 5, 14)]
    room = (150.0, 60.0)
    assert shared([short], [room], 1, 1.4) == 1.4
    both = shared([short, long], [room, room], 1, 1.4)
    assert both == shared([long], [room], 1, 1.4) < 1.0


def test_a_wider_or_unknown_font_gets_more_room() -> None:
    assert slack_of("Arial") == slack_of("Calibri") == 1
    assert slack_of("Arial", "Verdana") == slack_of("verdana") > slack_of("Comic Neue") > 1
    assert slack_of() == slack_of("Comic Neue")


@pytest.mark.parametrize(
    ("text", "left"),
    [("يجب أن يدعم must", True), ("بوابة: done in three weeks", False), ("finished: بوابة", False), ("", False)],
)
def test_an_english_sentence_with_an_arabic_name_runs_to_the_right(text: str, left: bool) -> None:  # noqa: FBT001 - an expectation
    assert is_right_to_left(text) is left


@pytest.mark.parametrize(
    ("text", "right_to_left"), [("שלום", True), ("12. مرحبا ok", True), ("مرحبا asks for this", False), ("1", False)]
)
def test_most_letters_give_the_direction(text: str, right_to_left: bool) -> None:  # noqa: FBT001 - an expectation
    assert is_right_to_left(text) is right_to_left
