"""The event source mapping of the local Lambda service on a real SQS queue: what is called, and what comes again."""

import asyncio
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from patience import PATIENCE

from local.environment import Credentials
from local.lambdas.event_source import EventSourceMapping
from local.lambdas.functions import Answer
from local.lambdas.queue import Queue, QueueError

DONE = Answer(b'{"batchItemFailures": []}')


@dataclass
class Consumer:
    """A function that keeps its events and answers each as planned, then with `DONE`."""

    plan: list[Callable[[dict[str, Any]], Answer]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, event: bytes) -> Answer:
        self.events.append(json.loads(event))
        self.called.set()
        return self.plan.pop(0)(self.events[-1]) if self.plan else DONE

    @property
    def bodies(self) -> list[list[object]]:
        return [[json.loads(record["body"]) for record in event["Records"]] for event in self.events]

    async def until(self, count: int) -> None:
        """Wait for the function's `count`th call."""
        async with asyncio.timeout(PATIENCE):
            while len(self.events) < count:
                self.called.clear()
                await self.called.wait()


@pytest.fixture
def queue(aws: str) -> Queue:
    name = f"failed-{uuid.uuid4()}"
    boto3.client("sqs").create_queue(QueueName=name)
    return Queue(name, aws, "us-east-1", Credentials("testing", "testing"))


def mapping(queue: Queue, consumer: Consumer, log: Callable[[str], None] = print) -> EventSourceMapping:
    return EventSourceMapping(queue, consumer, visibility_seconds=2, log=log)


async def is_empty(queue: Queue) -> bool:
    """Whether nothing is in the queue, seen or unseen."""
    client = boto3.client("sqs", endpoint_url=queue.endpoint)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = client.get_queue_url(QueueName=queue.name)["QueueUrl"]
    told = await asyncio.to_thread(client.get_queue_attributes, QueueUrl=url, AttributeNames=names)
    client.close()
    return set(told["Attributes"].values()) == {"0"}


async def test_a_message_reaches_the_function_as_lambda_hands_it_over_and_is_deleted(queue: Queue) -> None:
    """A finally failed event goes to the on-failure queue, and from it to its consumer, in SQS's event."""
    consumer = Consumer()
    async with mapping(queue, consumer).consuming():
        await queue.send({"requestPayload": {"session_id": "Zoë"}})
        await consumer.until(1)
        async with asyncio.timeout(PATIENCE):
            while not await is_empty(queue):  # noqa: ASYNC110 - SQS has no event for it
                await asyncio.sleep(0.05)
    [record] = consumer.events[0]["Records"]
    assert json.loads(record["body"]) == {"requestPayload": {"session_id": "Zoë"}}
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == f"arn:aws:sqs:us-east-1:123456789012:{queue.name}"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageId"]
    assert record["receiptHandle"]


async def test_only_what_failed_comes_again_after_the_visibility_timeout(queue: Queue) -> None:
    """A session that could not be ended yet is brought again, and none of the others."""

    def fail_the_first(event: dict[str, Any]) -> Answer:
        failed = [{"itemIdentifier": event["Records"][0]["messageId"]}]
        return Answer(json.dumps({"batchItemFailures": failed}).encode())

    consumer = Consumer([fail_the_first])
    for number in (1, 2):
        await queue.send({"number": number})
    async with mapping(queue, consumer).consuming():
        await consumer.until(2)
    assert consumer.bodies == [[{"number": 1}, {"number": 2}], [{"number": 1}]]
    assert consumer.events[1]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer.error("Runtime.ExitError", "killed"), id="the function died"),
        pytest.param(Answer(b'{"batchItemFailures": [{"itemIdentifier": "nobody"}]}'), id="it named a stranger"),
    ],
)
async def test_a_batch_that_failed_whole_comes_again_whole(queue: Queue, answer: Answer) -> None:
    """Even when the consumer itself dies, no failed event is lost."""
    consumer = Consumer([lambda _: answer])
    await queue.send({"number": 1})
    async with mapping(queue, consumer).consuming():
        await consumer.until(2)
    assert consumer.bodies == [[{"number": 1}], [{"number": 1}]]


async def test_an_answer_that_says_nothing_means_that_all_is_done(queue: Queue) -> None:
    """As in Lambda, a consumer that returns null has handled its batch."""
    consumer = Consumer([lambda _: Answer(b"null")])
    await queue.send({"number": 1})
    async with mapping(queue, consumer).consuming():
        await consumer.until(1)
        await queue.send({"number": 2})
        await consumer.until(2)
    assert consumer.bodies == [[{"number": 1}], [{"number": 2}]]


async def test_a_queue_that_is_away_is_logged_and_asked_again(queue: Queue) -> None:
    """The mapping outlives an outage of SQS."""
    lines: list[str] = []
    missing = Queue("no-such-queue", queue.endpoint, queue.region, queue.credentials)
    with pytest.raises(QueueError, match="ReceiveMessage on no-such-queue: HTTP 400"):
        await missing.receive(1, visibility_seconds=1)
    async with mapping(missing, Consumer(), lines.append).consuming(), asyncio.timeout(PATIENCE):
        while not lines:  # noqa: ASYNC110 - the mapping only writes a log
            await asyncio.sleep(0.01)
    assert "no-such-queue" in lines[0]
