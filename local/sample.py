"""The assessment that the demo submits by default: the sample notes, and the client and project they are about.

If you give notes of your own, nothing of the sample is used.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.errors import StartError
from schema.assessment import Assessment

NOTES = Path(__file__).with_name("sample_notes.md")

PARTICULARS: Mapping[str, Any] = {
    "client_name": "Fennmark Logistics",
    "project_name": "Customer portal",
    "industry": "Logistics",
    "duration": "9 months",
    "team_size": 6,
}
"""The fields of the sample's assessment, without its notes."""

UNNAMED: Mapping[str, Any] = {"client_name": "Our client"}
"""The same for other notes, unless you give particulars."""


def assessment() -> Assessment:
    """The sample's assessment, with its notes."""
    return Assessment(requirements=read(NOTES), **PARTICULARS)


class NotesError(StartError):
    """The notes file can't be used."""


def read(path: Path) -> str:
    """The text of a notes file.

    Raises:
        NotesError: the file can't be read, is not UTF-8, or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotesError(f"NOTES: can't read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise NotesError(f"NOTES: {path} is not UTF-8 text ({error.reason} at byte {error.start})") from error
    if not text.strip():
        raise NotesError(f"NOTES: {path} is empty: give a file with the meeting's notes")
    return text
