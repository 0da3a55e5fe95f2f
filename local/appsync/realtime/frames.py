"""The frames that the server sends over a real-time connection, in AppSync's exact form.

Clients are strict: gql closes its socket at an unknown message type, and Amplify drops a `data` frame without
`payload.data`. So every frame that is sent is made here.
"""

from collections.abc import Mapping, Sequence

from local.appsync import wire
from local.appsync.errors import ErrorEntry, Rejection

Frame = dict[str, object]

KEEP_ALIVE: Frame = {"type": "ka"}

NO_SUBPROTOCOL: ErrorEntry = {"message": "NoProtocolError", "errorCode": 400}
OTHER_SUBPROTOCOL: ErrorEntry = {"message": "SubProtocolNotSupportedError", "errorCode": 400}

BAD_REQUEST = Rejection(400, "BadRequestException", "The message is not one that this connection understands.")
RATE_EXCEEDED = Rejection(400, "LimitExceededError", "Rate limit exceeded")


def too_many(limit: int) -> Rejection:
    return Rejection(400, "MaxSubscriptionsReachedError", f"Max number of {limit} subscriptions reached")


def duplicated(id_: str) -> Rejection:
    return Rejection(400, "DuplicatedOperationError", f"Duplicated operation with id {id_}")


def refused_connection(rejection: Rejection) -> ErrorEntry:
    """A refusal as `connection_error` lists it."""
    return rejection.entry | {"errorCode": 400}


def connection_ack(timeout_ms: int) -> Frame:
    return {"type": "connection_ack", "payload": {"connectionTimeoutMs": timeout_ms}}


def connection_error(error: ErrorEntry) -> Frame:
    return {"type": "connection_error", "payload": {"errors": [error]}}


def start_ack(id_: str) -> Frame:
    return {"type": "start_ack", "id": id_}


def data(id_: str, payload: Mapping[str, object]) -> Frame:
    """`payload` is a GraphQL response: `data`, and `errors` if there are any."""
    return {"type": "data", "id": id_, "payload": payload}


def complete(id_: str) -> Frame:
    return {"type": "complete", "id": id_}


def text(frame: Frame) -> str:
    """The frame's text. The payload of an update is written as JSON only once for all its receivers."""
    payload = frame.get("payload")
    if not isinstance(payload, wire.Written):
        return wire.write_json(frame)
    return f'{{"type":{wire.write_json(frame["type"])},"id":{wire.write_json(frame["id"])},"payload":{payload.text}}}'


def error(id_: str | None, errors: Sequence[ErrorEntry]) -> Frame:
    """An error of one subscription, or of a message that belongs to no subscription."""
    of: Frame = {} if id_ is None else {"id": id_}
    return {"type": "error"} | of | {"payload": {"errors": list(errors)}}
