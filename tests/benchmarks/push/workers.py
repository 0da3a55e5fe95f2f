"""The workers of a push measurement: one real run a session, over a scripted agent that stamps what it emits.

`latency` runs it as a module. Feed, workflow, outbox and signing publisher are the worker's own. A tool's call and its
answer come with the conversation, as from the default agent. S3 is not used: what the tools have made is known, and
the conversation is encoded as it is saved, but not sent. All runs share this process, each in a thread of its own.
Every event's text says when it was due: monotonic time, which is the same clock in all processes of a machine.
"""

import json
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

import boto3

from schema.statuses import AgentEventType, Tool
from tests.benchmarks.outputs import output
from worker.agents.events import AgentEvent, AgentItem, Step
from worker.appsync.connection import connect
from worker.checkpoint import Checkpoint
from worker.claim import claim
from worker.feed import ThreadedFeed
from worker.log import logger
from worker.run import Run
from worker.settings import ApiSettings
from worker.timing.clock import TIMING
from worker.updates import Results
from worker.workflow import OUTPUTS

STATUS, CHUNK = "s", "c"
"""What kind of event a stamp is of."""

STEPS = (
    *((kind, tool) for tool in (Tool.REQUIREMENTS_ANALYZER, Tool.COST_CALCULATOR, Tool.POWERPOINT_GENERATOR)
      for kind in (AgentEventType.TOOL_CALL, AgentEventType.TOOL_RESPONSE)),
    (AgentEventType.TOOL_CALL, Tool.SOW_GENERATOR),
)  # fmt: skip
"""Events that change the status, each of them, in this order."""

_CONVERSATION = {"messages": [{"role": "assistant", "content": [{"text": "x" * 1_000}]}] * 12, "done": [*Tool]}
"""As long as that of five tools' calls and answers."""

_CHUNK_TEXT = " and the drivers see their tours on the way."


def stamp(kind: str, due: float) -> str:
    """`due` is when the agent says it, by the monotonic clock: a late thread is part of what is measured."""
    return f"@{kind}{due * 1e9:.0f};"


@dataclass(frozen=True)
class Script:
    """When one session's agent emits what, in seconds from the start."""

    statuses: tuple[float, ...]
    chunks: tuple[float, ...]

    @classmethod
    def of(cls, *, seconds: float, statuses: int, chunks: int, random: Random) -> "Script":
        """Steps at any moment of their even shares, lest they keep step with pollers; chunks ten a second, in one
        piece, somewhere between.
        """
        share = seconds / statuses
        begin = random.uniform(0.2, max(0.2, seconds - chunks / 10))
        return cls(
            tuple((place + random.uniform(0.1, 0.9)) * share for place in range(statuses)),
            tuple(begin + place / 10 for place in range(chunks)),
        )


class ScriptedAgent:
    """An agent's stream that keeps to a script."""

    def __init__(self, session_id: str, script: Script, start: float, done: dict[str, object]) -> None:
        self._session_id, self._script, self._start, self._done = session_id, script, start, done
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[AgentItem]:
        steps = iter(STEPS)
        moments = [(at, True) for at in self._script.statuses] + [(at, False) for at in self._script.chunks]
        for at, is_step in sorted(moments):
            if self._closed.wait(max(0.0, self._start + at - time.monotonic())):
                return
            if is_step:
                kind, tool = next(steps)
                if kind is AgentEventType.TOOL_RESPONSE:
                    self._done[OUTPUTS[tool]] = output(tool, self._session_id)
                event = AgentEvent(kind, stamp(STATUS, self._start + at) + "x" * 200, tool)
                yield Step((event,), _CONVERSATION)
            else:
                yield AgentEvent(AgentEventType.CHUNK, stamp(CHUNK, self._start + at) + _CHUNK_TEXT)
        self._closed.wait(1.5)  # what waits for the second to pass goes out before the end does

    def close(self) -> None:
        self._closed.set()


def follow(session_id: str, script: Script, ready: threading.Barrier) -> None:
    """One session's run, from its claim to its end; the agent starts when all runs have claimed theirs."""
    settings = ApiSettings(sys.argv[1], "us-east-1")
    publisher, run_id = connect(settings, boto3.Session(region_name=settings.region)), str(uuid.uuid4())
    deadline = TIMING.clock() + 600
    claimed = claim(publisher, session_id, run_id, TIMING, deadline)
    if claimed is None:
        raise RuntimeError(f"session {session_id} was not there to be claimed")
    ready.wait(120)
    start, done = time.monotonic() + 0.5, dict[str, object]()

    def produced() -> Results:
        return dict(done)

    run = Run(
        session_id,
        run_id,
        claimed,
        publisher=publisher,
        produced=produced,
        save=_as_saved,
        timing=TIMING,
        deadline=deadline,
    )
    run.follow(lambda: ThreadedFeed(ScriptedAgent(session_id, script, start, done)))


def _as_saved(reached: Checkpoint) -> bytes:
    """What `worker.handler` would send to S3."""
    return json.dumps(reached.to_json()).encode("ascii")


def main(session_ids: Sequence[str], *, seconds: float, statuses: int, chunks: int) -> None:
    logger.setLevel("CRITICAL")
    for tool in Tool:  # what the tools make is made once, and not while it is measured
        output(tool, "")
    random, ready = Random(6), threading.Barrier(len(session_ids))  # noqa: S311 - for the same moments each time
    with ThreadPoolExecutor(len(session_ids)) as threads:
        runs = [
            threads.submit(
                follow, one, Script.of(seconds=seconds, statuses=statuses, chunks=chunks, random=random), ready
            )
            for one in session_ids
        ]
    for run in runs:
        run.result()


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    main(given.pop("sessions"), **given)
