"""Opens the file that takes the functions' output, or uses standard error. `local.stack` calls it."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass
class FunctionLog:
    """Where the functions' output goes."""

    output: int
    """A file descriptor."""
    path: Path | None = None
    """The file, unless the output goes to stderr."""
    passing: bool = False
    """Whether the file is removed at a clean stop."""

    def keep(self) -> None:
        """Keep the file, because somebody is told to read it."""
        self.passing = False


@contextmanager
def opened(chosen: Path | None, *, verbose: bool) -> Iterator[FunctionLog]:
    """The log; with `verbose` it is stderr.

    If no file is chosen, it makes one in the system's temporary folder, and removes it unless an error ends the block.
    """
    if verbose:
        yield FunctionLog(2)
        return
    if chosen is not None:
        log = FunctionLog(os.open(chosen, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), chosen)
    else:
        output, name = tempfile.mkstemp(prefix="scopesmith-", suffix=".log")
        log = FunctionLog(output, Path(name), passing=True)
    try:
        yield log
    except asyncio.CancelledError:
        raise  # Ctrl-C is a clean stop
    except BaseException:
        log.keep()
        raise
    finally:
        os.close(log.output)
        if log.passing and log.path is not None:
            log.path.unlink(missing_ok=True)
