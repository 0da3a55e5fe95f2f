"""What can go wrong between this client and the API, in the client's own words.

One context manager translates gql's exceptions and AppSync's error types, so that no other module knows either.
`UnavailableError` alone is worth another try; every other error says what to change.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from gql.transport.exceptions import (
    TransportError,
    TransportProtocolError,
    TransportQueryError,
    TransportServerError,
)


class ClientError(Exception):
    """A request that failed, with a message for the person who made it."""


class UnavailableError(ClientError):
    """The API can't be reached, is overloaded or failed inside: the same request may succeed later."""


class UnauthorizedError(ClientError):
    """The API refused the credentials."""


class NotFoundError(ClientError):
    """There is no such session, or it belongs to somebody else."""


class ConflictError(ClientError):
    """The session is not in a state for this."""


class RejectedError(ClientError):
    """The API did not understand this client, or this client the API: the endpoint is another, or a version."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of the input, by the field's name in the API."""

    field: str
    message: str


class InvalidInputError(ClientError):
    """The API found fault with the input."""

    def __init__(self, message: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(message)
        self.faults = faults


class RefusedError(TransportServerError):
    """A `connection_error` with the errors that gql's own exception flattens into text."""

    def __init__(self, errors: list[object]) -> None:
        super().__init__(f"the server refused the connection: {errors!r}")
        self.errors = errors


# AppSync names an error by `errorType`. One without is a document that failed validation; one not listed (a
# resolver's time-out, an `Internal` failure, a limit, a throttled store) is the server's trouble and may pass.
_BY_TYPE: Mapping[str, type[ClientError]] = {
    "Unauthorized": UnauthorizedError,
    "UnauthorizedException": UnauthorizedError,
    "AccessDeniedException": UnauthorizedError,
    "NotFound": NotFoundError,
    "Conflict": ConflictError,
    "ValidationError": RejectedError,
    "BadRequestException": RejectedError,
    "MalformedHttpRequestException": RejectedError,
    "UnsupportedOperation": RejectedError,
}

_BY_HTTP_STATUS: Mapping[int, type[ClientError]] = {
    HTTPStatus.UNAUTHORIZED: UnauthorizedError,
    HTTPStatus.FORBIDDEN: UnauthorizedError,
    HTTPStatus.REQUEST_TIMEOUT: UnavailableError,
    HTTPStatus.TOO_MANY_REQUESTS: UnavailableError,
}

_CREDENTIALS_REFUSED = "the API refused the credentials: check --api-key, --token or --user"


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Raise what gql and the network raise as a `ClientError` that names `action`, what was being tried."""
    try:
        yield
    except TransportQueryError as error:
        raise from_graphql(error.errors, action) from error
    except RefusedError as error:
        raise from_graphql(error.errors, action) from error
    except TransportServerError as error:
        raise _from_status(error, action) from error
    except TransportProtocolError as error:
        raise RejectedError(f"{action}: the answer is not GraphQL; is --endpoint the API's own? ({error})") from error
    except TimeoutError as error:
        raise UnavailableError(f"{action}: the API did not answer in time") from error
    except (TransportError, aiohttp.ClientError, OSError) as error:
        raise UnavailableError(f"{action}: no connection to the API ({_reason(error)})") from error


def from_graphql(errors: object, action: str) -> ClientError:
    """The error that AppSync's `errors` tell of: the first, but for all the faults of an input."""
    first = _first(errors)
    kind = first.get("errorType")
    message = str(first.get("message") or kind or "no reason given")
    if kind == "InvalidInput":
        return InvalidInputError(message, _faults(first.get("errorInfo")))
    wanted = RejectedError if kind is None else _BY_TYPE.get(str(kind), UnavailableError)
    if wanted is UnauthorizedError:
        return UnauthorizedError(f"{_CREDENTIALS_REFUSED} ({message})")
    return wanted(f"{action}: {message}")


def _from_status(error: TransportServerError, action: str) -> ClientError:
    if error.code is None or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnavailableError(f"{action}: {error}")
    wanted = _BY_HTTP_STATUS.get(error.code, RejectedError)
    return UnauthorizedError(_CREDENTIALS_REFUSED) if wanted is UnauthorizedError else wanted(f"{action}: {error}")


def _first(errors: object) -> Mapping[str, object]:
    """The first error; a WebSocket frame wraps its errors once more, as `{"errors": […]}`."""
    match errors:
        case [{"errors": nested}, *_]:
            return _first(nested)
        case [dict() as error, *_]:
            return error
    return {"errorType": "Unknown", "message": f"an error without a description: {errors!r}"}


def _faults(info: object) -> tuple[Fault, ...]:
    if not isinstance(info, list):
        return ()
    return tuple(
        Fault(str(fault.get("field", "input")), str(fault.get("message", "is not valid")))
        for fault in info
        if isinstance(fault, dict)
    )


def _reason(error: BaseException) -> str:
    """The words of the innermost cause: gql's own are "Connect failed"."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error) or type(error).__name__
