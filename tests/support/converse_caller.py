"""A caller of the scripted model over the wire: it holds the conversation and answers for the tools."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from aiohttp import web
from botocore.config import Config

from local.bedrock.converse import api
from local.bedrock.converse.model import MODEL_ID, ScriptedModel
from local.http import loopback
from worker.tools.declarations import TOOLS

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

FUNCTIONS = {tool: declaration.function for tool, declaration in TOOLS.items()}

SUMMARIES: dict[str, dict[str, object]] = {
    "analyze_requirements": {"functional": 12, "non_functional": 7, "integrations": 3, "complexity": "High"},
    "calculate_costs": {"total_cost": "123456.50", "currency": "EUR", "total_hours": "1024", "weeks": 14},
    "retrieve_templates": {"templates": []},
    "generate_powerpoint": {"template": "built-in"},
    "generate_sow": {"sections": 12},
}

Block = dict[str, Any]


@dataclass
class Caller:
    """Talks with the model to its end, and answers its calls as SUMMARIES says but for what a test has put aside."""

    client: "BedrockRuntimeClient"
    instead: dict[str, list[Block]] = field(default_factory=dict)
    prompt: str = "Prepare the proposal."
    offered: tuple[str, ...] = tuple(SUMMARIES)
    messages: list[Block] = field(default_factory=list)
    streams: list[list[Block]] = field(default_factory=list)
    """The events of each turn."""

    async def talk(self) -> str:
        """The model's last words."""
        return await asyncio.to_thread(self._talk)

    def _talk(self) -> str:
        self.messages.append({"role": "user", "content": [{"text": self.prompt}]})
        while True:
            events = self.ask()
            self.streams.append(events)
            self.messages.append({"role": "assistant", "content": blocks(events)})
            calls = [block["toolUse"] for block in self.messages[-1]["content"] if "toolUse" in block]
            if not calls:
                return str(self.messages[-1]["content"][0]["text"])
            results = [{"toolResult": {"toolUseId": call["toolUseId"], **self.run(call["name"])}} for call in calls]
            self.messages.append({"role": "user", "content": results})

    def ask(self) -> list[Block]:
        with closing(self.stream()) as stream:
            return list(stream)

    def stream(self) -> Any:  # noqa: ANN401 - botocore's EventStream has no public type
        tools: Any = [
            {"toolSpec": {"name": name, "description": name, "inputSchema": {"json": {"type": "object"}}}}
            for name in self.offered
        ]
        cached: Any = {"cachePoint": {"type": "default"}}
        return self.client.converse_stream(
            modelId=MODEL_ID,
            system=[{"text": "You prepare proposals. " * 20}, cached],
            messages=self.messages,  # type: ignore[arg-type]  # a conversation as it was streamed
            toolConfig={"tools": [*tools, cached]},
            inferenceConfig={"maxTokens": 4096},
        )["stream"]

    def run(self, name: str) -> Block:
        if self.instead.get(name):
            return self.instead[name].pop(0)
        return {"content": [{"json": SUMMARIES[name]}]}

    @property
    def called(self) -> list[str]:
        return [
            block["toolUse"]["name"] for message in self.messages for block in message["content"] if "toolUse" in block
        ]

    def ids(self) -> Iterator[str]:
        """Those of the tools' calls."""
        for message in self.messages:
            for block in message["content"]:
                if "toolUse" in block:
                    yield block["toolUse"]["toolUseId"]

    @property
    def thoughts(self) -> str:
        return "\n".join(
            block["reasoningContent"]["reasoningText"]["text"]
            for message in self.messages
            for block in message["content"]
            if "reasoningContent" in block
        )


def blocks(events: list[Block]) -> list[Block]:
    """The message that a turn's events make, as a caller has to send it back."""
    made: dict[int, Block] = {}
    inputs: dict[int, str] = {}
    for event in events:
        match event:
            case {"contentBlockStart": {"contentBlockIndex": index, "start": {"toolUse": call}}}:
                made[index] = {"toolUse": {**call, "input": {}}}
            case {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"toolUse": {"input": piece}}}}:
                inputs[index] = inputs.get(index, "") + piece
                if inputs[index].endswith("}"):
                    made[index]["toolUse"]["input"] = json.loads(inputs[index])
            case {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"text": piece}}}:
                text = made.setdefault(index, {"text": ""})
                text["text"] += piece
            case {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"reasoningContent": part}}}:
                empty = {"reasoningContent": {"reasoningText": {"text": ""}}}
                reasoning = made.setdefault(index, empty)["reasoningContent"]["reasoningText"]
                for name, value in part.items():
                    reasoning[name] = reasoning.get(name, "") + value
    return [made[index] for index in sorted(made)]


@asynccontextmanager
async def serving(
    pace: float = 0.0, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> AsyncIterator["BedrockRuntimeClient"]:
    """A client of a scripted model that is served while the context lasts."""
    listener = loopback.listen()
    app = web.Application()
    api.add_routes(app, MODEL_ID, ScriptedModel(FUNCTIONS, pace, sleep).respond)
    client = boto3.client(
        "bedrock-runtime",
        endpoint_url=f"http://{loopback.address(listener)}",
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )
    async with loopback.serving(app, listener, cancel_deserted=True):
        try:
            yield client
        finally:
            client.close()
