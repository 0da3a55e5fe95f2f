"""Formats and parses times for the API and the table: ISO 8601 in UTC with milliseconds, or epoch seconds.

AWSDateTime requires an offset, so a time without one is an error.
"""

from datetime import UTC, datetime


def iso(time: datetime) -> str:
    """Format a time as `2026-11-22T10:30:00.000Z`. Sorting these texts sorts them by time."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def epoch(time: datetime) -> int:
    """A time as DynamoDB's TTL expects it: whole seconds, rounded up, so that nothing is deleted early."""
    return -int(-time.timestamp() // 1)


def parse(text: str) -> datetime:
    """Parse what `iso` wrote, or any other ISO 8601 text with an offset, into an aware datetime.

    Raises:
        ValueError: the text is not such a time.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no offset: write it as 2026-11-22T10:30:00.000Z")
    return time
