"""From a submission to saved documents: the steps of the `scopesmith` command and the demo.

These functions submit, follow, show and save. They print to the given console and return an exit code, which is 0 only
if both documents are saved. An error that the view can't show is raised as a `ClientError`.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import stamina
from rich.console import Console

from client.api import Api, Sessions, connected
from client.command.download import prepare, save_documents
from client.command.report import report
from client.command.views.view import view_of
from client.endpoint import ApiKey, Endpoint, Token
from client.errors import ClientError, UnavailableError
from client.session import Session, Submission
from client.sign_in import Login, signed_in
from client.stream import stream
from client.words import COMPLETED

_ATTEMPTS = 5

# The view shows a lost connection. A log line of these libraries would disturb the live display.
for _library in ("stamina", "gql"):
    logging.getLogger(_library).addHandler(logging.NullHandler())
    logging.getLogger(_library).propagate = False


async def submit_and_follow(
    where: Endpoint,
    who: ApiKey | Token | Login,
    submission: Submission,
    request_token: str,
    folder: Path,
    console: Console,
    approved: Callable[[Sessions, Session], Awaitable[int]],
) -> int:
    """Sign in, submit, follow and save; reports errors on `console` and returns the exit code.

    `approved` leads a session that waits for a review to its documents.
    """
    try:
        prepare(folder)
        async with signed_in(where, who) as credentials, connected(where, credentials) as api:
            session = await submit(api, submission, request_token)
            code = await follow(api, session, folder, console)
            return await approved(api, session) if submission.review and not code else code
    except ClientError as error:
        return report(error, console)


async def submit(api: Sessions, submission: Submission, request_token: str) -> Session:
    """Submit, and retry with the same token while the API can't be reached, so that there is only one session."""
    async for attempt in stamina.retry_context(on=UnavailableError, attempts=_ATTEMPTS, timeout=None, wait_initial=0.3):
        with attempt:
            return await api.submit(submission, request_token)
    raise AssertionError("the retries end with an answer or an error")


async def read(api: Sessions, session_id: str) -> Session:
    """Read the session, with a few retries."""
    async for attempt in stamina.retry_context(on=UnavailableError, attempts=_ATTEMPTS, timeout=None, wait_initial=0.3):
        with attempt:
            return await api.read_session(session_id)
    raise AssertionError("the retries end with an answer or an error")


async def follow(api: Api, session: Session, folder: Path, console: Console) -> int:
    """Show the session until it ends or waits for a review, and save its documents in `folder`.

    Returns the exit code: 0 if the documents are saved, or if a person is to review the proposal first.
    """
    state = session.state
    view = view_of(session, console)
    with view:
        updates = stream(api, session.id, known=state, on_connection=view.connection)
        async with aclosing(updates):
            async for update in updates:
                view.show(update)
                state = update.state
                if state.waits:
                    break
    elapsed = state.updated_at - session.started_at
    if state.waits:
        view.waiting(state, elapsed)
        return 0
    if state.status != COMPLETED:
        view.failed(state, elapsed)
        return 1
    view.completed(state, await save_documents(api.read_state, session, folder), elapsed)
    return 0
