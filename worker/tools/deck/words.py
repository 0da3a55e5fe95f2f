"""Words for titles: numbers up to twelve in letters, names in a list that stays short."""

from collections.abc import Sequence

from worker.tools.proposal.words import enumerated

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def spelled(number: int) -> str:
    """A number such as "three" or "1,042"."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def many(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, such as "three phases" or "42 requirements"."""
    return f"{spelled(number)} {noun if number == 1 else plural or noun + 's'}"


def of_them(number: int, whole: int, what: str) -> str:
    """How many of so many things are something, to follow the whole: ", three of them a must". Empty for none."""
    if not number:
        return ""
    if whole == 1:
        return f", and it is {what}"
    if number == whole:
        return f", {'both' if whole == 2 else 'all'} of them {what}"  # noqa: PLR2004
    return f", {spelled(number)} of them {what}"


def capital(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names as text, and how many more there are: "Booking, Tracking and two more"."""
    if len(names) <= most:
        return enumerated(names)
    return enumerated([*names[: most - 1], f"{spelled(len(names) - most + 1)} more"])


def part(title: str, place: int, of: int) -> str:
    """The title of slide number `place` of the `of` that one subject takes: "... (2 of 3)"."""
    return f"{title} ({place} of {of})" if of > 1 else title
