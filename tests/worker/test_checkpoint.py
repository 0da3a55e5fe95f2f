"""A worker that is killed anywhere and taken over: the real run, conversation and checkpoint, around a fake API.

The model is a service over HTTP that answers by the messages it is sent. The run is killed before and after each of
its side effects; another run goes on from what was saved and from what the API has.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from converse_service import Answer, ConverseService, Part, Request, calls, says, thinks, thinks_in_secret, turn
from converse_talk import FUNCTIONS, PlannedTools, stream
from fakes.simulated_time import World
from hypothesis import given, settings
from hypothesis import strategies as st
from session_statuses import OF_A_FULL_RUN

from schema.statuses import AgentEventType, SessionStatus, Tool
from schema.usage import Usage
from worker import checkpoint
from worker.agents.converse.stream import ConverseStream
from worker.agents.events import AgentEvent
from worker.checkpoint import Checkpoint
from worker.feed import Item, Resumed, StreamEnded
from worker.run import TURN_LOST, Run
from worker.tools.call import Called, Outcome, ToolCall, failed
from worker.updates import NumberedEvent, Reply, SessionState, Update
from worker.workflow import OUTPUTS

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

SECONDS_A_STEP = 0.4
"""Some events share an update, and others don't."""

TOOLS = dict(zip(FUNCTIONS, Tool, strict=True))

SCRIPT: list[list[Part]] = [
    turn(thinks("The notes first.\n\nThen ", "the price."), says("I read."), calls("analyze_requirements", "{}")),
    turn(thinks_in_secret(b"\xff\x00"), calls("calculate_costs", id_="first"), calls("retrieve_templates")),
    turn(thinks("Once more."), calls("calculate_costs", "{", "}", id_="second")),
    turn(calls("generate_powerpoint"), calls("generate_sow")),
    turn(thinks("Sum up."), says("The proposal", " is ready", ".")),
]
"""CostCalculator fails when it is first called."""


class KilledError(BaseException):
    """The process is gone: nothing handles this."""


@dataclass
class Machine:
    """What outlives a worker: the session in the API, the conversation in the workspace, the tools' outputs."""

    killed_at: frozenset[int] = frozenset()
    """The side effects, by their number, at which the worker is killed; each has two, before and after it."""
    effects: int = 0
    revision: int = 0
    state: SessionState = field(default_factory=lambda: SessionState(SessionStatus.PENDING, "", 0))
    statuses: list[SessionStatus] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    log: list[NumberedEvent] = field(default_factory=list)
    results: dict[str, object] = field(default_factory=dict)
    saved: str = ""
    outputs: dict[str, object] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)

    def effect(self, what: str) -> None:
        self.effects += 1
        if self.effects in self.killed_at:
            self.deaths.append(what)
            raise KilledError

    def claim(self) -> Reply:
        self.revision += 1
        status, progress = self.state.status, self.state.progress
        return Reply(status, progress, self.revision, len(self.log), cancel_requested=False, usage=self.usage)

    def save(self, reached: Checkpoint) -> None:
        self.effect("before a save")
        self.saved = json.dumps(reached.to_json())
        self.effect("after a save")

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        self.effect("before a publish")
        assert update.revision == self.revision + 1
        assert [one.sequence for one in update.events] == [
            len(self.log) + place + 1 for place in range(len(update.events))
        ]
        self.revision, self.state = update.revision, update.state
        self.log += update.events
        self.results |= update.results
        usage = update.usage or self.usage
        assert usage.output_tokens >= self.usage.output_tokens
        self.usage = usage
        if not self.statuses or self.statuses[-1] is not self.state.status:
            self.statuses.append(self.state.status)
        self.effect("after a publish")
        return Reply(update.state.status, update.state.progress, update.revision, len(self.log), cancel_requested=False)

    @property
    def events(self) -> list[AgentEvent]:
        """The log; the pieces of an answer as the one text that they are, however they were published."""
        told: list[AgentEvent] = []
        for one in (numbered.event for numbered in self.log):
            if told and one.type is told[-1].type is AgentEventType.CHUNK:
                told[-1] = AgentEvent(one.type, told[-1].text + one.text)
            else:
                told.append(one)
        return told


