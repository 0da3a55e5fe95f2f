"""Opens the file that takes the functions' output, or uses standard error. `local.stack` calls it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened(chosen: Path | None, *, verbose: bool) -> Iterator[tuple[int, Path | None]]:
    """The file descriptor for the functions' output, and the file's path. With `verbose` it is stderr, without a path.

    If no file is chosen, it makes one in the system's temporary folder.
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
