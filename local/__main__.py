"""`python -m local`: ScopeSmith on one machine, as a server until Ctrl-C or as a demo of one assessment.

It starts the stack, or reads where a deployed one is, and speaks to the person; what happens to an assessment is the
API's and the client's affair.
Exit codes of the demo: 0 both documents are saved, 1 something failed, 2 an argument is wrong, 130 interrupted.
"""

import asyncio
import io
import os
import signal
import sys
import uuid
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from rich.console import Console

from client.command.follow import submit_and_follow
from client.command.outputs import Outputs, OutputsError
from client.command.password import with_password
from client.endpoint import ApiKey, Endpoint
from client.errors import ClientError
from client.session import Submission
from client.sign_in import Login
from local import arguments, sample
from local.arguments import Arguments, Demo
from local.banner import banner, page_banner
from local.cognito.user_pool import random_password
from local.environment import deployed_agent, random_api_key
from local.errors import StartError
from local.http import loopback, pages
from local.stack import StackSettings, running

INTERRUPTED = 130


async def serve(settings: StackSettings) -> int:
    """Serve until somebody stops it."""
    try:
        async with running(settings) as stack:
            print(banner(stack), flush=True)
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("Stopped.")
    return 0


async def demo(settings: StackSettings, asked: Demo) -> int:
    """Run one assessment, show it as `scopesmith` does, and save its documents; the exit code."""
    submission = _submission(asked)
    print(f"Starting ScopeSmith on this machine, for the notes in {asked.notes.name}", flush=True)
    async with running(settings) as stack:
        consultant = stack.users.accounts[0]
        login = Login(consultant.username, consultant.password)
        code = await _followed(Endpoint.parse(stack.endpoint), login, submission, asked.folder)
        if code and stack.log:
            print(f"What the functions logged is in {stack.log}", file=sys.stderr)
    return code


async def serve_page(port: int, deployed: Outputs) -> int:
    """Serve the page and the playground of a deployed stack until somebody stops it."""
    app = web.Application()
    pages.add_page(app, deployed.config)
    try:
        with loopback.listen(port) as listener:
            async with loopback.serving(app, listener):
                print(page_banner(f"http://{loopback.address(listener)}/", deployed.endpoint.url), flush=True)
                await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("Stopped.")
    return 0


async def deployed_demo(deployed: Outputs, who: ApiKey | Login, asked: Demo) -> int:
    """Run one assessment on a deployed stack; the exit code."""
    submission = _submission(asked)
    print(f"Asking {deployed.endpoint.url}, for the notes in {asked.notes.name}", flush=True)
    return await _followed(deployed.endpoint, who, submission, asked.folder)


def _submission(asked: Demo) -> Submission:
    return Submission(
        client_name=asked.client_name,
        requirements=sample.read(asked.notes),
        project_name=asked.project_name,
        industry=asked.industry,
        duration=asked.duration,
        team_size=asked.team_size,
    )


async def _followed(where: Endpoint, who: ApiKey | Login, submission: Submission, folder: Path) -> int:
    return await submit_and_follow(where, who, submission, str(uuid.uuid4()), folder, Console())


def _who(user: str | None, deployed: Outputs) -> ApiKey | Login:
    """Who runs the demo on a deployed stack: a user, or else whoever has the stack's key."""
    if user:
        return with_password(Login(user, os.environ.get("SCOPESMITH_PASSWORD", ""), deployed.pool))
    if deployed.api_key:
        return deployed.api_key
    raise OutputsError("--user is missing: the stack has no API key, so somebody must sign in")


def _work(asked: Arguments) -> Coroutine[Any, Any, int]:
    """What was asked for. A password is asked for here, before anything runs that Ctrl-C would have to stop."""
    if asked.outputs is not None:
        deployed = Outputs.read(asked.outputs)
        if asked.demo is None:
            return serve_page(asked.port, deployed)
        return deployed_demo(deployed, _who(asked.demo.user, deployed), asked.demo)
    settings = StackSettings(
        port=asked.port,
        api_key=asked.api_key or random_api_key(),
        password=asked.password or random_password(),
        tls=asked.tls,
        pace=asked.pace,
        agent=deployed_agent(os.environ),
        verbose=asked.verbose,
    )
    return serve(settings) if asked.demo is None else demo(settings, asked.demo)


async def run(work: Coroutine[Any, Any, int]) -> int:
    """Do what was asked; SIGTERM ends it as Ctrl-C does."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def main(given: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or a pipe may lack one of the agent's characters; that must not end the program.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return asyncio.run(run(_work(arguments.parse(given))))
    except StartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, sample.NotesError) else 1
    except ClientError as error:  # a deployed stack's outputs, or a password that nobody can be asked for
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines, such as `head`, has enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
