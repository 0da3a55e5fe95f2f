"""What a connecting client offers: its subprotocols, and credentials in each of the three places."""

import json
from base64 import b64encode, urlsafe_b64encode

import pytest

from local.appsync.realtime import handshake

# The ~ and ? make the two base64 alphabets differ.
AUTHORIZATION = {"host": "h", "x-api-key": "da2-~~~???>>>"}
TEXT = json.dumps(AUTHORIZATION).encode()
STANDARD = b64encode(TEXT).decode()
URL_SAFE = urlsafe_b64encode(TEXT).decode()


def test_the_sample_tells_the_alphabets_and_paddings_apart() -> None:
    assert STANDARD != URL_SAFE
    assert STANDARD.endswith("=")


@pytest.mark.parametrize(
    "encoded",
    [STANDARD, STANDARD.rstrip("="), URL_SAFE, URL_SAFE.rstrip("="), STANDARD.replace("+", " ")],
    ids=["standard", "standard-unpadded", "url-safe", "url-safe-unpadded", "unescaped-plus"],
)
def test_the_query_string_carries_them_in_any_base64(encoded: str) -> None:
    assert handshake.authorization({"header": encoded, "payload": "e30="}, ["graphql-ws"], {}) == AUTHORIZATION


def test_a_second_subprotocol_carries_them() -> None:
    offered = handshake.subprotocols(f"graphql-ws, header-{URL_SAFE.rstrip('=')}")

    assert handshake.authorization({}, offered, {"x-api-key": "another"}) == AUTHORIZATION


def test_plain_headers_carry_them() -> None:
    assert handshake.authorization({}, ["graphql-ws"], {"x-api-key": "k"}) == {"x-api-key": "k"}


@pytest.mark.parametrize("encoded", ["%", "A", "####", b64encode(b"\xff\xfe\x00").decode(), "W10=", "bm8=", "é"])
def test_what_can_not_be_read_is_no_credentials(encoded: str) -> None:
    assert handshake.authorization({"header": encoded}, ["graphql-ws"], {"x-api-key": "k"}) == {}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("graphql-ws", None),
        ("header-e30, graphql-ws", None),
        ("graphql-transport-ws", "SubProtocolNotSupportedError"),
        ("", "NoProtocolError"),
        (None, "NoProtocolError"),
    ],
)
def test_only_appsyncs_subprotocol_is_spoken(header: str | None, message: str | None) -> None:
    refusal = handshake.subprotocol_refusal(handshake.subprotocols(header))

    assert refusal == (None if message is None else {"message": message, "errorCode": 400})
