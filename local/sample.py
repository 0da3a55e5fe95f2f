"""The assessment that the demo submits by default: the sample notes, and the client and project they are about.

If you give notes of your own, nothing of the sample is used.
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
"""The client of other notes, unless you name one."""


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
