"""How long to wait before trying again: exponential backoff with equal jitter, for tenacity's `wait`.

Pure but for the random source, which is passed in. The agent adapter and the publisher share it, so that a
throttled service is met by the same manners from both.
"""

from collections.abc import Callable

from tenacity import RetryCallState


def equal_jitter(base: float, longest: float, random: Callable[[], float]) -> Callable[[RetryCallState], float]:
    """A wait of up to `base` seconds after the first failure, doubling with each, never above `longest`.

    `random` gives a number of [0, 1). Half of the wait is fixed, so that a retry is never immediate
    (AWS Architecture Blog, "Exponential Backoff And Jitter").
    """
    return lambda state: jittered(base, longest, state.attempt_number, random)


def jittered(base: float, longest: float, attempt: int, random: Callable[[], float]) -> float:
    """The wait after this many failures, in seconds, as `equal_jitter` describes it."""
    ceiling = min(longest, base * 2.0 ** (attempt - 1))
    return ceiling / 2 + random() * ceiling / 2
