"""The options of `scopesmith review`: an edited file, the approval, and one for each term of the offer."""

import argparse
from pathlib import Path

from client.proposal import Terms

GIVEN_BY = {"discountPercent": "--discount", "note": "--note"}
"""By the API's name of a field: the option that gives it, where `submission` does not have the same one."""


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


def terms(given: argparse.Namespace) -> Terms:
    """The terms that the options give."""
    return Terms(
        team_size=given.team_size,
        duration=given.duration,
        start_date=given.start_date,
        currency=given.currency,
        discount_percent=given.discount_percent,
        note=given.note,
    )
