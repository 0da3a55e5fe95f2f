"""`nextToken`: the place where the next page of a caller's sessions starts, as an opaque text.

A token names no owner: the caller's own is put in when it is used, so one caller's token is of no use to another.
"""

import base64
import json

from resolvers.errors import Fault, InvalidInputError
from resolvers.inputs import is_session_id
from resolvers.storage.store import Position
from resolvers.times import iso, parse


def token(position: Position | None) -> str | None:
    """The nextToken for a position; None when there is no further page."""
    if position is None:
        return None
    content = json.dumps([position.session_id, iso(position.created_at)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode()


def position(next_token: str | None) -> Position | None:
    """The position in a nextToken.

    Raises:
        InvalidInput: the token is none that `token` made.
    """
    if next_token is None:
        return None
    try:
        session_id, created_at = json.loads(base64.urlsafe_b64decode(next_token))
        created = parse(created_at)
        if not is_session_id(session_id):
            raise ValueError(f"{session_id!r} is no session id")
        iso(created)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        message = "is no token that this API gave out: pass the nextToken of the page before, or none"
        raise InvalidInputError([Fault("nextToken", message)]) from error
    return Position(session_id, created)
