"""The measuring of text, by which a deck keeps everything on its slides."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.tools.deck.fitting import Box, Bullet, TextStyle, largest, pages
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


def test_the_largest_size_that_fits_is_taken() -> None:
    assert largest("short", 400, 50, (40, 20, 10), TextStyle(1)).size == 40
    assert largest("a rather long title " * 4, 400, 50, (40, 20, 10), TextStyle(1)).size == 20
    assert largest("a very long title " * 40, 400, 50, (40, 20, 10), TextStyle(1)).size == 10


@pytest.mark.parametrize(
    ("text", "right_to_left"), [("שלום", True), ("12. مرحبا ok", True), ("مرحبا asks for this", False), ("1", False)]
)
def test_most_letters_give_the_direction(text: str, right_to_left: bool) -> None:  # noqa: FBT001 - an expectation
    assert is_right_to_left(text) is right_to_left
