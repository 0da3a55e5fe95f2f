"""Runs programs for tests: the `scopesmith` command, Python, and the tools of the development environment.

A program starts in the checkout, without a terminal, in a session of its own, so that Ctrl-C reaches only it. It does
not see what the developer's shell says about AWS, the CDK or ScopeSmith; a test passes what it wants seen.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from checkout import ROOT
from patience import PATIENCE

PYTHON = sys.executable
SCOPESMITH = (PYTHON, "-W", "error", "-m", "client.command.cli")
LOCAL = (PYTHON, "-W", "error", "-m", "local")


_HIDDEN = ("AGENT_", "AWS_", "BEDROCK_", "CDK_", "SCOPESMITH_")
_HIDDEN_NAMES = {"ARTIFACTS_BUCKET_NAME", "SSL_CERT_FILE"}

NOTHING: Mapping[str, str] = {}


class Ended(NamedTuple):
    """What became of a program."""

    code: int | None
    out: str
    err: str


def tool(name: str) -> str:
    """The path of a command that an installed package brings."""
    return str(Path(PYTHON).with_name(name))


def environment() -> dict[str, str]:
    """The variables that every program gets."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(_HIDDEN) and name not in _HIDDEN_NAMES
    }


@asynccontextmanager
async def started(
    *command: str | Path, variables: Mapping[str, str] = NOTHING, stdin: int = DEVNULL
) -> AsyncIterator[Process]:
    """A program with its output in pipes; it is killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**environment(), **variables},
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def printed(process: Process, text: str) -> str:
    """What a program prints, up to the first line that has this text."""
    assert process.stdout is not None
    lines = [""]
    async with asyncio.timeout(PATIENCE):
        while text not in lines[-1]:
            lines.append((await process.stdout.readline()).decode())
            assert lines[-1], f"the program ended before it printed {text!r}: {''.join(lines)}"
    return "".join(lines)


async def ran(*command: str | Path, variables: Mapping[str, str] = NOTHING, given: str | None = None) -> Ended:
    """Run a program to its end, with `given` on its standard input."""
    stdin = DEVNULL if given is None else PIPE
    async with asyncio.timeout(PATIENCE), started(*command, variables=variables, stdin=stdin) as process:
        out, err = await process.communicate(None if given is None else given.encode())
    return Ended(process.returncode, out.decode(), err.decode())