class Tools(PlannedTools):
    """Tools that leave their output on the machine, as a side effect of the worker's."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine

    def run(self, call: ToolCall) -> Called:
        self._machine.effect("before a tool")
        self._machine.ran.append(call.id)
        if call.id == "first":
            called = failed("S3 is away")
        else:
            self._machine.outputs[OUTPUTS[TOOLS[call.name]]] = call.name
            called = Called(Outcome.DONE, {"made": call.name})
        self._machine.effect("after a tool")
        return called


class SteadyFeed:
    """The feed of a conversation, which says something every now and then on a simulated clock."""

    def __init__(self, conversation: ConverseStream, world: World, left: Checkpoint | None) -> None:
        self._conversation = conversation
        self._world = world
        self._items = self._read(left)
        self._next_at = world.seconds

    def _read(self, left: Checkpoint | None) -> Iterator[Item]:
        if left is not None:
            yield Resumed(left)
        yield from self._conversation
        yield StreamEnded()

    def next(self, timeout: float) -> Item | None:
        until = self._world.seconds + timeout
        if self._next_at > until:
            self._world.seconds = until
            return None
        self._world.seconds = max(self._next_at, self._world.seconds)
        self._next_at = self._world.seconds + SECONDS_A_STEP
        return next(self._items)

    def close(self) -> None:
        self._conversation.close()
        self._items.close()  # type: ignore[attr-defined]  # a generator


class Scripted(ConverseService):
    """A model that says what follows from the messages it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = _Following(self.requests)  # type: ignore[assignment]  # all that the service does with them


@dataclass
class _Following:
    requests: list[Request]

    def __bool__(self) -> bool:
        return True

    def pop(self, _first: int) -> Answer:
        said = [message for message in self.requests[-1].body["messages"] if message["role"] == "assistant"]
        return SCRIPT[len(said)]


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Scripted, "BedrockRuntimeClient"]]:
    with Scripted() as service:
        yield service, service.client()


def work(client: "BedrockRuntimeClient", machine: Machine) -> None:
    """Run workers, each after the one before was killed, until one comes to the session's end."""
    for number in itertools.count(1):
        world = World()
        left = checkpoint.from_json(json.loads(machine.saved)) if machine.saved else None
        conversation = stream(client, Tools(machine), saved=left.conversation if left else None)
        run = Run(
            "session-1",
            f"run-{number}",
            machine.claim(),
            publisher=machine,
            produced=lambda: dict(machine.outputs),
            save=machine.save,
            timing=world.timing,
            deadline=900.0,
        )
        feed = SteadyFeed(conversation, world, left)
        try:
            assert run.follow(lambda feed=feed: feed) is machine.state.status  # type: ignore[misc]  # the feed of this run
        except KilledError:
            if machine.state.status.ended:
                return  # it had delivered the end, and a claim would be refused
        else:
            return


@pytest.fixture(scope="module")
def quiet(service: tuple[Scripted, "BedrockRuntimeClient"]) -> Machine:
    """What an undisturbed worker leaves."""
    machine = Machine()
    work(service[1], machine)
    return machine


def without_lost_turns(events: list[AgentEvent]) -> list[AgentEvent]:
    """The log without what a turn had said before it was cut, and without the warning that says so."""
    kept: list[AgentEvent] = []
    for event in events:
        if event == AgentEvent(AgentEventType.WARNING, TURN_LOST):
            while kept and kept[-1].type in {AgentEventType.REASONING, AgentEventType.CHUNK}:
                kept.pop()
        else:
            kept.append(event)
    return kept


