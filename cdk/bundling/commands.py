"""Runs the programs that bundling needs. When one fails, the error has the program's own message.

`cdk.bundling.contents` and `cdk.bundling.bytecode` call it.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence


class CommandError(Exception):
    """A program failed or is missing. The message is what the program printed, or how to install it."""


def uv(*arguments: str, given: str | None = None) -> str:
    """Run uv and return what it prints; `given` is its standard input."""
    program = os.environ.get("UV") or shutil.which("uv")  # `uv run` sets UV to its own path
    if program is None:
        raise CommandError("uv, which bundles the Lambdas, is not on the PATH: `pip install uv`")
    return run([program, *arguments], given=given)


def run(command: Sequence[str], *, given: str | None = None) -> str:
    """Run a program and return its standard output."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - the arguments are ours
    if done.returncode:
        raise CommandError(f"`{' '.join(command)}` failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
