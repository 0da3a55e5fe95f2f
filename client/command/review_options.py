"""The options of `scopesmith review`: an edited file, the approval, and one for each term of the offer."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from client.proposal import NO_TERMS, Terms

GIVEN_BY = {"discountPercent": "--discount", "note": "--note"}
"""By the API's name of a field: the option that gives it, where `submission` does not have the same one."""


@dataclass(frozen=True)
class ReviewOptions:
    """What a review shall do."""

    sheet: Path | None = None
    """The edited file; None for the editor, where nothing else is asked for."""
    approve: bool = False
    """Whether the documents are to be made."""
    terms: Terms = NO_TERMS


def add_review_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--set", dest="sheet", type=Path, metavar="FILE", help="an edited file, instead of the editor ($EDITOR)"
    )
    parser.add_argument("--approve", action="store_true", help="have the documents made")
    group = parser.add_argument_group("the offer's terms")
    group.add_argument("--team-size", type=int, metavar="N")
    group.add_argument("--duration", metavar="TEXT", help='in words, such as "6 months"')
    group.add_argument("--start-date", metavar="YYYY-MM-DD", help="when the work may begin")
    group.add_argument("--currency", metavar="CODE", help="such as EUR")
    group.add_argument("--discount", dest="discount_percent", type=float, metavar="PERCENT")
    group.add_argument("--note", metavar="TEXT", help="for the session's log")


def review_options(given: argparse.Namespace) -> ReviewOptions:
    """What the options say."""
    terms = Terms(
        team_size=given.team_size,
        duration=given.duration,
        start_date=given.start_date,
        currency=given.currency,
        discount_percent=given.discount_percent,
        note=given.note,
    )
    return ReviewOptions(given.sheet, given.approve, terms)
