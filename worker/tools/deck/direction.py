"""Decides which way a text on a slide runs. Most of a deck is English, with names and sentences of the client in it."""

from worker.tools.documents.direction import is_right_to_left

_TURNS = dict.fromkeys((0x200F, 0x061C, *range(0x202A, 0x202F)))
"""Marks that turn the direction of what follows: in a paragraph to the right, they mix up dates and whole sentences."""


def runs_to_the_left(text: str) -> bool:
    """Whether a text is set from right to left: its first letter says so, and not most of its letters are Latin.

    Otherwise an English sentence that begins with an Arabic name would be set as an Arabic one.
    """
    if text.isascii() or not is_right_to_left(text):
        return False
    letters = [character for character in text if character.isalpha()]
    return sum(character.isascii() for character in letters) * 2 <= len(letters)


def straight(text: str) -> str:
    """The text of a paragraph that runs to the right, without these marks."""
    return text.translate(_TURNS)
