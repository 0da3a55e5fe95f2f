"""Reads what a client offers when it connects: its subprotocols, and its credentials in any of three places.

gql puts the authorization object into the query string, Amplify and Apollo's link into a second subprotocol, and
a plain client sends HTTP headers. Pure: what it reads is judged elsewhere.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping, Sequence

from local.appsync.authorization.callers import lower_cased
from local.appsync.errors import ErrorEntry
from local.appsync.realtime import frames
from local.appsync.wire import NotJsonError, read_json

SUBPROTOCOL = "graphql-ws"
CONNECT_PATHS = ("/graphql/connect", "/graphql/realtime/connect")
"""What a SigV4 connect signs, as the clients derive it from the endpoint or from the real-time URL."""
CONNECT_BODY = b"{}"
START_PATHS = ("/graphql",)

_HEADER_SUBPROTOCOL = "header-"
_TO_STANDARD = str.maketrans({"-": "+", "_": "/", " ": "+"})  # a query string's unescaped + arrives as a space


def subprotocols(header: str | None) -> list[str]:
    """The members of `Sec-WebSocket-Protocol`."""
    return [name.strip() for name in (header or "").split(",") if name.strip()]


def subprotocol_refusal(offered: Sequence[str]) -> ErrorEntry | None:
    """Why these subprotocols won't do; None when they will."""
    if SUBPROTOCOL in offered:
        return None
    return frames.OTHER_SUBPROTOCOL if offered else frames.NO_SUBPROTOCOL


def authorization(query: Mapping[str, str], offered: Sequence[str], headers: Mapping[str, str]) -> dict[str, str]:
    """The authorization object, names in lower case; empty when what was sent can't be read."""
    encoded = query.get("header") or next(
        (name.removeprefix(_HEADER_SUBPROTOCOL) for name in offered if name.startswith(_HEADER_SUBPROTOCOL)), None
    )
    return lower_cased(headers) if encoded is None else _decoded(encoded)


def _decoded(encoded: str) -> dict[str, str]:
    """Base64 of a JSON object: padded or not, in the standard or the URL-safe alphabet."""
    text = encoded.translate(_TO_STANDARD).rstrip("=")
    try:
        value = read_json(b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, NotJsonError, ValueError):
        return {}
    return lower_cased(value) if isinstance(value, dict) else {}
