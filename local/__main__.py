"""`python -m local`: ScopeSmith on one machine, as a server until Ctrl-C or as a demo of one assessment.

It starts the stack and speaks to the person; what happens to an assessment is the API's and the client's affair.
Exit codes of the demo: 0 both documents are saved, 1 something failed, 2 an argument is wrong, 130 interrupted.
"""

import asyncio
import io
import os
import signal
import sys
import uuid
from collections.abc import Sequence

from rich.console import Console

from client.follow import submit_and_follow
from client.session import Submission
from client.sign_in import Login
from local import arguments, sample
from local.arguments import Arguments, Demo
from local.banner import banner
from local.cognito import random_password
from local.environment import deployed_agent, random_api_key
from local.errors import StartError
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
    submission = Submission(
        client_name=asked.client_name,
        requirements=sample.read(asked.notes),
        project_name=asked.project_name,
        industry=asked.industry,
        duration=asked.duration,
        team_size=asked.team_size,
    )
    print(f"Starting ScopeSmith on this machine, for the notes in {asked.notes.name}", flush=True)
    async with running(settings) as stack:
        consultant = stack.users.accounts[0]
        login = Login(consultant.username, consultant.password)
        code = await submit_and_follow(stack.endpoint, login, submission, str(uuid.uuid4()), asked.folder, Console())
        if code and stack.log:
            print(f"What the functions logged is in {stack.log}", file=sys.stderr)
    return code


async def run(asked: Arguments) -> int:
    """Do what was asked; SIGTERM ends it as Ctrl-C does."""
    settings = StackSettings(
        port=asked.port,
        api_key=asked.api_key or random_api_key(),
        password=asked.password or random_password(),
        tls=asked.tls,
        pace=asked.pace,
        agent=deployed_agent(os.environ),
        verbose=asked.verbose,
    )
    task = asyncio.ensure_future(serve(settings) if asked.demo is None else demo(settings, asked.demo))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


def main(given: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal or a pipe may lack one of the agent's characters; that must not end the program.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return asyncio.run(run(arguments.parse(given)))
    except StartError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, sample.NotesError) else 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines, such as `head`, has enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
