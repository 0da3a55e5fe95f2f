"""A session lived through by the real parts on a simulated clock, its writes counted: nothing depends on the machine.

The worker's run and outbox follow a scripted agent, whose model uses tokens as the default agent's does. Each of their
updates goes through the API's edge, the life cycle and the store to boto3. `bytes_written` and the `scale` benchmark
call it.
"""

import io
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any, cast

from fakes.simulated_time import World

from resolvers.api import inputs
from resolvers.api.caller import Caller
from resolvers.operations import SessionOperations
from resolvers.storage.dynamodb import DynamoDBStore
from schema.statuses import AgentEventType, Tool
from tests.benchmarks.outputs import output
from worker.agents.events import AgentEvent, AgentItem, ModelUsage
from worker.claim import claim
from worker.feed import Item, StreamEnded
from worker.log import logger
from worker.run import Run
from worker.updates import Reply, Results, Update, progress_input
from worker.workflow import OUTPUTS

from .counted_table import CountedTable, units

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from resolvers.worker import Start


TEXT_BYTES = 700
"""Of each event."""

USAGE = ModelUsage("us.anthropic.claude-sonnet-4-6", input_tokens=3_200, output_tokens=450, cache_read_tokens=1_900)
"""Of each turn of the default agent's model, which ends with a tool's call or with the answer."""

_TURN_ENDS = frozenset({AgentEventType.TOOL_CALL, AgentEventType.FINAL_RESPONSE})

_RUN = "9b2f6c1e-40f7-4e1b-8a55-6f1d0c2b7a31"

_OWNER = Caller("user#6f1f0a3e-6a0b-4c6d-8a54-1d2c3b4a5f60")


@dataclass
class Arrivals:
    """A feed: what the agent yields, each at its time."""

    clock: World
    events: Iterator[tuple[float, AgentItem]]
    _next: tuple[float, AgentItem] | None = None

    def next(self, timeout: float) -> Item | None:
        self._next = self._next or next(self.events, None)
        if self._next is None:
            return StreamEnded()
        at, event = self._next
        if at > self.clock.seconds + timeout:
            self.clock.seconds += timeout
            return None
        self.clock.seconds = max(self.clock.seconds, at)
        self._next = None
        return event

    def close(self) -> None:
        """Nothing runs."""


@dataclass
class Api:
    """The API as a publisher, over a table that counts; beside it, what rewriting the event list would cost."""

    clock: World
    table: CountedTable = field(default_factory=CountedTable)
    updates: int = 0
    statuses: list[str] = field(default_factory=list)
    payload: int = 0
    """The bytes of the events' own texts and of the results, each result once."""
    rewritten: int = 0
    rewritten_units: int = 0

    def __post_init__(self) -> None:
        self.sessions = SessionOperations(
            DynamoDBStore(self.table.client, "sessions"),
            _NoWorker(),
            _NoWorkspaces(),
            now=self.clock.now,
            sleep=self.clock.sleep,
            random=lambda: 0.5,
            new_id=lambda: "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11",
            log=cast("Logger", logging.getLogger("tests.benchmarks")),
        )
        brief = {"clientName": "Northwind Freight", "projectName": "Driver portal", "requirements": "Tours."}
        self.session_id = self.sessions.create_session(_OWNER, inputs.submission(brief)).state.session_id

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        del deadline, patient
        given = json.loads(json.dumps(progress_input(update)))
        state, _ = self.sessions.update_session_status(inputs.update(given))
        self.updates += 1
        self.statuses.append(f"{state.status}, {state.current_stage}")
        self._rewrite(given)
        return Reply(state.status, state.progress, state.revision, state.last_sequence, state.cancel_requested)

    def _rewrite(self, given: dict[str, Any]) -> None:
        """The other way: one item with all events and results so far, written whole, outside a transaction."""
        texts = sum(len(event["text"].encode()) for event in given["events"])
        results = sum(
            len(json.dumps(value, ensure_ascii=False).encode()) for value in given.get("results", {}).values()
        )
        self.payload += texts + results
        self.rewritten += self.payload
        self.rewritten_units += units(self.payload)


class _NoWorker:
    def invoke_agent_async(self, start: "Start") -> None:
        """The run is started by hand."""


class _NoWorkspaces:
    def proposal(self, session_id: str, version: int) -> None:
        """No run here writes files."""

    def delete(self, session_id: str) -> None:
        """Nothing is there."""


def follow(arrivals: Sequence[tuple[float, AgentEvent]], *, api_type: type[Api] = Api) -> Api:
    """A whole run over these events; the answer has counted what it wrote, and not what the submit did."""
    clock = World()
    api = api_type(clock)
    api.table.reset()
    done: dict[str, object] = {}

    def events() -> Iterator[tuple[float, AgentItem]]:
        for at, event in arrivals:
            if event.type in _TURN_ENDS:
                yield at, USAGE
            if event.type is AgentEventType.TOOL_RESPONSE and event.tool is not None:
                tool = Tool(event.tool)
                done[OUTPUTS[tool]] = output(tool, api.session_id)
            yield at, event

    def produced() -> Results:
        return dict(done)

    claimed = claim(api, api.session_id, _RUN, clock.timing, 900)
    if claimed is None:
        raise RuntimeError("a fresh session was not there to be claimed")
    run = Run(
        api.session_id,
        _RUN,
        claimed,
        publisher=api,
        produced=produced,
        save=lambda _: None,
        timing=clock.timing,
        deadline=1e9,
    )
    with _silent():
        run.follow(lambda: Arrivals(clock, events()))
    return api


def session(
    events: int, *, seconds: float, together: Sequence[int] = (1,), stages: bool = True
) -> list[tuple[float, AgentEvent]]:
    """A session's events, with the calls and answers of the five tools among them.

    So many come `together` at a time, again and again, at even distances.
    """
    text = "x" * TEXT_BYTES
    kinds = [AgentEvent(AgentEventType.REASONING, text)] * (events - 1)
    kinds.append(AgentEvent(AgentEventType.FINAL_RESPONSE, text))
    if stages:
        steps = [
            AgentEvent(kind, text, tool)
            for tool in Tool
            for kind in (AgentEventType.TOOL_CALL, AgentEventType.TOOL_RESPONSE)
        ]
        for place, step in enumerate(steps):
            kinds[(place + 1) * events // (len(steps) + 2)] = step
    apart = seconds * sum(together) / len(together) / events
    groups = [group for group, size in zip(range(events), cycle(together), strict=False) for _ in range(size)]
    return [(group * apart, event) for group, event in zip(groups, kinds, strict=False)]


@contextmanager
def _silent() -> Iterator[None]:
    """Without the worker's log, a line an event, and without its metrics, which are lines of the output too."""
    level = logger.log_level
    logger.setLevel("CRITICAL")
    try:
        with redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.setLevel(level)
