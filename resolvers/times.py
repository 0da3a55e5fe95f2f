"""Times as the API and the table write them: ISO 8601 in UTC with milliseconds, as AWSDateTime wants an offset."""

from datetime import UTC, datetime


def iso(time: datetime) -> str:
    """`2026-11-22T10:30:00.000Z`: sorts as text in the order of time."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """The aware datetime that `iso` wrote, or any ISO 8601 text with an offset.

    Raises:
        ValueError: the text is no such time.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no offset: write it as 2026-11-22T10:30:00.000Z")
    return time
