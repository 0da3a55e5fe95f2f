"""One SQS queue, as the local Lambda service uses it: send, receive by long polling, delete.

It speaks SQS's JSON protocol itself, because a call of boto3 blocks a thread and can't be cancelled while it waits. It
never creates the queue (`local.aws.server` does) and never interprets a message.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SigningKey

from local.environment import Credentials
from local.lambdas.functions import ACCOUNT

LONGEST_WAIT_SECONDS = 20
"""How long one receive call may wait (AWS, "Amazon SQS short and long polling")."""

_PATIENCE = aiohttp.ClientTimeout(total=LONGEST_WAIT_SECONDS + 10)

Message = Mapping[str, Any]
"""A message as SQS gives it: MessageId, ReceiptHandle, Body, MD5OfBody, Attributes."""


class QueueError(Exception):
    """SQS refused a call."""


@dataclass(frozen=True)
class Queue:
    """A queue at an endpoint."""

    name: str
    endpoint: str
    region: str
    credentials: Credentials

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{self.region}:{ACCOUNT}:{self.name}"

    async def send(self, body: Mapping[str, object]) -> None:
        """Put a JSON object into the queue."""
        await self._call("SendMessage", {"MessageBody": json.dumps(body)})

    async def receive(self, count: int, *, visibility_seconds: int) -> Sequence[Message]:
        """Up to `count` messages as soon as there is one, or none after a long wait.

        A message that you don't delete is received again after `visibility_seconds`.
        """
        answer = await self._call(
            "ReceiveMessage",
            {
                "MaxNumberOfMessages": count,
                "VisibilityTimeout": visibility_seconds,
                "WaitTimeSeconds": LONGEST_WAIT_SECONDS,
                "AttributeNames": ["All"],
            },
        )
        messages: Sequence[Message] = answer.get("Messages") or []
        return messages

    async def delete(self, message: Message) -> None:
        await self._call("DeleteMessage", {"ReceiptHandle": message["ReceiptHandle"]})

    async def _call(self, operation: str, parameters: Mapping[str, object]) -> Mapping[str, Any]:
        body = json.dumps({"QueueUrl": f"{self.endpoint}/{ACCOUNT}/{self.name}", **parameters}).encode()
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{operation}"}
        request = AWSRequest("POST", f"{self.endpoint}/", headers, body)
        keys = self.credentials
        key = SigningKey(keys.access_key_id, keys.secret_access_key, keys.session_token)
        SigV4Auth(key, "sqs", self.region).add_auth(request)
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE) as http,
            http.post(f"{self.endpoint}/", data=body, headers=dict(request.headers.items())) as response,
        ):
            text = await response.text()
            if not response.ok:
                raise QueueError(f"{operation} on {self.name}: HTTP {response.status} {text[:500]}")
            answer: Mapping[str, Any] = json.loads(text) if text else {}
            return answer
