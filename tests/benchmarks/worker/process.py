"""The worker's own cost in a fresh process: a completion stream of so many events, read by the run or by a bare loop.

`cost` runs it as a module and reads the figures from its last line. boto3's client is the real one; the bytes
of the stream are made up as they are read, so that neither side holds them. The run is whole: adapter, feed, workflow,
outbox, log, and each update signed, sent and answered by `endpoint`. Its clock is simulated, so that it never waits.
"""

import argparse
import base64
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.credentials import Credentials
from fakes.simulated_time import World

from local.bedrock.encoding import CONTENT_TYPE, encode_event
from local.isolation import end_with_the_parent
from schema.statuses import SessionStatus
from tests.benchmarks.cold.process import peak_mb
from tests.benchmarks.environment import REGION
from worker.agents.bedrock.invoke import invoke_bedrock_agent
from worker.agents.events import AgentRequest, AgentStream
from worker.agents.service import client_config
from worker.appsync.mutation import AppSyncPublisher
from worker.claim import claim
from worker.feed import Item, ThreadedFeed
from worker.run import Run
from worker.tools.toolbox import ToolBox
from worker.tools.workbench import Workbench

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

_PIECE_BYTES = 16_384
"""What one read of the connection gives."""

_SESSION = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11"
_CHUNK_BYTES = 48

_MADE = 5_000
"""Of more events, so many tell what making them takes."""


def completion(kind: str, events: int) -> Iterator[bytes]:
    """The stream's bytes, as a connection gives them: text in chunks, or steps that the agent reasons in."""
    steps = {"chunks": _chunk, "steps": _step}
    piece = b""
    for place in range(events):
        piece += steps[kind](place)
        if len(piece) >= _PIECE_BYTES:
            yield piece
            piece = b""
    yield piece + encode_event("trace", _trace({"observation": {"type": "FINISH", "finalResponse": {"text": "Done."}}}))


def _chunk(place: int) -> bytes:
    text = f"{place:07} Drivers must see their tours on the way. "[:_CHUNK_BYTES]
    return encode_event("chunk", {"bytes": base64.b64encode(text.encode()).decode()})


def _step(place: int) -> bytes:
    return encode_event("trace", _trace({"rationale": {"text": f"{place:07} " + "x" * 692, "traceId": f"{place}"}}))


def _trace(step: dict[str, object]) -> dict[str, object]:
    return {
        "agentId": "AGENT12345",
        "agentAliasId": "ALIAS12345",
        "sessionId": _SESSION,
        "eventTime": "2026-11-22T10:30:00Z",
        "trace": {"orchestrationTrace": step},
    }


class _Body:
    """An answer's body, as urllib3 would give it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def stream(self, *_: object) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Nothing is open."""


def client_of(pieces: Iterator[bytes]) -> "AgentsforBedrockRuntimeClient":
    client = boto3.client(
        "bedrock-agent-runtime",
        region_name=REGION,
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=client_config(900),
    )

    def answer(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - botocore's
        headers = {"content-type": CONTENT_TYPE}
        return AWSResponse(request.url, 200, headers, _Body(pieces))  # type: ignore[arg-type] # all that is asked of it

    handler: Any = answer  # the stubs know no handler that answers
    client.meta.events.register("before-send.bedrock-agent-runtime.*", handler)
    return client


class PacedFeed(ThreadedFeed):
    """The worker's own, by whose clock so many events come in a second; in truth they come as fast as they are read."""

    def __init__(self, stream: AgentStream, clock: World, events_a_second: float) -> None:
        super().__init__(stream)
        self._clock, self._seconds = clock, 1 / events_a_second

    def next(self, timeout: float) -> Item | None:
        item = super().next(timeout)
        self._clock.sleep(self._seconds)
        return item


def adapter(client: "AgentsforBedrockRuntimeClient") -> AgentStream:
    request = AgentRequest(_SESSION, "run-1", "prompt")
    tools = ToolBox(_no_workbench)
    return invoke_bedrock_agent(client, request, agent_id="A", alias_id="B", tools=tools, random=lambda: 0.5)


def _no_workbench() -> Workbench:
    raise RuntimeError("the measured agent calls its tools elsewhere")


def bare(client: "AgentsforBedrockRuntimeClient") -> None:
    """The loop without which no event is read."""
    response = client.invoke_agent(agentId="A", agentAliasId="B", sessionId=_SESSION, inputText="prompt")
    for _ in response["completion"]:
        pass


def parsed(client: "AgentsforBedrockRuntimeClient") -> None:
    """The stream as agent events, and nothing done with them."""
    for _ in adapter(client):
        pass


def worked(client: "AgentsforBedrockRuntimeClient", services: str, events_a_second: float) -> None:
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
    claimed = claim(publisher, _SESSION, "run-1", timing, 1e9)
    if claimed is None:
        raise RuntimeError("the session was not there to be claimed")
    outputs = {"powerpointKey": f"sessions/{_SESSION}/p", "sowKey": f"sessions/{_SESSION}/s"}
    run = Run(
        _SESSION,
        "run-1",
        claimed,
        publisher=publisher,
        produced=lambda: outputs,
        save=lambda _: None,
        timing=timing,
        deadline=1e9,
    )
    status = run.follow(lambda: PacedFeed(adapter(client), clock, events_a_second))
    publisher.close()
    if status is not SessionStatus.COMPLETED:
        raise RuntimeError(f"the run ended with {status}")


def main() -> None:
    end_with_the_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=("bare", "parsed", "worked"))
    parser.add_argument("kind", choices=("chunks", "steps"))
    parser.add_argument("events", type=int)
    parser.add_argument("services", help="the endpoint's URL")
    parser.add_argument("events_a_second", type=float, help="by the run's clock")
    options = parser.parse_args()
    ways: dict[str, Callable[[AgentsforBedrockRuntimeClient], None]] = {
        "bare": bare,
        "parsed": parsed,
        "worked": partial(worked, services=options.services, events_a_second=options.events_a_second),
    }
    way = ways[options.way]
    way(client_of(completion(options.kind, 100)))  # what is loaded and made once
    made = time.process_time()
    for _ in completion(options.kind, min(options.events, _MADE)):
        pass
    making = (time.process_time() - made) * max(1, options.events / _MADE)
    client = client_of(completion(options.kind, options.events))
    started = time.process_time()
    way(client)
    cpu = time.process_time() - started - making
    print(json.dumps({"cpu": cpu, "peak": peak_mb()}))  # noqa: T201 - to who started this process


if __name__ == "__main__":
    main()
