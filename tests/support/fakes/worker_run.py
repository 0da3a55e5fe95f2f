"""One run of the worker on a simulated clock: hand-written publisher, agent and workspace around the real `Run`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fakes.simulated_time import World
from schema.statuses import AgentEventType, SessionStatus, Tool
from schema.usage import Usage
from worker.agents.events import AgentEvent
from worker.checkpoint import Checkpoint
from worker.feed import Item, Resumed, StreamEnded
from worker.run import Run
from worker.updates import NumberedEvent, Reply, Results, Update
from worker.workflow import OUTPUTS

LAMBDA_SECONDS = 900.0


@dataclass
class ScriptedFeed:
    """An agent that says each item at its time, in seconds of the clock; after the last one it is silent."""

    world: World
    script: list[tuple[float, Item]]
    closed: bool = False
    on_say: Callable[[Item], None] = lambda _: None

    def next(self, timeout: float) -> Item | None:
        assert timeout >= 0
        until = self.world.seconds + timeout
        if self.script and self.script[0][0] <= until:
            time, item = self.script.pop(0)
            self.world.seconds = max(time, self.world.seconds)
            self.on_say(item)
            return item
        self.world.seconds = until
        return None

    def close(self) -> None:
        self.closed = True


@dataclass
class ScriptedPublisher:
    """Accepts updates like the API, but for the failures a test has planned for a publish by its number."""

    world: World
    failures: dict[int, Exception] = field(default_factory=dict)
    cancel_at: int | None = None
    answer_seconds: float = 0.0
    tries: list[tuple[float, Update]] = field(default_factory=list)
    accepted: list[tuple[float, Update]] = field(default_factory=list)
    patience: list[bool] = field(default_factory=list)
    deadlines: list[float] = field(default_factory=list)

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        self.tries.append((self.world.seconds, update))
        self.patience.append(patient)
        self.deadlines.append(deadline)
        self.world.seconds += self.answer_seconds
        if (failure := self.failures.get(len(self.tries))) is not None:
            raise failure
        self.accepted.append((self.world.seconds, update))
        events = [event for _, one in self.accepted for event in one.events]
        return Reply(
            update.state.status,
            update.state.progress,
            update.revision,
            len(events),
            cancel_requested=self.cancel_at is not None and len(self.accepted) >= self.cancel_at,
        )

    @property
    def updates(self) -> list[Update]:
        return [update for _, update in self.accepted]

    @property
    def statuses(self) -> list[SessionStatus]:
        seen = [update.state.status for update in self.updates]
        return [status for place, status in enumerate(seen) if place == 0 or status is not seen[place - 1]]

    @property
    def events(self) -> list[AgentEvent]:
        numbered = [event for update in self.updates for event in update.events]
        assert [event.sequence for event in numbered] == list(range(1, len(numbered) + 1))
        return [event.event for event in numbered]


CLAIMED = Reply(SessionStatus.PROCESSING, 5, 1, 0, cancel_requested=False)
FINAL = AgentEvent(AgentEventType.FINAL_RESPONSE, "Done.")
END = StreamEnded()


@dataclass
class Bench:
    """One run with everything around it."""

    world: World = field(default_factory=World)
    workspace: dict[str, object] = field(default_factory=dict)
    claimed: Reply = CLAIMED
    deadline: float = LAMBDA_SECONDS
    version: int = 1
    ends_with_review: bool = False

    def __post_init__(self) -> None:
        self.publisher = ScriptedPublisher(self.world)
        self.feed = ScriptedFeed(self.world, [])
        self.produced: Callable[[], Results] = lambda: dict(self.workspace)
        self.saved: list[Checkpoint] = []
        self.save: Callable[[Checkpoint], object] = self.saved.append

    def follow(self, *script: tuple[float, Item]) -> SessionStatus | None:
        self.feed.script = list(script)
        return self.start(lambda: self.feed)

    def start(self, start_agent: Callable[[], ScriptedFeed]) -> SessionStatus | None:
        run = Run(
            "session-1",
            "run-1",
            self.claimed,
            publisher=self.publisher,
            produced=self.produced,
            save=self.save,
            timing=self.world.timing,
            deadline=self.deadline,
            version=lambda: self.version,
            ends_with_review=self.ends_with_review,
        )
        return run.follow(start_agent)

    @property
    def last(self) -> Update:
        return self.publisher.updates[-1]

    @property
    def error(self) -> str:
        assert self.last.state.status is SessionStatus.ERROR
        return self.last.state.error_message or ""


def thought(text: str = "Hm.") -> AgentEvent:
    return AgentEvent(AgentEventType.REASONING, text)


def call(tool: str) -> AgentEvent:
    return AgentEvent(AgentEventType.TOOL_CALL, "f()", tool)


def answer(tool: str) -> AgentEvent:
    return AgentEvent(AgentEventType.TOOL_RESPONSE, "{}", tool)


def full_run(bench: Bench, seconds: float = 10.0) -> list[tuple[float, Item]]:
    """The five tools, each taking some seconds and leaving its output, and the final response."""

    def leave_output(item: Item) -> None:
        if isinstance(item, AgentEvent) and item.type is AgentEventType.TOOL_RESPONSE:
            bench.workspace[OUTPUTS[Tool(item.tool or "")]] = {"of": item.tool}

    bench.feed.on_say = leave_output
    script: list[tuple[float, Item]] = []
    for place, tool in enumerate(Tool):
        script += [((place + 0.2) * seconds, call(tool)), ((place + 1) * seconds, answer(tool))]
    return [*script, (seconds * 5.5, FINAL), (seconds * 5.6, END)]


def left_at(sequence: int, *log: AgentEvent, answered: bool = False, usage: Usage = Usage()) -> Resumed:  # noqa: B008 - it never changes
    """What a run left that had numbered its newest events up to `sequence`."""
    first = sequence - len(log) + 1
    numbered = tuple(NumberedEvent(first + place, event, "") for place, event in enumerate(log))
    return Resumed(Checkpoint(sequence, numbered, answered, usage, {}))
