"""A limit for work that blocks: whoever waits for it goes on in time, whatever the work does.

An SDK's own time-outs bound one read, not a call: attempts, redirects and pages add up, and a server that sends a
byte now and then is never late. `worker.handler` puts every call to the workspace behind this.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class TimedOutError(Exception):
    """The work took too long. It may go on unseen, so it must be harmless when it ends late."""


def within(seconds: float, what: str, work: Callable[[], T]) -> T:
    """What `work` returns or raises, if it does so within `seconds`.

    Raises:
        TimedOutError: it did not; `what` names it in the message.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to whoever waits
            outcome.set_exception(error)

    threading.Thread(target=run, name=what, daemon=True).start()
    try:
        return outcome.result(seconds)
    except TimeoutError:
        if outcome.done():  # the work's own
            raise
        raise TimedOutError(f"{what} took more than {seconds:g} seconds") from None
