"""The processes of one function: an idle one takes the next call, and a new one is started when none is idle.

At most `max_concurrency` of them run at a time; further calls wait. The host decides what is called and what is
retried.
"""

import asyncio
from collections.abc import Callable

from local.lambdas.functions import Answer, Function
from local.lambdas.process import ExecutionEnvironment


class Pool:
    def __init__(self, function: Function, new: Callable[[Function], ExecutionEnvironment]) -> None:
        self.function = function
        self._new = new
        self._idle: list[ExecutionEnvironment] = []
        self._places = asyncio.Semaphore(function.max_concurrency)

    async def warm(self) -> Answer | None:
        """Start one more process; returns the error if it can't start, else None."""
        async with self._places:
            return await self._start_one()

    async def invoke(self, request_id: str, event: bytes) -> Answer:
        """Call the function in a process of its own for the call. If none can start, the answer is that error."""
        async with self._places:
            self._idle = [environment for environment in self._idle if environment.alive]
            if not self._idle:
                failure = await self._start_one()
                if failure is not None:
                    return failure
            environment = self._idle.pop()
            answer = await environment.invoke(request_id, event)
            self._idle.append(environment)
            return answer

    async def _start_one(self) -> Answer | None:
        environment = self._new(self.function)
        failure = await environment.start()
        if failure is None:
            self._idle.append(environment)
        else:
            await environment.close()
        return failure
