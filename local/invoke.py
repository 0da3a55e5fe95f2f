"""`python -m local invoke`: calls one Lambda's real handler once with an event from a file, and prints its answer.

It first makes what such an event relies on (`local.invoke_setup`). `local.__main__` calls it.
"""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

from local import environment, invoke_setup
from local.errors import StartError
from local.lambdas.functions import Answer, UnknownFunctionError
from local.stack import LocalStack, StackSettings, running

FUNCTIONS = {
    "resolvers": environment.RESOLVERS,
    "worker": environment.WORKER,
    "tools": environment.TOOLS,
    "failure": environment.FAILURE,
}
"""What you call each function on the command line, and its name here."""

STDIN = Path("-")

EXPLANATION = """\
Starts ScopeSmith on this machine, calls one Lambda's handler once with the event, and prints the answer as JSON.
The exit code is 0 for an answer and 1 for an error of the function. What the function logs goes to standard error.
Nothing is kept: the next call starts with an empty table and empty buckets.

What an event relies on is made first:

  resolvers  AppSync's context object. If it names a session, that session is created for the event's caller, PENDING,
             with the sample notes. The worker is not run, even if the event submits an assessment.
  worker     The event that submitAssessment sends. Its session is created as submitAssessment would, but without
             starting a worker: this call is the only run.
  tools      A function call of a Bedrock agent. The sample assessment is written to the session's workspace, and the
             tools that come before the one you call are run, so their log lines come first.
  failure    A message of the queue for failed worker events. The session of each record is created, PENDING, with the
             sample notes.

After the call, a line on standard error gives each session's status.
"""


class EventError(StartError):
    """The event's file can't be used."""


def read(path: Path) -> bytes:
    """The event's JSON, from standard input if the path is `-`.

    Raises:
        EventError: the file can't be read, or is not JSON.
    """
    try:
        event = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise EventError(f"EVENT: can't read {path}: {error.strerror or error}") from error
    try:
        json.loads(event)
    except ValueError as error:
        raise EventError(f"EVENT: {path} is not JSON: {error}") from error
    return event


async def run(settings: StackSettings, function: str, path: Path) -> int:
    """Start the stack, call the function, print its answer; the exit code."""
    event = read(path)
    async with running(replace(settings, verbose=True)) as stack:
        answer = await call(stack, function, event)
    print(json.dumps(json.loads(answer.payload), indent=2, ensure_ascii=False), flush=True)
    return 1 if answer.failed else 0


async def call(stack: LocalStack, function: str, event: bytes) -> Answer:
    """Make what the event relies on, call the function, and log where the sessions are afterwards.

    Raises:
        StartError: the stack does not have this function.
    """
    name = FUNCTIONS[function]
    try:
        stack.host.function(name)
    except UnknownFunctionError as error:
        raise StartError(
            f"{function}: this function runs here only with the scripted agent of Bedrock Agents: add --agent bedrock"
        ) from error
    setup = invoke_setup.Setup(stack)
    sessions = invoke_setup.sessions(function, json.loads(event))
    await asyncio.to_thread(setup.create, sessions)
    if name == environment.TOOLS:
        await setup.prepare_workspace(json.loads(event))
    answer = await stack.host.invoke(name, event)
    for line in await asyncio.to_thread(setup.states, sessions):
        stack.host.log(line)
    return answer
