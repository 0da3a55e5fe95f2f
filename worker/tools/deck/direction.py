"""Prepares a text whose paragraph runs from left to right: a deck is English, with words of the client in it."""

_TURNS = dict.fromkeys((0x200F, 0x061C, *range(0x202A, 0x202F)))
"""Marks that turn the direction of what follows: in a paragraph to the right, they mix up dates and whole sentences."""


def straight(text: str) -> str:
    """The text of a paragraph that runs to the right, without these marks."""
    return text.translate(_TURNS)
