"""The event-stream writer against botocore, the reader that the worker uses: first its parser, then a real call."""

import base64
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.eventstream import ChecksumMismatch, EventStreamBuffer
from botocore.exceptions import EventStreamError

from local.bedrock import encoding as eventstream

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient


def parse(data: bytes) -> list[Any]:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return list(buffer)


@contextmanager
def serving(body: bytes) -> "Iterator[AgentsforBedrockRuntimeClient]":
    """A boto3 client of an agent service whose every answer is `body`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", eventstream.CONTENT_TYPE)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        client = boto3.client(
            "bedrock-agent-runtime",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )
        try:
            yield client
        finally:
            client.close()
            server.shutdown()
            thread.join()


def invoke(client: "AgentsforBedrockRuntimeClient") -> Iterator[Any]:
    answer = client.invoke_agent(agentId="AGENT", agentAliasId="ALIAS", sessionId="session", inputText="hello")
    return iter(answer["completion"])


def test_a_message_is_laid_out_as_the_format_says() -> None:
    message = eventstream.encode({"a": "bc"}, b"payload")
    assert message[:8] == struct.pack("!II", len(message), 7)
    assert message[12:-4] == b"\x01a\x07\x00\x02bc" + b"payload"


def test_botocore_reads_headers_and_payload() -> None:
    messages = parse(eventstream.encode_event("trace", {"text": "größer"}))
    assert [message.headers for message in messages] == [
        {":message-type": "event", ":event-type": "trace", ":content-type": "application/json"}
    ]
    assert messages[0].payload == b'{"text": "gr\\u00f6\\u00dfer"}'


def test_messages_written_one_after_the_other_are_read_one_by_one() -> None:
    data = b"".join(eventstream.encode_event("chunk", {"n": n}) for n in range(3))
    assert [message.payload for message in parse(data)] == [b'{"n": 0}', b'{"n": 1}', b'{"n": 2}']


@pytest.mark.parametrize("position", [1, 9, 20, -6, -1])
def test_a_flipped_bit_anywhere_is_noticed(position: int) -> None:
    data = bytearray(eventstream.encode_event("chunk", {"n": 1}))
    data[position] ^= 1
    if position == 1:  # a longer total length: the checksum of the prelude speaks before more bytes are awaited
        data += bytes(1 << 16)
    with pytest.raises(ChecksumMismatch):
        parse(bytes(data))


def test_boto3_decodes_chunks_and_traces() -> None:
    half = "é".encode()[:1]
    body = eventstream.encode_event(
        "trace", {"sessionId": "session", "trace": {"orchestrationTrace": {"rationale": {"text": "Think."}}}}
    ) + eventstream.encode_event("chunk", {"bytes": base64.b64encode(half).decode()})
    with serving(body) as client:
        trace, chunk = invoke(client)
    assert trace["trace"]["trace"]["orchestrationTrace"]["rationale"]["text"] == "Think."
    assert chunk == {"chunk": {"bytes": half}}


def test_boto3_raises_an_exception_that_comes_within_the_stream() -> None:
    body = eventstream.encode_event("chunk", {"bytes": base64.b64encode(b"so far").decode()})
    body += eventstream.encode_exception("throttlingException", "Slow down.")
    with serving(body) as client:
        events = invoke(client)
        assert next(events) == {"chunk": {"bytes": b"so far"}}
        with pytest.raises(EventStreamError) as raised:
            next(events)
    assert raised.value.response["Error"] == {"Code": "throttlingException", "Message": "Slow down."}
