"""The shapes in which AppSync reports errors: a refused request, an error at a field, an invalid document.

AppSync puts a resolver's error keys at the top level of the entry, not under GraphQL's `extensions`, and every
location has a `sourceName` of null. Every error that this server sends gets its shape here.
"""

from dataclasses import dataclass
from typing import Final

from graphql import GraphQLError

ErrorEntry = dict[str, object]

UNAUTHORIZED_FIELD: Final = "Unauthorized"


class FieldError(Exception):
    """A root field's resolver failed, or the caller may not use the field.

    The arguments are those of AppSync's `util.error`: `error_type` becomes `errorType`, `info` becomes `errorInfo`.
    """

    def __init__(self, message: str, *, error_type: str, info: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.error_type = error_type
        self.info = info


@dataclass(frozen=True)
class Rejection:
    """A request that AppSync refuses as a whole, before any field is executed."""

    status: int
    """The HTTP status; 400 is also the `errorCode` of a refused connection."""
    error_type: str
    message: str

    @property
    def entry(self) -> ErrorEntry:
        return {"errorType": self.error_type, "message": self.message}

    @property
    def body(self) -> dict[str, object]:
        return {"errors": [self.entry]}


class RejectedError(Exception):
    """The request is refused as a whole."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.message)
        self.rejection = rejection


UNAUTHORIZED = Rejection(401, "UnauthorizedException", "You are not authorized to make this call.")
EMPTY_BODY = Rejection(400, "MalformedHttpRequestException", "Request body is empty.")
UNPARSABLE = Rejection(400, "MalformedHttpRequestException", "Unable to parse GraphQL query.")
TOO_LARGE = Rejection(413, "RequestEntityTooLargeException", "The request body is larger than 1 MB.")
NO_UPGRADE = Rejection(400, "BadRequestException", "Send GraphQL by POST; a GET here must upgrade to a WebSocket.")
INTERNAL_FAILURE = Rejection(500, "InternalFailure", "The request could not be served: see the server's log.")
NO_SUBSCRIPTIONS_HERE = Rejection(400, "BadRequestException", "Subscriptions over MQTT is not supported.")
"""AppSync's own message for a subscription sent to the HTTP endpoint; MQTT was its first real-time transport."""


def unsupported(what: str) -> Rejection:
    """The refusal of anything but a subscription on a real-time connection."""
    return Rejection(400, "UnsupportedOperation", f"{what} not supported through the realtime channel")


def not_authorized(type_name: str, field_name: str) -> FieldError:
    """The error for a field that the caller's authorization mode may not use."""
    return FieldError(f"Not Authorized to access {field_name} on type {type_name}", error_type=UNAUTHORIZED_FIELD)


def is_unauthorized(error: GraphQLError) -> bool:
    """Whether the error is one of `not_authorized`."""
    cause = error.original_error
    return isinstance(cause, FieldError) and cause.error_type == UNAUTHORIZED_FIELD


def entry(error: GraphQLError) -> ErrorEntry:
    """An error as AppSync lists it in a response's `errors`."""
    locations = [{"line": line, "column": column, "sourceName": None} for line, column in error.locations or ()]
    cause = error.original_error
    if isinstance(cause, FieldError):
        return {
            "path": error.path,
            "data": None,
            "errorType": cause.error_type,
            "errorInfo": cause.info,
            "locations": locations,
            "message": cause.message,
        }
    if error.path:  # the value does not fit its type, such as null for a non-null field
        return {"path": error.path, "locations": None, "message": error.message}
    return {"path": None, "locations": locations, "message": error.message}
