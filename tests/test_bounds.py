"""How large things get: what an agent may pour out, and what is published, stored and kept in memory of it.

The test connects the real parts: the Bedrock translator, feed, run and outbox of the worker, then the API's edge, life
cycle and store, on moto's DynamoDB. It leaves out only the network between them, and simulates the clock.
"""

import json
import tracemalloc
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools import Logger
from fakes.memory_workspaces import MemoryWorkspaces
from fakes.simulated_time import World
from item_size import item_bytes

from resolvers.api import answers, inputs, reviews
from resolvers.api.caller import Caller
from resolvers.errors import InvalidInputError
from resolvers.operations import SessionOperations
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.storage.records import EVENTS as EVENTS_RECORD
from resolvers.storage.records import events_from
from resolvers.worker import LambdaWorker
from schema.limits import (
    EVENT_PAGE_SIZE,
    EVENT_TEXT_BYTES,
    PAYLOAD_BYTES,
    RECORD_BYTES,
    REQUIREMENTS_LENGTH,
    RESULTS_BYTES,
    REVIEWED_REQUIREMENTS_BYTES,
)
from schema.statuses import AgentEventType, SessionStatus
from worker import request
from worker.agents import prompt
from worker.agents.bedrock.invoke import invoke_bedrock_agent
from worker.agents.events import AgentRequest
from worker.claim import claim
from worker.feed import ThreadedFeed
from worker.publisher import Publisher
from worker.run import Run
from worker.tools.toolbox import ToolBox
from worker.updates import Reply, Update, progress_input

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from resolvers.session import AgentEvent
    from resolvers.storage.records import Item
    from worker.tools.workbench import Workbench

OWNER = Caller("user#anna")
LAMBDA_SECONDS = 900.0
TOOL_ANSWER_BYTES = 5_000_000
EVENTS = 10_000
CHUNKS = 100_000

EVENT_PAYLOAD_BYTES = 1_000_000
"""A Lambda's asynchronous invocation (AWS, "Lambda quotas")."""

ITEM_BYTES = 400_000
"""An item of a DynamoDB table."""

RESOLVER_RESULT_BYTES = 5_000_000
"""A resolver's answer (AWS, "AppSync quotas"); a Lambda's own is 6 MB."""

WORKER_MEMORY_BYTES = 30_000_000
"""What the worker may take for one run's events, however many and however large they were: eight megabytes read
ahead, what waits to be published, and a few copies of one five-megabyte answer."""

PRESIGNED = (
    "https://artifacts.s3.eu-central-1.amazonaws.com/sessions/x/presentation.pptx?X-Amz-Security-Token=" + "T" * 1500
)


class Agent:
    """Bedrock's client: its answer is a stream of these events."""

    def __init__(self, events: Iterable[Mapping[str, Any]]) -> None:
        self._events = iter(events)

    def invoke_agent(self, **_: object) -> dict[str, "Agent"]:
        return {"completion": self}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self._events

    def close(self) -> None:
        pass


@dataclass
class Lambda:
    """Lambda's client: it remembers the last event."""

    payload: bytes = b""

    def invoke(self, **call: Any) -> None:  # noqa: ANN401 - boto3's keywords
        self.payload = call["Payload"]


@dataclass
class Forgetful:
    """A publisher that measures what it is given and keeps nothing but the numbers."""

    events: int = 0
    truncated: int = 0
    largest: int = 0

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        del deadline, patient
        self.largest = max(self.largest, json_bytes(progress_input(update)))
        self.events += len(update.events)
        self.truncated += sum(numbered.event.truncated for numbered in update.events)
        return Reply(update.state.status, update.state.progress, update.revision, self.events, cancel_requested=False)