def check(machine: Machine, quiet: Machine, asked: int) -> None:
    """All that a session must keep to, whenever its workers were killed."""
    where = machine.deaths
    assert machine.state == quiet.state, where
    assert without_lost_turns(machine.events) == quiet.events, where
    assert machine.results == quiet.results, where
    ranks = [status.rank for status in machine.statuses]
    assert ranks == sorted(ranks), where
    unsaved = sum(death in {"after a tool", "before a save"} for death in where)
    assert len(machine.ran) <= len(quiet.ran) + unsaved, where
    assert [*dict.fromkeys(machine.ran)] == quiet.ran, where
    assert quiet.usage.input_tokens <= machine.usage.input_tokens <= asked * 100, where
    assert quiet.usage.output_tokens <= machine.usage.output_tokens <= asked * 20, where


def test_an_undisturbed_run_is_as_this_module_supposes(quiet: Machine) -> None:
    assert quiet.state.status is SessionStatus.COMPLETED
    assert quiet.ran == [
        "tooluse_analyze_requirements", "first", "tooluse_retrieve_templates", "second",
        "tooluse_generate_powerpoint", "tooluse_generate_sow",
    ]  # fmt: skip
    assert quiet.usage == Usage(500, 100, 0, quiet.usage.model_cost, "USD")
    [warning] = [event for event in quiet.events if event.type is AgentEventType.WARNING]
    assert warning.text.startswith("CostCalculator answered, but")
    assert tuple(quiet.statuses) == OF_A_FULL_RUN


def test_a_worker_may_die_before_and_after_every_side_effect(
    service: tuple[Scripted, "BedrockRuntimeClient"], quiet: Machine
) -> None:
    """Each event is told once, no tool whose answer was saved is run again, and tokens are counted once."""
    scripted, client = service
    deaths: list[str] = []
    for place in range(1, quiet.effects + 1):
        scripted.requests.clear()
        machine = Machine(frozenset({place}))
        work(client, machine)
        check(machine, quiet, len(scripted.requests))
        deaths += machine.deaths
    assert set(deaths) == {f"{when} a {what}" for when in ("before", "after") for what in ("save", "publish", "tool")}
    assert len(deaths) == quiet.effects


@settings(deadline=None)
@given(places=st.frozensets(st.integers(1, 150), max_size=8))
def test_its_successors_may_die_too(
    service: tuple[Scripted, "BedrockRuntimeClient"], quiet: Machine, places: frozenset[int]
) -> None:
    scripted, client = service
    scripted.requests.clear()
    machine = Machine(places)
    work(client, machine)
    check(machine, quiet, len(scripted.requests))


EVENTS: Any = st.builds(
    NumberedEvent,
    st.integers(1),
    st.builds(
        AgentEvent,
        st.sampled_from(AgentEventType),
        st.text(),
        st.none() | st.text(),
        truncated=st.booleans(),
        call_id=st.none() | st.text(),
    ),
    st.text(),
)


@given(
    st.builds(
        Checkpoint,
        st.integers(0),
        st.lists(EVENTS, max_size=4).map(tuple),
        st.booleans(),
        st.builds(
            Usage,
            st.integers(0),
            st.integers(0),
            st.integers(0),
            st.none() | st.floats(0, 10),
            st.none() | st.just("USD"),
        ),
        st.dictionaries(st.text(), st.text(), max_size=3),
    )
)
def test_a_checkpoint_is_restored_from_its_json_as_it_was(reached: Checkpoint) -> None:
    assert checkpoint.from_json(json.loads(json.dumps(reached.to_json()))) == reached


def test_the_untold_events_are_those_above_the_logs_last() -> None:
    log = tuple(NumberedEvent(number, AgentEvent(AgentEventType.CHUNK, str(number)), "") for number in (4, 5, 6))
    reached = Checkpoint(6, log, False, Usage(), {})  # noqa: FBT003 - a record in its order
    assert [[event.text for event in reached.untold(last)] for last in (3, 5, 6, 9)] == [["4", "5", "6"], ["6"], [], []]
