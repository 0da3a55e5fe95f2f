"""Prints what went wrong and what to do, and chooses the exit code.

The exit code is 2 if the request must be changed, as in argparse, and 1 if the request was right but did not succeed.
"""

from collections.abc import Mapping

from rich.console import Console

from client.command.download import UnwritableError
from client.command.printable import one_line
from client.command.review_options import GIVEN_BY as TERM_GIVEN_BY
from client.command.submission import GIVEN_BY
from client.endpoint import InvalidEndpointError
from client.errors import ClientError, InvalidInputError

_GIVEN_BY: Mapping[str, str] = {
    **GIVEN_BY,
    **TERM_GIVEN_BY,
    "clientRequestToken": "--request-token",
    "limit": "--limit",
}

_TO_CHANGE = (InvalidInputError, InvalidEndpointError, UnwritableError)


def report(error: ClientError, console: Console) -> int:
    """Print the error, with each fault of an invalid input on its own line; returns the exit code."""
    if isinstance(error, InvalidInputError) and error.faults:
        for fault in error.faults:
            say(console, f"{_GIVEN_BY.get(fault.field, fault.field)}: {fault.message}")
        return 2
    say(console, f"error: {error}")
    return 2 if isinstance(error, _TO_CHANGE) else 1


def say(console: Console, text: str) -> None:
    """Print a line of plain text: no markup, no wrapping, no control characters."""
    console.print(one_line(text), markup=False, highlight=False, soft_wrap=True)
