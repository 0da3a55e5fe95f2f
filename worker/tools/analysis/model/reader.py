"""Reads the notes with a model: a short text in one call, a long one in parts, at most four at a time.

It gives a checked answer or raises ModelReadError; then the caller lets the rules read the notes. It never raises
anything else for what a service or a model does.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from worker.tools.analysis.model import checks, form, merging, notes, prompt
from worker.tools.analysis.model.answer import Answer, NoDateError, parsed
from worker.tools.analysis.model.asking import Asker, CutOffError, FaultsError, Log, ModelReadError
from worker.tools.analysis.model.checks import Shown
from worker.tools.analysis.model.notes import Part

if TYPE_CHECKING:
    from worker.tools.workbench import NotesModel

AT_ONCE = 4
"""How many parts are read at a time: more would only be throttled."""

_SHORTEST_PART = 1_500
"""In characters. A part whose answer is too long is halved, but not further than this."""


@dataclass(frozen=True)
class Reading:
    """What the model found."""

    answer: Answer
    parts: int
    """In how many parts the notes were read."""


def read(text: str, model: "NotesModel", *, today: dt.date, log: Log) -> Reading:
    """Read the notes. `log` takes what was spent and what went wrong on the way, whether or not this succeeds.

    Raises:
        ModelReadError: the model has no usable answer, or found nothing at all, or took longer than it may.
    """
    stop = threading.Event()
    try:
        reading = _Reading(Asker(model, log, stop), today, monotonic() + model.seconds).of(text)
    finally:
        stop.set()  # what is still asked ends with its call
    if not reading.answer.requirements:
        raise ModelReadError("it found nothing that the notes ask for")
    return reading


class _Reading:
    """The reading of one text."""

    def __init__(self, asker: Asker, today: dt.date, ends: float) -> None:
        self._asker = asker
        self._today = today
        self._ends = ends

    def of(self, text: str) -> Reading:
        whole = notes.pieces(text)
        parts = list(notes.parts(whole))
        answers = self._all(parts)
        if len(answers) == 1:
            return Reading(answers[0], 1)
        found = merging.listed(answers)
        if not found.entries:
            return Reading(Answer(()), len(answers))
        task = f"Each line is one entry and begins with its number.\n\n{found.shown()}"
        ask = partial(self._asker.fill_in, form.merging(), prompt.MERGING, task, partial(merging.merged, found=found))
        return Reading(self._in_time(ask), len(answers))

    def _all(self, parts: Sequence[Part]) -> list[Answer]:
        """The answers about all parts, in their order."""
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notes-reader")
        try:
            asked = [pool.submit(self._part, part, whole=len(parts) == 1) for part in parts]
            self._wait(asked)
            return [answer for future in asked for answer in future.result()]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _in_time(self, ask: Callable[[], Answer]) -> Answer:
        pool = ThreadPoolExecutor(1, thread_name_prefix="notes-reader")
        try:
            asked = pool.submit(ask)
            self._wait([asked])
            return asked.result()
        finally:
            pool.shutdown(wait=False)

    def _wait(self, asked: Sequence[Future[Any]]) -> None:
        """Wait until all are answered. Raises the first error, and one when time is up."""
        done, waiting = wait(asked, max(0.0, self._ends - monotonic()), FIRST_EXCEPTION)
        for future in done:
            future.result()
        if waiting:
            raise ModelReadError("it took too long")

    def _part(self, part: Part, *, whole: bool) -> list[Answer]:
        """The answer about one part; two if the part has to be halved."""
        shown = Shown(part, self._today)
        try:
            return [
                self._asker.fill_in(
                    form.reading(), prompt.READING, prompt.reading(part, whole), partial(_checked, shown=shown)
                )
            ]
        except CutOffError:
            halves = list(_halves(part))
            if len(halves) == 1:
                raise
            return [answer for half in halves for answer in self._part(half, whole=False)]


def _halves(part: Part) -> Iterator[Part]:
    size = sum(len(piece.text) + 1 for piece in part)
    if size < 2 * _SHORTEST_PART or len(part) == 1:
        yield part
    else:
        yield from notes.parts(part, size // 2 + 1, notes.OVERLAP_CHARACTERS // 2)


def _checked(given: Mapping[str, Any], *, shown: Shown) -> Answer:
    try:
        answer = parsed(given)
    except NoDateError as error:
        raise FaultsError([str(error)]) from error
    if found := list(checks.faults(answer, shown)):
        raise FaultsError(found)
    return answer
