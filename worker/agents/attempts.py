"""Asks a service again when its answer breaks for a reason that passes, and warns about each failed attempt.

Both agent adapters use it: for a whole answer of a Bedrock agent, and for one turn of a conversation with a model. So
does the reader of the notes, for each form that a model fills in. What an attempt told before it broke stays in the
log; the warning says that it no longer counts.
"""

from collections.abc import Callable, Iterator

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from schema.statuses import AgentEventType
from worker.agents.events import AgentEvent, AgentItem
from worker.timing.backoff import equal_jitter

ATTEMPTS = 6
"""The pauses between them last 25 to 50 s together, because a model's quota is counted by the minute."""
FIRST_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 20.0

Passing = Callable[[BaseException], str | None]
"""What the service did, for an error that may not come again ("throttled"); None for every other error."""


def repeated(
    answer: Callable[[int], Iterator[AgentItem]],
    passing: Passing,
    *,
    what: str,
    who: str = "The agent service",
    random: Callable[[], float],
    sleep: Callable[[float], object],
) -> Iterator[AgentItem]:
    """The items of `answer(1)`; when it breaks, those of `answer(2)` after a pause, and so on.

    `what` starts again after a failed attempt ("the answer", "the turn"), and `who` failed in it. Raises the last
    attempt's error.
    """

    def pause(seconds: float) -> None:
        sleep(seconds)

    retrying = Retrying(
        retry=retry_if_exception(lambda error: passing(error) is not None),
        stop=stop_after_attempt(ATTEMPTS),
        wait=equal_jitter(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, random),
        sleep=pause,
        reraise=True,
    )
    for number, attempt in enumerate(retrying, start=1):
        with attempt:
            yield from _warned(answer(number), number, passing, who, what)


def _warned(items: Iterator[AgentItem], number: int, passing: Passing, who: str, what: str) -> Iterator[AgentItem]:
    said_something = False
    try:
        for item in items:
            said_something = said_something or isinstance(item, AgentEvent)
            yield item
    except Exception as error:
        if (reason := passing(error)) is not None:
            yield _warning(reason, number, who, what, said_something=said_something)
        raise


def _warning(reason: str, number: int, who: str, what: str, *, said_something: bool) -> AgentEvent:
    last = number == ATTEMPTS
    outlook = "giving up" if last else "trying again after a pause"
    again = f"; what it said so far no longer counts, {what} starts again" if said_something and not last else ""
    return AgentEvent(AgentEventType.WARNING, f"{who} {reason} attempt {number} of {ATTEMPTS}: {outlook}{again}.")
