"""One execution environment: a process that runs a function's handler, one invocation at a time.

The process gets its invocations and answers them by the Runtime API, and `local.lambdas.api` translates that HTTP into
calls of this class. This class enforces the time limit and notices when the process dies. The host decides whether a
process is needed.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.isolation import base_environment
from local.lambdas.functions import Answer, Function

INIT_SECONDS = 60.0
"""Time to import the handler. Lambda allows 10 s, but a laptop that starts everything at once may need more."""

RESPONSE_BYTES = 6_291_556
"""The largest answer: 6 MB and 100 bytes (AWS, "Lambda quotas")."""


@dataclass(frozen=True)
class Invocation:
    request_id: str
    event: bytes
    deadline_ms: int
    """When the process is stopped, in milliseconds since 1970."""


@dataclass(frozen=True)
class Site:
    """What all processes of a host have in common."""

    task_root: Path
    """The folder with the code. It is the working directory, and first on `sys.path`."""
    runtime_api: str
    """`host:port` of the Runtime API."""
    region: str
    lifeline: int
    """The reading end of a pipe whose writing end only the host holds: it closes when the host ends."""
    output: int
    """The descriptor of the file that handlers' stdout and stderr go to."""
    clock: Callable[[], float]
    """Seconds since 1970."""


class ExecutionEnvironment:
    """One process. Call `start`, then `invoke` as often as you like while it is `alive`, then `close`."""

    def __init__(self, function: Function, identity: str, site: Site) -> None:
        self.function = function
        self.identity = identity
        self._site = site
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._invocations: asyncio.Queue[Invocation] = asyncio.Queue(maxsize=1)
        self._initialised: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._current: tuple[Invocation, asyncio.Future[Answer]] | None = None
        self._killed = False

    @property
    def pid(self) -> int | None:
        """The process's number while it is alive."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation. A killed process can't, even before it is gone."""
        return self.pid is not None and not self._killed

    @property
    def gone(self) -> bool:
        """Whether the process has run and ended."""
        return self._process is not None and self._process.returncode is not None

    @property
    def busy_with(self) -> Invocation | None:
        """The invocation that it works on."""
        return self._current[0] if self._current is not None else None

    async def start(self) -> Answer | None:
        """Run the process and wait until its handler is loaded; returns the error if that fails, else None."""
        site = self._site
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "local.lambdas.runtime",
            cwd=site.task_root,
            env=process_environment(self.function, self.identity, site, os.environ),
            stdin=site.lifeline,
            stdout=site.output,
            stderr=site.output,
            start_new_session=True,  # Ctrl-C must reach only the host
        )
        self._watch = asyncio.create_task(self._note_the_end(self._process))
        try:
            async with asyncio.timeout(INIT_SECONDS):
                return await self._initialised
        except TimeoutError:
            self.kill()
            return Answer.error("Sandbox.Timedout", f"Init timed out after {INIT_SECONDS:.2f} seconds")

    async def invoke(self, request_id: str, event: bytes) -> Answer:
        """Hand the event to the process; returns its answer, or an error if the handler failed, died or timed out."""
        seconds = self.function.timeout_seconds
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        invocation = Invocation(request_id, event, int((self._site.clock() + seconds) * 1000))
        self._current = (invocation, answer)
        self._invocations.put_nowait(invocation)
        if not self.alive:
            self._fail_current("Runtime exited")
        try:
            async with asyncio.timeout(seconds):
                return await answer
        except TimeoutError:
            self.kill()
            return Answer.error(
                "Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
            )
        finally:
            self._current = None

    async def next(self) -> Invocation:
        """Wait for the next invocation. The process calls this when it is ready for one."""
        if not self._initialised.done():
            self._initialised.set_result(None)
        return await self._invocations.get()

    def answer(self, request_id: str, answer: Answer) -> bool:
        """Take the process's answer; returns False if it is not for the current invocation."""
        if self._current is None or self._current[0].request_id != request_id or self._current[1].done():
            return False
        if len(answer.payload) > RESPONSE_BYTES:
            limit = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes)."
            answer = Answer.error("Function.ResponseSizeTooLarge", limit)
        self._current[1].set_result(answer)
        return True

    def fail_init(self, answer: Answer) -> None:
        """Take the process's report that it could not load its handler."""
        if not self._initialised.done():
            self._initialised.set_result(answer)

    def kill(self) -> None:
        """Stop the process and whatever it has started, at once."""
        self._killed = True
        if self.pid is not None:
            os.killpg(self.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Kill the process and wait until it is gone."""
        self.kill()
        if self._watch is not None:
            await self._watch

    async def _note_the_end(self, process: asyncio.subprocess.Process) -> None:
        reason = ending(await process.wait())
        self.fail_init(Answer.error("Runtime.ExitError", f"Error: {reason}"))
        self._fail_current(reason)

    def _fail_current(self, reason: str) -> None:
        if self._current is not None and not self._current[1].done():
            invocation, answer = self._current
            message = f"RequestId: {invocation.request_id} Error: {reason}"
            answer.set_result(Answer.error("Runtime.ExitError", message))


def ending(status: int) -> str:
    """A process's exit status in the words of Lambda's Runtime.ExitError; a negative status is a signal's number."""
    if status == 0:
        return "Runtime exited without providing a reason"
    if status > 0:
        return f"Runtime exited with error: exit status {status}"
    return f"Runtime exited with error: signal: {(signal.strsignal(-status) or str(-status)).lower()}"


def process_environment(function: Function, identity: str, site: Site, developers: Mapping[str, str]) -> dict[str, str]:
    """The process's environment: the few inherited variables, the function's own, and those that Lambda sets."""
    return {
        **base_environment(developers),
        **function.environment,
        "AWS_REGION": site.region,
        "AWS_DEFAULT_REGION": site.region,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"[$LATEST]{identity}",
        "AWS_LAMBDA_RUNTIME_API": f"{site.runtime_api}/{identity}",
        "LAMBDA_TASK_ROOT": str(site.task_root),
        "_HANDLER": function.handler,
    }