@dataclass
class Stack:
    """The API's side: a session in DynamoDB, published to as AppSync would pass it on, each payload measured."""

    world: World
    client: "DynamoDBClient"
    table: str
    started: Lambda = field(default_factory=Lambda)
    sent: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sessions = SessionOperations(
            DynamoDBStore(self.client, self.table),
            LambdaWorker(lambda: self.started, "worker"),  # type: ignore[arg-type, return-value]  # all that is called
            MemoryWorkspaces(),
            now=self.world.now,
            sleep=self.world.sleep,
            random=lambda: 0.5,
            new_id=lambda: str(uuid.uuid4()),
            log=Logger(service="test"),
        )
        self.session_id = self.submit("A portal.")

    def submit(self, brief: str) -> str:
        submission = inputs.submission({"clientName": "Acme", "requirements": brief})
        return self.sessions.create_session(OWNER, submission).state.session_id

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        del deadline, patient
        return self.publish(progress_input(update))

    def publish(self, given: dict[str, object]) -> Reply:
        """Let the API take a ProgressInput and fan its answer out."""
        self.sent.append(json_bytes(given))
        update = inputs.update(json.loads(json.dumps(given)))
        state, results = self.sessions.update_session_status(update)
        answer = answers.progress(state, results, update.events, lambda _: PRESIGNED)
        shown: Any = answer["results"]
        if shown["requirementsData"] is not None:  # AppSync writes AWSJSON as a string
            shown["requirementsData"] = json.dumps(shown["requirementsData"], ensure_ascii=False)
        self.delivered.append(json_bytes({"data": {"onProgress": answer}}))
        return Reply(state.status, state.progress, state.revision, state.last_sequence, state.cancel_requested)

    def log(self) -> list["AgentEvent"]:
        """The session's events, page by page as a client reads them."""
        events: list[AgentEvent] = []
        while True:
            page = self.sessions.read_events(OWNER, self.session_id, len(events), EVENT_PAGE_SIZE.stop - 1)
            assert page is not None
            assert json_bytes(answers.events(page.items)) < RESOLVER_RESULT_BYTES
            events += page.items
            if not page.has_more:
                assert [event.sequence for event in events] == list(range(1, len(events) + 1))
                return events

    def assert_bounded(self) -> list["Item"]:
        """No item over 100 KB; no payload over 200 KB, be it published or delivered. Gives all items."""
        assert max(self.sent) < PAYLOAD_BYTES
        assert max(self.delivered) < PAYLOAD_BYTES
        pages = self.client.get_paginator("scan").paginate(TableName=self.table)
        items = [item for page in pages for item in page["Items"]]
        assert max(map(item_bytes, items)) < RECORD_BYTES
        return items


@pytest.fixture
def stack(dynamodb: "DynamoDBClient", sessions_table: str) -> Stack:
    return Stack(World(), dynamodb, sessions_table)


def json_bytes(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def run(
    publisher: Publisher, world: World, stream: Iterable[Mapping[str, Any]], session_id: str = "s"
) -> SessionStatus | None:
    """A whole run of the worker over what the agent streams."""
    claimed = claim(publisher, session_id, "run-1", world.timing, LAMBDA_SECONDS)
    assert claimed is not None
    work = Run(
        session_id,
        "run-1",
        claimed,
        publisher=publisher,
        save=lambda _: None,
        produced=lambda: {"powerpointKey": f"sessions/{session_id}/p", "sowKey": f"sessions/{session_id}/s"},
        timing=world.timing,
        deadline=1e9,
    )
    stream_of: Callable[..., Any] = partial(
        invoke_bedrock_agent, agent_id="a", alias_id="b", tools=ToolBox(no_workbench), random=lambda: 0.5
    )
    agent = AgentRequest(session_id, "run-1", "prompt")
    return work.follow(lambda: ThreadedFeed(stream_of(Agent(stream), agent, sleep=world.sleep)))


def no_workbench() -> "Workbench":
    raise AssertionError("the agent's tools are called by its Lambda")


def trace(step: Mapping[str, Any]) -> dict[str, Any]:
    return {"trace": {"trace": {"orchestrationTrace": step}}}


def thought(text: str) -> dict[str, Any]:
    return trace({"rationale": {"text": text}})


def tool_call(tool: str = "SOWGenerator") -> dict[str, Any]:
    return trace({"invocationInput": {"actionGroupInvocationInput": {"actionGroupName": tool, "function": "f"}}})


def tool_answer(text: str) -> dict[str, Any]:
    return trace({"observation": {"actionGroupInvocationOutput": {"text": text}}})


def chunk(said: bytes) -> dict[str, Any]:
    return {"chunk": {"bytes": said}}


FINAL = trace({"observation": {"type": "FINISH", "finalResponse": {"text": "Done."}}})

LETTERS = {"latin": "x", "chinese": "語", "emoji": "🚀", "control": "\x01", "quotes": '"'}
alphabets = pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)


