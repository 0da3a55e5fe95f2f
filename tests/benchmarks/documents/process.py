"""One making of the documents in a fresh process, from its first import, or of two empty ones by the bare packages.

`making` runs it as a module. It imports only the standard library before the clock starts, so that all that the
documents need is counted. The proposal comes from a file: reading the notes and pricing them is not measured here.
"""

import io
import json
import pickle
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.isolation import end_with_the_parent  # it imports only the standard library
from tests.benchmarks.cold.process import peak_mb  # likewise

Sizes = list[int]
"""Of the documents, in bytes."""


def proposal(content: bytes) -> Sizes:
    """Deck, statement of work and page."""
    from worker.tools.deck import generator as deck  # noqa: PLC0415 - what is measured
    from worker.tools.page import generator as page  # noqa: PLC0415
    from worker.tools.sow import generator as sow  # noqa: PLC0415

    offered: Any = pickle.loads(content)  # noqa: S301 - `making` has written it
    return [len(deck.draw(offered, None).body), len(sow.draw(offered, None).body), len(page.draw(offered))]


def empty(_: bytes) -> Sizes:
    """An empty presentation and an empty document."""
    import docx  # noqa: PLC0415 - what is measured
    import pptx  # noqa: PLC0415

    presentation, document = io.BytesIO(), io.BytesIO()
    pptx.Presentation().save(presentation)
    docx.Document().save(document)
    return [len(presentation.getvalue()), len(document.getvalue())]


WAYS: dict[str, Callable[[bytes], Sizes]] = {"proposal": proposal, "empty": empty}


def timed(make: Callable[[bytes], Sizes], content: bytes) -> dict[str, object]:
    """The time from now until the documents are made, in milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    sizes = make(content)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": wall * 1000, "cpu": cpu * 1000, "sizes": sizes}


def main() -> None:
    end_with_the_parent()
    way, file = sys.argv[1:]
    make, content = WAYS[way], Path(file).read_bytes()
    first = timed(make, content)
    peak = peak_mb()
    again = timed(make, content)
    print(json.dumps({**first, "peak": peak, "again": again["cpu"]}))  # noqa: T201 - to who started this process


if __name__ == "__main__":
    main()
