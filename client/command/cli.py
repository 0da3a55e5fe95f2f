"""The `scopesmith` command: submit meeting notes, watch the proposal being made, save it.

It parses the command line and connects; `client.command.follow` does the rest. Exit codes: 0 the documents are saved,
1 the session or the API failed, 2 the input must be changed, 130 interrupted.
"""

import asyncio
import io
import json
import os
import shlex
import sys
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace

from rich.console import Console
from rich.prompt import Confirm

from client.api import Sessions, connected
from client.command import profile_check
from client.command.arguments import Arguments, parse
from client.command.download import prepare
from client.command.follow import follow, read, submit
from client.command.password import NoPasswordError, with_password
from client.command.printable import one_line
from client.command.proposal_table import print_proposal
from client.command.report import report, say
from client.command.review import Edit, editor_of, review
from client.command.review_options import ReviewOptions
from client.command.session_table import print_sessions, sessions
from client.endpoint import Credentials, Endpoint, Token
from client.errors import ClientError, UnavailableError
from client.session import Session, Submission
from client.sign_in import Login, UserSession, signed_in

INTERRUPTED = 130

Connect = Callable[[Endpoint, Credentials], AbstractAsyncContextManager[Sessions]]


@dataclass(frozen=True)
class _Run:
    """One run of the command: its arguments, the API, and the consoles for output and errors."""

    arguments: Arguments
    credentials: Credentials
    api: Sessions
    out: Console
    err: Console
    edit: Edit

    async def submit(self, submission: Submission) -> int:
        self._prepare()
        token = self.arguments.request_token or str(uuid.uuid4())
        try:
            session = await submit(self.api, submission, token)
        except (asyncio.CancelledError, UnavailableError):
            say(self.err, f"no answer came, but it may have started: to repeat it safely, add --request-token {token}")
            raise
        return await self._followed(session)

    async def watch(self) -> int:
        self._prepare()
        return await self._followed(await read(self.api, self.arguments.session_id))

    async def retry(self) -> int:
        self._prepare()
        return await self._followed(await self.api.retry(self.arguments.session_id))

    async def review(self) -> int:
        self._prepare()
        options = self.arguments.review or ReviewOptions()
        session = await review(self.api, self.arguments.session_id, options, self.edit, self.err)
        return await self._followed(session)

    async def proposal(self) -> int:
        proposal = await self.api.proposal(self.arguments.session_id, self.arguments.version)
        if self.arguments.as_json:
            json.dump(asdict(proposal), self.out.file, ensure_ascii=False, indent=2, default=str)
            self.out.file.write("\n")
        else:
            print_proposal(proposal, self.out)
        return 0

    async def delete(self) -> int:
        session_id = self.arguments.session_id
        if not self.arguments.sure:
            if not self.out.is_terminal:
                say(self.err, "error: nobody can be asked here: add --yes to delete the session with all its files")
                return 2
            if not Confirm.ask(f"Delete session {one_line(session_id)} with all its files?", console=self.out):
                return 1
        await self.api.delete(session_id)
        say(self.out, f"session {session_id} is deleted")
        return 0

    async def cancel(self) -> int:
        state = (await self.api.cancel(self.arguments.session_id)).state
        say(self.out, f"session {state.session_id} " + (f"is {state.status}" if state.ended else "will be cancelled"))
        return 0

    async def list(self) -> int:
        print_sessions(await sessions(self.api, self.arguments.limit), self.out)
        return 0

    async def token(self) -> int:
        match self.credentials:
            case UserSession(token=jwt) | Token(jwt):
                say(self.out, jwt)
                return 0
        say(self.err, "error: an API key is no token: sign in with --user")
        return 2

    def _prepare(self) -> None:
        """Make sure that the documents can be saved, before any work starts."""
        if self.arguments.wait:
            prepare(self.arguments.folder)

    async def _followed(self, session: Session) -> int:
        if not self.arguments.wait:
            say(self.out, session.id)
            say(self.err, f"watch it: {self._command('watch', session)}")
            return 0
        try:
            code = await follow(self.api, session, self.arguments.folder, self.out)
        except (asyncio.CancelledError, UnavailableError):
            say(self.err, f"stopped watching; the session goes on. Watch it again: {self._command('watch', session)}")
            raise
        if code:
            say(self.err, f"run it again: {self._command('retry', session)}")
        elif (await read(self.api, session.id)).state.waits:
            say(self.err, f"correct it: {self._command('review', session)}")
            say(self.err, f"have the documents made: {self._command('review', session)} --approve")
        return code

    def _command(self, name: str, session: Session) -> str:
        outputs = self.arguments.outputs
        where = ["--outputs", str(outputs)] if outputs else ["--endpoint", self.arguments.endpoint.url]
        words = ["scopesmith", name, session.id, *where]
        if isinstance(self.arguments.credentials, Login):
            words += ["--user", self.arguments.credentials.username]
        return shlex.join(words)


_COMMANDS: Mapping[str, Callable[[_Run], Awaitable[int]]] = {
    "watch": _Run.watch,
    "retry": _Run.retry,
    "cancel": _Run.cancel,
    "list": _Run.list,
    "review": _Run.review,
    "proposal": _Run.proposal,
    "delete": _Run.delete,
    "token": _Run.token,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or a pipe may not be able to show every character that the agent writes. That must not end us.
        sys.stdout.reconfigure(errors="backslashreplace")
    out, err = Console(), Console(stderr=True)
    words = sys.argv[1:] if arguments is None else arguments
    if words and words[0] == profile_check.NAME:
        return profile_check.main(words[1:], out, err)
    try:
        return asyncio.run(run(_with_password(parse(arguments, os.environ)), out, err))
    except NoPasswordError as error:
        say(err, f"error: {error}")
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output, such as `head`, has closed it. Python would report that once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _with_password(arguments: Arguments) -> Arguments:
    """The arguments, with the password of the user if there is one."""
    login = arguments.credentials
    return replace(arguments, credentials=with_password(login)) if isinstance(login, Login) else arguments


async def run(
    arguments: Arguments, out: Console, err: Console, connect: Connect = connected, edit: Edit | None = None
) -> int:
    """Run a parsed command and report errors on `err`; returns the exit code.

    `edit` lets a person edit a file; None starts the editor that the environment names.
    """
    try:
        async with (
            signed_in(arguments.endpoint, arguments.credentials) as credentials,
            connect(arguments.endpoint, credentials) as api,
        ):
            command = _Run(arguments, credentials, api, out, err, edit or editor_of(os.environ))
            if arguments.submission is not None:
                return await command.submit(arguments.submission)
            return await _COMMANDS[arguments.command](command)
    except ClientError as error:
        return report(error, err)


if __name__ == "__main__":
    sys.exit(main())
