"""Encodes and decodes `nextToken`: where the next page of a caller's sessions starts, as an opaque text.

A token holds no owner. The query adds the owner of whoever uses it, so a token shows a caller no sessions of others.
"""

import base64
import json

from resolvers.api.inputs import is_session_id
from resolvers.errors import Fault, InvalidInputError
from resolvers.storage.store import Position
from resolvers.times import iso, parse


def token(position: Position | None) -> str | None:
    """The nextToken for a position, or None if there is no further page."""
    if position is None:
        return None
    content = json.dumps([position.session_id, iso(position.created_at)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode()


def position(next_token: str | None) -> Position | None:
    """The position in a nextToken.

    Raises:
        InvalidInputError: `token` did not make this token.
    """
    if next_token is None:
        return None
    try:
        session_id, created_at = json.loads(base64.urlsafe_b64decode(next_token))
        created = parse(created_at)
        if not is_session_id(session_id):
            raise ValueError(f"{session_id!r} is not a session id")
        iso(created)  # fails for a time that UTC can't express, which the query would fail on
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        message = "is not a token of this API: pass the nextToken of the page before, or leave it out"
        raise InvalidInputError([Fault("nextToken", message)]) from error
    return Position(session_id, created)
