"""What a Lambda's logger writes, as parsed lines."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def written_by(service: str) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Gives a function that reads the lines so far. Powertools writes to the output that it found when it was imported.

    So that output is replaced, rather than captured.
    """
    written = io.StringIO()
    (stream,) = logging.getLogger(service).handlers
    assert isinstance(stream, logging.StreamHandler)
    before = stream.setStream(written)
    try:
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    finally:
        stream.setStream(before)
