"""An event source mapping: takes messages from a queue and calls a function with them, as Lambda does for SQS.

A message that the function has handled is deleted. One that it failed stays in the queue, and is received again after
the visibility time-out. It calls one batch at a time and never reads a message's body. `local.stack` runs it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp

from local.lambdas.functions import Answer
from local.lambdas.queue import Message, Queue, QueueError

BATCH_SIZE = 10
"""Lambda's default for a standard queue."""

_PAUSE_SECONDS = 1.0
"""How long to wait before an unreachable queue is asked again."""


@dataclass(frozen=True)
class EventSourceMapping:
    """A queue and the function that consumes it."""

    queue: Queue
    invoke: Callable[[bytes], Awaitable[Answer]]
    """Calls the function with an event."""
    visibility_seconds: int
    """How long a message stays hidden after it was received."""
    log: Callable[[str], None]

    @asynccontextmanager
    async def consuming(self) -> AsyncIterator[None]:
        """Consume the queue while the context lasts."""
        consumer = asyncio.create_task(self._run())
        try:
            yield
        finally:
            consumer.cancel()
            with suppress(asyncio.CancelledError):
                await consumer

    async def _run(self) -> None:
        while True:
            try:
                await self._turn()
            except (aiohttp.ClientError, QueueError, TimeoutError) as error:
                self.log(f"The queue {self.queue.name} could not be asked: {error!r}")
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _turn(self) -> None:
        messages = await self.queue.receive(BATCH_SIZE, visibility_seconds=self.visibility_seconds)
        if not messages:
            return
        event = {"Records": [self._record(message) for message in messages]}
        failed = failures(await self.invoke(json.dumps(event).encode()), messages)
        for message in messages:
            if message["MessageId"] not in failed:
                await self.queue.delete(message)

    def _record(self, message: Message) -> dict[str, object]:
        """A message as a function receives it (AWS, "Using Lambda with Amazon SQS")."""
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.queue.arn,
            "awsRegion": self.queue.region,
        }


def failures(answer: Answer, messages: Sequence[Message]) -> Collection[str]:
    """The ids of the messages that stay: those that the function names in `batchItemFailures`.

    All of them when it failed, or when it names one that it was not given (AWS, "Reporting batch item failures").
    """
    every = {message["MessageId"] for message in messages}
    if answer.failed:
        return every
    result = json.loads(answer.payload)
    listed = result.get("batchItemFailures") if isinstance(result, Mapping) else None
    named = {item.get("itemIdentifier") for item in listed or []}
    return every if named - every else named
