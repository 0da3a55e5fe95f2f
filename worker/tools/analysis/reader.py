"""What a reader of meeting notes is. RequirementsAnalyzer has one; see `rules` for the one that needs no service."""

import datetime as dt
from typing import Protocol

from worker.tools.requirements import Analysis


class Reader(Protocol):
    """Understands notes."""

    @property
    def name(self) -> str:
        """The reader's name, which the analysis carries."""
        ...

    def read(self, notes: str, *, today: dt.date) -> Analysis:
        """What the notes ask for. A date without a year is the next one after `today`."""
        ...
