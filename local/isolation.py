"""The environment that every process of the local stack starts from, and the thread by which it ends with its parent.

A child gets nothing of the developer's environment but what Python itself may need to start: no profile, no
credentials, no proxy. Whoever starts a process or is one calls it; it imports the standard library alone.
"""

import os
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The folder that holds this project's packages."""

_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


def base_environment(developers: Mapping[str, str]) -> dict[str, str]:
    """What every child's environment starts from; `developers` is the one we run in."""
    return {
        **{name: developers[name] for name in _INHERITED if name in developers},
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",  # a killed process loses no line of its log
        "TZ": ":UTC",
        # The developer's profile, region and credentials stay out.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def end_with_the_parent() -> None:
    """Leave as soon as the parent is gone, even if it was killed: its end of standard input's pipe closes then."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        while os.read(lifeline, 1):
            pass
        os._exit(1)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
