"""Leads a session that waits for a review to its documents: the part of the demo between the price and the end.

On a terminal it asks a person to correct the proposal or to approve it. Elsewhere it only shows what it approves.
"""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.prompt import Prompt

from client.api import Sessions
from client.command.follow import follow, read
from client.command.proposal_table import print_proposal
from client.command.report import say
from client.command.review import Edit, NothingChangedError, review
from client.command.review_options import ReviewOptions
from client.session import Session

CORRECT, APPROVE = "correct", "approve"


async def approved(api: Sessions, session: Session, folder: Path, console: Console, edit: Edit) -> int:
    """Review the session until it is approved, and save its documents; returns the exit code."""
    while True:
        print_proposal(await api.proposal(session.id), console)
        wanted = APPROVE
        if console.is_terminal:
            choices = [CORRECT, APPROVE]
            wanted = await asyncio.to_thread(
                Prompt.ask, "What shall happen?", console=console, choices=choices, default=APPROVE
            )
        try:
            sent = await review(api, session.id, ReviewOptions(approve=wanted == APPROVE), edit, console)
        except NothingChangedError as error:
            say(console, str(error))
            continue
        code = await follow(api, sent, folder, console)
        if code or not (await read(api, session.id)).state.waits:
            return code
