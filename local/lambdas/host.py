"""The Lambda service on one machine: it calls functions by name, directly or as asynchronous events.

It keeps processes warm, starts more up to each function's limit, lets further calls wait, and retries a failed
asynchronous event as Lambda does. HTTP is `local.lambdas.api`'s part, and a function's process is
`local.lambdas.process`'s.
"""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Callable, Collection, Coroutine, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from local.errors import StartError
from local.isolation import ROOT
from local.lambdas.events import NOWHERE, Event, Events
from local.lambdas.functions import Answer, Function, UnknownFunctionError
from local.lambdas.pool import Pool
from local.lambdas.process import ExecutionEnvironment, Site

T = TypeVar("T")

RETRY_DELAYS = (60.0, 120.0)
"""Seconds before an asynchronous event's first and second retry (AWS, "Asynchronous invocation")."""

_LOGGED_BYTES = 2_000
"""How much of an error's description goes into the log."""


@dataclass(frozen=True)
class HostSettings:
    """How long the host waits where Lambda waits."""

    dispatch_delay: float = 1.0
    """Seconds that an asynchronous event spends in the queue, about as long as Lambda's queue and a cold start take.
    A client that submits an assessment has this long to subscribe before anything is published."""
    retry_scale: float = 1.0
    """The factor for the delays before retries."""


class LambdaHost:
    """Runs functions while its asynchronous context is entered. All their processes end with the context.

    Its own HTTP front must be reachable at `runtime_api` before the first invocation.
    """

    def __init__(
        self,
        functions: Iterable[Function],
        *,
        runtime_api: str,
        output: int,
        task_root: Path = ROOT,
        region: str = "us-east-1",
        settings: HostSettings = HostSettings(),
        clock: Callable[[], float] = time.time,
        events: Events = NOWHERE,
    ) -> None:
        lifeline, self._lifeline_end = os.pipe()
        self._site = Site(task_root, runtime_api, region, lifeline, output, clock)
        self._settings = settings
        self._events = events
        self._environments: dict[str, ExecutionEnvironment] = {}
        self._pools = {function.name: Pool(function, self._new_environment) for function in functions}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(environment.close() for environment in self._environments.values()))
        os.close(self._lifeline_end)
        os.close(self._site.lifeline)

    def arn(self, name: str) -> str:
        return Function(name, handler="").arn(self._site.region)

    @property
    def names(self) -> Collection[str]:
        """The functions' names."""
        return self._pools.keys()

    def function(self, name: str) -> Function:
        """The function of this name; UnknownFunctionError when there is none."""
        return self._pool(name).function

    def environment(self, identity: str) -> ExecutionEnvironment | None:
        """The process that calls the Runtime API under this identity."""
        return self._environments.get(identity)

    def environments(self, name: str) -> list[ExecutionEnvironment]:
        """A function's living processes, for a test that kills one."""
        return [one for one in self._environments.values() if one.function.name == name and one.alive]

    async def warm(self, name: str) -> None:
        """Start a process of the function ahead of its first call; StartError says why it can't."""
        failure = await self._pool(name).warm()
        if failure is not None:
            reason = json.loads(failure.payload)["errorMessage"]
            raise StartError(f"{name} does not start: {reason}")

    async def invoke(self, name: str, event: bytes, request_id: str | None = None) -> Answer:
        """Call a function and wait for its answer. As in Lambda, the call goes on if the caller stops waiting."""
        work = self._run(self._pool(name), event, request_id or str(uuid.uuid4()))
        return await asyncio.shield(self._keep(work))

    def submit(self, name: str, event: bytes) -> str:
        """Queue an asynchronous event and return its request id."""
        pool, request_id = self._pool(name), str(uuid.uuid4())
        self._events.keep(Event(name, request_id, event))
        self._keep(self._deliver(pool, event, request_id))
        return request_id

    def resume(self) -> None:
        """Queue the asynchronous events again that an earlier host was not done with."""
        for event in self._events.left():
            if event.function in self._pools:
                self._keep(self._deliver(self._pools[event.function], event.payload, event.request_id))

    async def _deliver(self, pool: Pool, event: bytes, request_id: str) -> None:
        """Try the event, and forget it when it is done. A host that stops meanwhile leaves it to the next one."""
        await self._try(pool, event, request_id)
        self._events.remove(request_id)

    async def _try(self, pool: Pool, event: bytes, request_id: str) -> None:
        """Try the event until it succeeds; if every try fails, send its record to the destination, if there is one."""
        function = pool.function
        for delay in (self._settings.dispatch_delay, *self._retry_delays(function)):
            await asyncio.sleep(delay)
            answer = await self._run(pool, event, request_id)
            if not answer.failed:
                return
        if function.on_failure is None:
            return
        record = self._failure_record(function, event, request_id, answer)
        try:
            if callable(function.on_failure):
                await function.on_failure(record)
            else:
                self.submit(function.on_failure, json.dumps(record).encode())
        except Exception as error:  # noqa: BLE001 - a destination may raise anything; Lambda too only counts its failures
            self.log(f"Destination of {function.name} failed: {error!r}")

    def _retry_delays(self, function: Function) -> list[float]:
        return [delay * self._settings.retry_scale for delay in RETRY_DELAYS[: function.retries]]

    def _failure_record(self, function: Function, event: bytes, request_id: str, answer: Answer) -> dict[str, object]:
        """An invocation record as a destination receives it (AWS, "Capturing records of asynchronous invocations")."""
        now = datetime.fromtimestamp(self._site.clock(), UTC)
        return {
            "version": "1.0",
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "requestContext": {
                "requestId": request_id,
                "functionArn": f"{function.arn(self._site.region)}:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 1 + function.retries,
            },
            "requestPayload": json.loads(event),
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": json.loads(answer.payload),
        }

    async def _run(self, pool: Pool, event: bytes, request_id: str) -> Answer:
        """One attempt, and the REPORT line that Lambda writes about it into the function's log."""
        started = self._site.clock()
        answer = await pool.invoke(request_id, event)
        milliseconds = (self._site.clock() - started) * 1000
        failure = f" Error: {answer.payload[:_LOGGED_BYTES].decode(errors='replace')}" if answer.failed else ""
        self.log(f"REPORT RequestId: {request_id} Duration: {milliseconds:.2f} ms {pool.function.name}{failure}")
        return answer

    def log(self, line: str) -> None:
        """Write a line to the functions' log."""
        os.write(self._site.output, f"{line}\n".encode())

    def _new_environment(self, function: Function) -> ExecutionEnvironment:
        for identity in [identity for identity, one in self._environments.items() if one.gone]:
            del self._environments[identity]
        environment = ExecutionEnvironment(function, uuid.uuid4().hex, self._site)
        self._environments[environment.identity] = environment
        return environment

    def _pool(self, name: str) -> Pool:
        try:
            return self._pools[name]
        except KeyError:
            raise UnknownFunctionError(self.arn(name)) from None

    def _keep(self, work: Coroutine[object, object, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