def alphabets_and_slowly(*others: str) -> pytest.MarkDecorator:
    """`alphabets`, of which those named run with the slow tests."""
    marks = {True: [pytest.mark.slow], False: []}
    letters = [pytest.param(letter, id=name, marks=marks[name in others]) for name, letter in LETTERS.items()]
    return pytest.mark.parametrize("letter", letters)


@alphabets
def test_a_five_megabyte_tool_answer_is_cut_and_marked(stack: Stack, letter: str) -> None:
    """A 5 MB tool answer: no item over 100 KB, no payload over 200 KB, every cut marked."""
    huge = letter * (TOOL_ANSWER_BYTES // len(letter.encode()))
    events = [event for _ in range(6) for event in (tool_call(), tool_answer(huge))]
    assert run(stack, stack.world, [*events, FINAL], stack.session_id) is SessionStatus.COMPLETED
    stack.assert_bounded()
    found = [event for event in stack.log() if event.type is AgentEventType.TOOL_RESPONSE]
    assert len(found) == 6
    for event in found:
        assert event.truncated
        assert huge.startswith(event.text)
        assert 10_000 <= len(event.text.encode()) <= EVENT_TEXT_BYTES


def test_a_text_that_fits_is_neither_cut_nor_marked(stack: Stack) -> None:
    """Every cut is marked, and nothing else is."""
    run(
        stack,
        stack.world,
        [thought("x" * EVENT_TEXT_BYTES), thought("語" * (EVENT_TEXT_BYTES // 3)), FINAL],
        stack.session_id,
    )
    assert [(len(event.text.encode()), event.truncated) for event in stack.log()[:2]] == [
        (32_000, False),
        (31_998, False),
    ]


@pytest.mark.thorough
def test_ten_thousand_events_are_stored_whole(stack: Stack) -> None:
    """Ten thousand events: each once, in items and payloads that stay small."""
    run(stack, stack.world, [*(thought(f"thought {number}") for number in range(EVENTS)), FINAL], stack.session_id)
    stored = [item for item in stack.assert_bounded() if item["record"]["S"].startswith(EVENTS_RECORD)]
    log = [event for item in stored for event in events_from(item)]
    assert [(event.sequence, event.text) for event in log[:-1]] == [(n + 1, f"thought {n}") for n in range(EVENTS)]
    last = stack.sessions.read_events(OWNER, stack.session_id, EVENTS, 10)
    assert last is not None
    assert list(last.items) == log[-1:]
    assert len(stack.sent) < EVENTS / 50, "an update carries as many events as fit"


@alphabets_and_slowly("latin", "emoji", "control", "quotes")
def test_a_hundred_thousand_one_letter_chunks_become_a_few_events(stack: Stack, letter: str) -> None:
    """A hundred thousand chunks, a byte each: no letter is lost, though most are split between chunks."""
    said = (letter * CHUNKS).encode()[:CHUNKS]
    run(stack, stack.world, [*(chunk(said[place : place + 1]) for place in range(CHUNKS)), FINAL], stack.session_id)
    stack.assert_bounded()
    events = [event for event in stack.log() if event.type is AgentEventType.CHUNK]
    assert "".join(event.text for event in events) == said.decode(errors="replace")
    assert not any(event.truncated for event in events)
    assert len(events) < 30


STREAMS: dict[str, Callable[[], Iterator[Mapping[str, Any]]]] = {
    "tool answers of 5 MB": lambda: (
        event for number in range(20) for event in (tool_call(), tool_answer(chr(97 + number) * TOOL_ANSWER_BYTES))
    ),
    "tool answers of 5 MB of emoji": lambda: (
        event for _ in range(20) for event in (tool_call(), tool_answer("🚀" * (TOOL_ANSWER_BYTES // 4)))
    ),
    "ten thousand events of 20 KB": lambda: (thought(f"{number} " + "x" * 20_000) for number in range(EVENTS)),
    "a hundred thousand chunks": lambda: (chunk("語".encode()) for _ in range(CHUNKS)),
}
STREAM_PARAMETERS = [
    pytest.param(stream, id=name, marks=[pytest.mark.slow] if "thousand" in name else [])
    for name, stream in STREAMS.items()
]


@pytest.mark.parametrize("stream", STREAM_PARAMETERS)
def test_the_workers_memory_stays_flat(stream: Callable[[], Iterator[Mapping[str, Any]]]) -> None:
    """Memory flat: however much the agent says, the worker holds no more than its bounds add up to."""

    def events() -> Iterator[Mapping[str, Any]]:
        yield from stream()
        yield FINAL

    publisher, world = Forgetful(), World()
    tracemalloc.start()
    try:
        assert run(publisher, world, events()) is SessionStatus.COMPLETED
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < WORKER_MEMORY_BYTES
    assert publisher.largest < PAYLOAD_BYTES


@alphabets
def test_a_brief_of_a_hundred_thousand_characters_goes_through_whole(stack: Stack, letter: str) -> None:
    """A 100,000-character brief, of any characters: stored in small items, sent to the worker, and nothing cut."""
    brief = letter * REQUIREMENTS_LENGTH
    session_id = stack.submit(brief)
    stack.publish(
        {"sessionId": session_id, "runId": "r", "revision": 0, "status": "PROCESSING", "progress": 5, "events": []}
    )
    stack.assert_bounded()
    session = stack.sessions.get_session_status(OWNER, session_id, with_assessment=True)
    assert session is not None
    assert session.assessment is not None
    assert session.assessment.requirements == brief
    assert json_bytes(answers.session(session, lambda _: None)) < RESOLVER_RESULT_BYTES
    assert len(stack.started.payload) < EVENT_PAYLOAD_BYTES
    asked = request.parse(json.loads(stack.started.payload))
    assert brief in prompt.prompt(asked)


@alphabets
def test_the_longest_brief_and_the_largest_review_fit_one_event_and_one_item(stack: Stack, letter: str) -> None:
    """A reviewer may change a whole list, and nothing of it is cut on its way to the worker."""
    session_id = stack.submit(letter * REQUIREMENTS_LENGTH)
    common = {"sessionId": session_id, "runId": "r", "progress": 50, "events": []}
    stack.publish({**common, "revision": 0, "status": "PROCESSING"})
    stack.publish({**common, "revision": 2, "status": "AWAITING_REVIEW"})
    each = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    listed = [
        {"kind": "FUNCTIONAL", "text": letter * (1_500 // each), "workPackage": letter * (60 // each), "size": "XL"}
        for _ in range(115)
    ]
    review = reviews.review({"revision": 2, "approve": True, "requirements": listed, "note": letter * 1_000})
    assert json_bytes(review.as_api()["requirements"]) > REVIEWED_REQUIREMENTS_BYTES * 0.9
    stack.sessions.review_session(OWNER, session_id, review)
    assert len(stack.started.payload) < EVENT_PAYLOAD_BYTES
    assert request.parse(json.loads(stack.started.payload)).review == review
    pages = stack.client.get_paginator("scan").paginate(TableName=stack.table)
    assert max(item_bytes(item) for page in pages for item in page["Items"]) < ITEM_BYTES


def test_a_brief_that_is_longer_is_refused() -> None:
    """Nothing of a brief is cut: what is too long is not taken."""
    with pytest.raises(InvalidInputError, match="at most 100000 characters; it has 100001"):
        inputs.submission({"clientName": "Acme", "requirements": "🚀" * (REQUIREMENTS_LENGTH + 1)})


def claimed(stack: Stack) -> Callable[..., Reply]:
    """Publishes a run's next update, from its claim on."""
    given: dict[str, Any] = {
        "sessionId": stack.session_id,
        "runId": "r",
        "status": "PROCESSING",
        "progress": 5,
        "events": [],
    }
    stack.publish(given | {"revision": 0})
    revisions = iter(range(2, 1000))
    return lambda **more: stack.publish(given | {"revision": next(revisions)} | more)


def event_of(sequence: int, text: str) -> dict[str, object]:
    return {
        "sequence": sequence,
        "type": "CHUNK",
        "text": text,
        "truncated": False,
        "timestamp": "2026-11-22T10:30:00.000Z",
    }


@alphabets_and_slowly("latin", "chinese", "emoji", "quotes")
def test_the_largest_results_and_the_largest_events_fit_one_payload(stack: Stack, letter: str) -> None:
    """Results travel with every update: beside the events of a full one they must still be delivered."""
    publish = claimed(stack)
    data = {"text": letter * (RESULTS_BYTES * 2 // 3 // len(json.dumps(letter * 2, ensure_ascii=False).encode()))}
    publish(results={"requirementsData": json.dumps(data)})
    box = [tool_answer(letter * TOOL_ANSWER_BYTES) for _ in range(20)]
    stack.world.seconds += 61  # the lease of the run above
    run(stack, stack.world, [*box, FINAL], stack.session_id)
    stack.assert_bounded()
    assert max(stack.delivered) > PAYLOAD_BYTES / 3


def test_results_that_come_in_parts_stay_within_their_bound(stack: Stack) -> None:
    """What is stored and delivered is the sum of the parts, so the sum is what is bounded."""
    publish = claimed(stack)
    most = RESULTS_BYTES - 1_000
    publish(results={"requirementsData": json.dumps({"text": "x" * most})})
    with pytest.raises(InvalidInputError, match=r"results: .* bytes as JSON"):
        stack.publish(
            {
                "sessionId": stack.session_id,
                "runId": "r",
                "revision": 3,
                "status": "PROCESSING",
                "progress": 5,
                "events": [],
                "results": {"templatePaths": ["x" * most]},
            }
        )
    stack.assert_bounded()


def test_an_update_that_no_subscriber_would_get_is_refused(stack: Stack) -> None:
    """No payload over 200 KB: AppSync would drop it without a word, so the API does not take it."""
    publish = claimed(stack)
    with pytest.raises(InvalidInputError, match="events: "):
        publish(events=[event_of(number, "x" * EVENT_TEXT_BYTES) for number in range(1, 8)])


@pytest.mark.parametrize("letter", ["\x01", pytest.param("🚀", marks=pytest.mark.slow)], ids=["control", "emoji"])
def test_a_page_of_the_log_is_never_too_large_to_be_answered(stack: Stack, letter: str) -> None:
    """A long log of long events is read to its end, in answers that a resolver may give."""
    publish = claimed(stack)
    text = (letter * (EVENT_TEXT_BYTES // len(letter.encode())))[:18_000]  # six bytes each as JSON, at most
    for number in range(1, 61):
        publish(events=[event_of(number, text)])
    assert [event.text for event in stack.log()] == [text] * 60
    stack.assert_bounded()


@pytest.mark.parametrize("name", ["T" * 100_000, "🚀" * 100_000])
def test_a_tools_name_is_bounded_too(stack: Stack, name: str) -> None:
    """Whatever an agent service calls its tools, an update stays publishable."""
    run(stack, stack.world, [tool_call(name), tool_answer("{}"), FINAL], stack.session_id)
    stack.assert_bounded()
    [call, *_] = stack.log()
    assert call.tool is not None
    assert name.startswith(call.tool.rstrip("…"))
