"""Runs the programs that bundling needs, and tells of a failure in their own words. `cdk.bundling.contents` calls
it.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence


class CommandError(Exception):
    """A program ended with an error, or is not there; the message is what it said, or how to get it."""


def uv(*arguments: str, given: str | None = None) -> str:
    """What uv prints; `given` is its standard input."""
    program = os.environ.get("UV") or shutil.which("uv")  # `uv run` names itself in UV
    if program is None:
        raise CommandError("uv is not on the PATH, and it bundles the Lambdas: `pip install uv`")
    return run([program, *arguments], given=given)


def run(command: Sequence[str], *, given: str | None = None) -> str:
    """What a program prints on its standard output."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise CommandError(f"`{' '.join(command)}` failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
