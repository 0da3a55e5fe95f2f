"""`python -m local`: ScopeSmith on one machine, as a server until Ctrl-C, as a demo, or for one call of a Lambda.

It starts the stack, or reads where a deployed one is, and prints what you need to know. The assessment itself is the
work of the API and the client.
Exit codes of the demo: 0 both documents are saved, 1 something failed, 2 an argument is wrong, 130 interrupted.
Exit codes of `invoke`: 0 the function answered, 1 it failed, 2 an argument or the event's file is wrong.
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

from client.api import Sessions
from client.command.approval import approved
from client.command.follow import submit_and_follow
from client.command.outputs import Outputs, OutputsError
from client.command.password import with_password
from client.command.review import editor_of
from client.endpoint import ApiKey, Endpoint
from client.errors import ClientError
from client.session import Session, Submission
from client.sign_in import Login
from local import arguments, invoke, sample
from local.account import account
from local.arguments import Arguments, Demo
from local.banner import banner, page_banner
from local.cognito.user_pool import random_password
from local.environment import DEFAULT_AGENT, Agent, RealModel, Scripted, deployed_agent, named_model, random_api_key
from local.errors import StartError
from local.http import loopback, pages
from local.stack import StackSettings, running

INTERRUPTED = 130


async def serve(settings: StackSettings) -> int:
    """Serve until it is stopped."""
    try:
        async with running(settings) as stack:
            print(banner(stack), flush=True)
            await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("Stopped.")
    return 0


async def demo(settings: StackSettings, asked: Demo) -> int:
    """Run one assessment, show its progress as `scopesmith` does, and save its documents; returns the exit code."""
    submission = _submission(asked)
    print(f"Starting ScopeSmith on this machine, for the notes in {_shown(asked.notes)}", flush=True)
    async with running(settings) as stack:
        consultant = stack.users.accounts[0]
        login = Login(consultant.username, consultant.password)
        code = await _followed(Endpoint.parse(stack.endpoint), login, submission, asked.folder)
        if code and stack.log:
            print(f"The functions' log is in {stack.log}", file=sys.stderr)
    return code


async def serve_page(port: int, deployed: Outputs) -> int:
    """Serve the page and the playground of a deployed stack until it is stopped."""
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
    """Run one assessment on a deployed stack; returns the exit code."""
    submission = _submission(asked)
    print(f"Asking {deployed.endpoint.url}, for the notes in {_shown(asked.notes)}", flush=True)
    return await _followed(deployed.endpoint, who, submission, asked.folder)


def _shown(file: Path) -> Path:
    """The path from the current folder, if the file is in it."""
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


def _submission(asked: Demo) -> Submission:
    return Submission(requirements=sample.read(asked.notes), **asked.particulars)


async def _followed(where: Endpoint, who: ApiKey | Login, submission: Submission, folder: Path) -> int:
    console = Console()

    async def approve(api: Sessions, session: Session) -> int:
        return await approved(api, session, folder, console, editor_of(os.environ))

    return await submit_and_follow(where, who, submission, str(uuid.uuid4()), folder, console, approve)


def _who(user: str | None, deployed: Outputs) -> ApiKey | Login:
    """How the demo signs in to a deployed stack: as the user, or with the API key of SCOPESMITH_API_KEY."""
    if user:
        return with_password(Login(user, os.environ.get("SCOPESMITH_PASSWORD", ""), deployed.pool))
    if key := os.environ.get("SCOPESMITH_API_KEY"):
        return ApiKey(key)
    if deployed.key_command:
        raise OutputsError(
            f"--user is missing: give it, or set SCOPESMITH_API_KEY (read it with: {deployed.key_command})"
        )
    raise OutputsError("--user is missing: the stack has no API key, so a user must sign in")


def _work(asked: Arguments) -> Coroutine[Any, Any, int]:
    """The work that the command line asks for.

    It prompts for a password here, before it starts anything that Ctrl-C would have to stop.
    """
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
        agent=_agent(asked),
        verbose=asked.verbose,
    )
    if asked.invoke is not None:
        return invoke.run(settings, asked.invoke.function, asked.invoke.event)
    return serve(settings) if asked.demo is None else demo(settings, asked.demo)


def _agent(asked: Arguments) -> Agent:
    """The agent that the command line names, or else the environment."""
    if asked.agent:
        return asked.agent
    if model_id := named_model(os.environ, asked.model):
        own = account(os.environ)
        endpoint = os.environ.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "")
        return RealModel(model_id, own.region, own.credentials, endpoint)
    if asked.invoke and asked.invoke.function == "tools":
        return deployed_agent(os.environ) or Scripted.BEDROCK  # the only agent that calls this function
    return deployed_agent(os.environ) or DEFAULT_AGENT


async def run(work: Coroutine[Any, Any, int]) -> int:
    """Await the work and return its exit code; SIGTERM ends it as Ctrl-C does."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def main(given: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or a pipe may not be able to show every character that the agent writes. That must not end us.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return asyncio.run(run(_work(arguments.parse(given))))
    except StartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, (sample.NotesError, invoke.EventError)) else 1
    except ClientError as error:  # the outputs file is wrong, or there is no terminal to ask for the password
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output, such as `head`, has closed it. Python would report that once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
