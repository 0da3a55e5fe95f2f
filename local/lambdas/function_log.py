"""Where the functions' output goes: a file of this start, or the terminal. The composition root calls it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened(chosen: Path | None, *, verbose: bool) -> Iterator[tuple[int, Path | None]]:
    """The file descriptor that takes what functions write, and the file's path; stderr, without one, if `verbose`.

    A new file in the system's temporary folder when none is chosen.
    """
    if verbose:
        yield 2, None
        return
    if chosen is not None:
        path = chosen
        output = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    else:
        output, name = tempfile.mkstemp(prefix="scopesmith-", suffix=".log")
        path = Path(name)
    try:
        yield output, path
    finally:
        os.close(output)
