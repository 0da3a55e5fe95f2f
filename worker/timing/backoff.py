"""How long to wait before another try: exponential backoff with equal jitter, for tenacity's `wait`.

Callers pass in the random source, so everything here is pure. The agent adapters and the publisher use it.
"""

from collections.abc import Callable

from tenacity import RetryCallState


def equal_jitter(base: float, longest: float, random: Callable[[], float]) -> Callable[[RetryCallState], float]:
    """Waits of up to `base` seconds after the first failure, twice that after each further one, at most `longest`.

    `random` returns a number in [0, 1). Half of each wait is fixed, so that a retry never comes at once
    (AWS Architecture Blog, "Exponential Backoff And Jitter").
    """
    return lambda state: jittered(base, longest, state.attempt_number, random)


def jittered(base: float, longest: float, attempt: int, random: Callable[[], float]) -> float:
    """The wait in seconds after failure number `attempt`, as described for `equal_jitter`."""
    ceiling = min(longest, base * 2.0 ** (attempt - 1))
    return ceiling / 2 + random() * ceiling / 2
