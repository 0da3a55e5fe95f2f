"""The benchmarks' own processes: each runs a module of this package and prints its findings in a line.

Their standard input is a pipe whose other end only this process holds. A module that calls `end_with_the_parent` first
ends with the process that started it, however that one ends. This module does not know what they measure.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.isolation import ROOT

_SECONDS = 300.0
"""The longest that one may run: one that hangs measures nothing."""


@dataclass(frozen=True)
class Printed:
    """What a process wrote to its standard output."""

    last: Any
    """Its last line, which is JSON."""
    log: str
    """Everything before that."""


def command(module: str, *arguments: str) -> list[str]:
    """What runs a module of this package by this very Python; the working directory must be `ROOT`."""
    return [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]


def run(module: str, variables: Mapping[str, str], *arguments: str) -> Printed:
    """Run a module to its end, with these variables as its whole environment.

    Raises:
        RuntimeError: it failed; what it wrote is in the message.
        TimeoutExpired: it took more than five minutes, and was killed.
    """
    lifeline, its_end = os.pipe()
    try:
        done = subprocess.run(  # noqa: S603 - see command
            command(module, *arguments),
            cwd=ROOT,
            env=variables,
            stdin=lifeline,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    finally:
        os.close(lifeline)
        os.close(its_end)
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    log, _, last = done.stdout.rstrip("\n").rpartition("\n")
    return Printed(json.loads(last), log)


@contextmanager
def meanwhile(module: str, variables: Mapping[str, str]) -> Iterator[str]:
    """The first line of a module that goes on running, until it is killed at the end."""
    with subprocess.Popen(  # noqa: S603 - see command
        command(module), cwd=ROOT, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if process.stdout is None:
                raise TypeError("the process was started without a pipe")
            yield process.stdout.readline()
        finally:
            process.kill()
