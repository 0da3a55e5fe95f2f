"""Writes the binary messages of `application/vnd.amazon.eventstream`, in which Bedrock streams its answers.

A message is: total length, length of the headers, CRC32 of these two, headers, payload, CRC32 of all before it;
every number big-endian, 32 bits. It only encodes: botocore is the reader. `streaming` calls it.
"""

import json
import struct
import zlib
from collections.abc import Mapping

CONTENT_TYPE = "application/vnd.amazon.eventstream"

_STRING = 7
"""The type number of a string header; no other type is needed here."""

_LENGTHS = struct.Struct("!II")
_CHECKSUM = struct.Struct("!I")


def encode_event(event_type: str, payload: Mapping[str, object]) -> bytes:
    """One event of the stream. `payload` becomes JSON, so its blobs must be base64 text already."""
    return encode(
        {":message-type": "event", ":event-type": event_type, ":content-type": "application/json"},
        json.dumps(payload).encode(),
    )


def encode_exception(exception_type: str, message: str, **details: object) -> bytes:
    """The error that ends a stream: `exception_type` in lower camel case, such as `throttlingException`.

    `details` are its further fields.
    """
    return encode(
        {":message-type": "exception", ":exception-type": exception_type, ":content-type": "application/json"},
        json.dumps({"message": message, **details}).encode(),
    )


def encode(headers: Mapping[str, str], payload: bytes) -> bytes:
    """One message. A header's name holds at most 255 bytes, its value 65,535; `struct.error` otherwise."""
    packed = b"".join(_header(name.encode(), value.encode()) for name, value in headers.items())
    total = _LENGTHS.size + _CHECKSUM.size + len(packed) + len(payload) + _CHECKSUM.size
    lengths = _LENGTHS.pack(total, len(packed))
    message = lengths + _checksum(lengths) + packed + payload
    return message + _checksum(message)


def _header(name: bytes, value: bytes) -> bytes:
    return struct.pack(f"!B{len(name)}sBH{len(value)}s", len(name), name, _STRING, len(value), value)


def _checksum(data: bytes) -> bytes:
    return _CHECKSUM.pack(zlib.crc32(data))
