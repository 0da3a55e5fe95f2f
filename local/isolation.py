"""The environment of every process that the local stack starts, and how such a process ends with its parent.

A child gets only the variables of your environment that Python itself may need to start: no profile, no credentials,
no proxy. Both the code that starts a process and the process itself call this module. It imports only the standard
library.
"""

import os
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The folder that holds this project's packages."""

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


def base_environment(developers: Mapping[str, str]) -> dict[str, str]:
    """The variables that every child gets; `developers` is the environment that this process runs in."""
    return {
        **{name: developers[name] for name in _INHERITED if name in developers},
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",  # so that a killed process loses no line of its log
        "TZ": ":UTC",
        # The developer's profile, region and credentials stay out.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def end_with_the_parent() -> None:
    """Exit as soon as the parent is gone, even if it was killed.

    Standard input is a pipe from the parent. It closes when the parent ends, however it ends.
    """
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        while os.read(lifeline, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
