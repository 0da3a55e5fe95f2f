"""The assessment that the demo submits: the sample notes that ship with the project, and who they are about.

Notes of one's own may take the sample's place; then nothing of the sample is used.
"""

from pathlib import Path

from local.errors import StartError

NOTES = Path(__file__).with_name("sample_notes.md")

CLIENT_NAME = "Fennmark Logistics"
PROJECT_NAME = "Customer portal"
INDUSTRY = "Logistics"
DURATION = "9 months"
TEAM_SIZE = 6

UNNAMED_CLIENT = "Our client"
"""Who other notes are about, unless it is said."""


class NotesError(StartError):
    """The notes that were named are of no use."""


def read(path: Path) -> str:
    """The text of a notes file; NotesError says why there is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotesError(f"NOTES: can't read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise NotesError(f"NOTES: {path} is no text in UTF-8 ({error.reason} at byte {error.start})") from error
    if not text.strip():
        raise NotesError(f"NOTES: {path} is empty: give a file with the meeting's notes")
    return text
