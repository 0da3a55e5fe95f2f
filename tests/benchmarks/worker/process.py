"""The worker's own cost in a fresh process: an agent's stream of so many events, read by the run or by a bare loop.

`cost` runs it as a module and reads the figures from its last line. boto3's client is the real one, and `streams` makes
the bytes up. The run is whole: adapter, feed, workflow, outbox, log, and each update signed, sent and answered by
`endpoint`. Only the tools do no work. Its clock is simulated, so that it never waits.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from fakes.simulated_time import World

from local.bedrock.encoding import CONTENT_TYPE
from local.isolation import end_with_the_parent
from schema.statuses import SessionStatus
from tests.benchmarks.cold.process import peak_mb
from tests.benchmarks.environment import MODEL, REGION
from worker.agents.bedrock.invoke import invoke_bedrock_agent
from worker.agents.converse.conversation import Conversation
from worker.agents.converse.stream import ConverseStream, Model
from worker.agents.events import AgentRequest, AgentStream
from worker.agents.service import client_config
from worker.appsync.mutation import AppSyncPublisher
from worker.checkpoint import Checkpoint
from worker.claim import claim
from worker.feed import Item, ThreadedFeed
from worker.run import Run
from worker.tools.call import Called, Outcome, ToolCall
from worker.tools.toolbox import ToolBox
from worker.tools.workbench import Workbench

from .streams import FUNCTIONS, KINDS, MODELS, SESSION, Kind

_MADE = 5_000
"""Of more events, so many tell what making them takes."""


class _Body:
    """An answer's body, as urllib3 would give it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def stream(self, *_: object) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Nothing is open."""


class _Tools(ToolBox):
    """Tools that answer at once: their work is no part of what is measured."""

    def run(self, call: ToolCall) -> Called:
        return Called(Outcome.DONE, {"tool": call.name, "functional": 24, "total_cost": "184200.00"})


def _no_workbench() -> Workbench:
    raise RuntimeError("the measured tools do no work")


class Agent:
    """The service of a kind of stream: it gives these answers, one to each request."""

    def __init__(self, kind: Kind, answers: Sequence[Iterator[bytes]]) -> None:
        self._kind = kind
        self._requests = len(answers)
        self._answers = iter(answers)
        session = boto3.Session(region_name=REGION, aws_access_key_id="none", aws_secret_access_key="none")
        # The stubs know neither a service that is chosen at run time nor a handler that answers.
        self._client: Any = session.client(kind.service, config=client_config(900))  # type: ignore[call-overload]
        self._client.meta.events.register(f"before-send.{kind.service}.*", self._answer)

    def _answer(self, request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's
        headers: Any = {"content-type": CONTENT_TYPE}
        body: Any = _Body(next(self._answers))
        return AWSResponse(request.url, 200, headers, body)

    def adapter(self) -> AgentStream:
        """The worker's own."""
        tools = _Tools(_no_workbench)
        if self._kind.service == MODELS:
            saved = None if self._kind.begins else {**Conversation.begun("task").saved(), "done": FUNCTIONS}
            return ConverseStream(
                self._client, Model(MODEL), "task", tools, session_id=SESSION, saved=saved, random=lambda: 0.5
            )
        request = AgentRequest(SESSION, "run-1", "prompt")
        return invoke_bedrock_agent(self._client, request, agent_id="A", alias_id="B", tools=tools, random=lambda: 0.5)

    def bare(self) -> None:
        """The loop without which no event is read. It looks at none, and its requests are all alike."""
        for _ in range(self._requests):
            for _ in self._asked():
                pass

    def _asked(self) -> Any:  # noqa: ANN401 - botocore's stream of either service
        if self._kind.service == MODELS:
            messages = [{"role": "user", "content": [{"text": "task"}]}]
            return self._client.converse_stream(modelId=MODEL, messages=messages)["stream"]
        asked = self._client.invoke_agent(agentId="A", agentAliasId="B", sessionId=SESSION, inputText="prompt")
        return asked["completion"]


class PacedFeed(ThreadedFeed):
    """The worker's own, by whose clock so many events come in a second; in truth they come as fast as they are read."""

    def __init__(self, stream: AgentStream, clock: World, events_a_second: float) -> None:
        super().__init__(stream)
        self._clock, self._seconds = clock, 1 / events_a_second

    def next(self, timeout: float) -> Item | None:
        item = super().next(timeout)
        self._clock.sleep(self._seconds)
        return item


def parsed(agent: Agent) -> None:
    """The stream as agent events, and nothing done with them."""
    for _ in agent.adapter():
        pass


def worked(agent: Agent, services: str, events_a_second: float) -> None:
    """The whole run; it ends well only when every update was answered."""
    clock = World()
    timing = clock.timing
    publisher = AppSyncPublisher(
        f"{services}/graphql",
        REGION,
        Credentials("none", "none"),
        random=timing.random,
        clock=timing.clock,
        sleep=clock.sleep,
    )
    claimed = claim(publisher, SESSION, "run-1", timing, 1e9)
    if claimed is None:
        raise RuntimeError("the session was not there to be claimed")
    outputs = {"powerpointKey": f"sessions/{SESSION}/p", "sowKey": f"sessions/{SESSION}/s"}
    run = Run(
        SESSION,
        "run-1",
        claimed,
        publisher=publisher,
        produced=lambda: outputs,
        save=_as_saved,
        timing=timing,
        deadline=1e9,
    )
    status = run.follow(lambda: PacedFeed(agent.adapter(), clock, events_a_second))
    publisher.close()
    if status is not SessionStatus.COMPLETED:
        raise RuntimeError(f"the run ended with {status}")


def _as_saved(reached: Checkpoint) -> bytes:
    """What `worker.handler` would send to S3."""
    return json.dumps(reached.to_json()).encode("ascii")


def main() -> None:
    end_with_the_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=("bare", "parsed", "worked"))
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("events", type=int)
    parser.add_argument("services", help="the endpoint's URL")
    parser.add_argument("events_a_second", type=float, help="by the run's clock")
    options = parser.parse_args()
    kind, events = KINDS[options.kind], options.events
    ways: dict[str, Callable[[Agent], None]] = {
        "bare": Agent.bare,
        "parsed": parsed,
        "worked": partial(worked, services=options.services, events_a_second=options.events_a_second),
    }
    way = ways[options.way]
    way(Agent(kind, kind.answers(100)))  # what is loaded and made once
    made = time.process_time()
    for body in kind.answers(min(events, _MADE)):
        for _ in body:
            pass
    making = (time.process_time() - made) * max(1, events / _MADE)
    agent = Agent(kind, kind.answers(events))
    started = time.process_time()
    way(agent)
    cpu = time.process_time() - started - making
    print(json.dumps({"cpu": cpu, "peak": peak_mb()}))  # noqa: T201 - to who started this process


if __name__ == "__main__":
    main()
