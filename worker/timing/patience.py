"""Limits how long a blocking call is waited for, whatever the call does.

The time-outs of an SDK bound one read, not the whole call: attempts, redirects and pages add up, and a server that
sends a byte now and then never runs into them. `worker.handler` calls the workspace through `within`, and
`worker.appsync.mutation` the API.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class TimedOutError(Exception):
    """The work took too long. It goes on in its thread, so it must do no harm when it ends late."""


def within(seconds: float, what: str, work: Callable[[], T]) -> T:
    """Call `work` in a thread, and return or raise what it does.

    Raises:
        TimedOutError: it took more than `seconds`. The message begins with `what`.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001 - it is raised again in the caller's thread
            outcome.set_exception(error)

    threading.Thread(target=run, name=what, daemon=True).start()
    try:
        return outcome.result(seconds)
    except TimeoutError:
        if outcome.done():  # the work itself raised a TimeoutError
            raise
        raise TimedOutError(f"{what} took more than {seconds:g} seconds") from None
