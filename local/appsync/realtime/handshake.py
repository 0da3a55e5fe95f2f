"""Reads a client's subprotocols and credentials when it connects.

The credentials can be in three places: gql puts the authorization object into the query string, Amplify and Apollo's
link put it into a second subprotocol, and a plain client sends HTTP headers. This module is pure and only reads them;
`authorization.callers` checks them.
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
"""The path that a SigV4 connect signs. Clients derive it from the endpoint or from the real-time URL."""
CONNECT_BODY = b"{}"
START_PATHS = ("/graphql",)

_HEADER_SUBPROTOCOL = "header-"
_TO_STANDARD = str.maketrans({"-": "+", "_": "/", " ": "+"})  # an unescaped + in a query string arrives as a space


def subprotocols(header: str | None) -> list[str]:
    """The members of `Sec-WebSocket-Protocol`."""
    return [name.strip() for name in (header or "").split(",") if name.strip()]


def subprotocol_refusal(offered: Sequence[str]) -> ErrorEntry | None:
    """Why these subprotocols are refused, or None if they are accepted."""
    if SUBPROTOCOL in offered:
        return None
    return frames.OTHER_SUBPROTOCOL if offered else frames.NO_SUBPROTOCOL


def authorization(query: Mapping[str, str], offered: Sequence[str], headers: Mapping[str, str]) -> dict[str, str]:
    """The authorization object, names in lower case; empty if it can't be read."""
    encoded = query.get("header") or next(
        (name.removeprefix(_HEADER_SUBPROTOCOL) for name in offered if name.startswith(_HEADER_SUBPROTOCOL)), None
    )
    return lower_cased(headers) if encoded is None else _decoded(encoded)


def _decoded(encoded: str) -> dict[str, str]:
    """Decode base64 of a JSON object, padded or not, in the standard or the URL-safe alphabet."""
    text = encoded.translate(_TO_STANDARD).rstrip("=")
    try:
        value = read_json(b64decode(text + "=" * (-len(text) % 4), validate=True))
    except (binascii.Error, NotJsonError, ValueError):
        return {}
    return lower_cased(value) if isinstance(value, dict) else {}
