"""The errors of a call to the API.

One context manager translates gql's exceptions and AppSync's error types, so that other modules need to know neither.
Only an `UnavailableError` is worth another try; every other error says what to change.
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
from websockets.exceptions import InvalidStatus


class ClientError(Exception):
    """A request failed. The message is for the user."""


class UnavailableError(ClientError):
    """The API can't be reached, is overloaded, or failed internally. The same request may succeed later."""


class TooManyRequestsError(UnavailableError):
    """The firewall refused the request, because too many came from this address or with these credentials."""


class UnauthorizedError(ClientError):
    """The API refused the credentials."""


class NotFoundError(ClientError):
    """There is no such session, or it belongs to another caller."""


class ConflictError(ClientError):
    """The session's state does not allow this."""


class LimitExceededError(ClientError):
    """The caller has as many active sessions, or has submitted as often today, as the API allows."""


class RejectedError(ClientError):
    """The API and this client don't understand each other: the endpoint or a version is wrong."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of the input. `field` is its name in the API."""

    field: str
    message: str


class InvalidInputError(ClientError):
    """The API refused the input. `faults` says which fields are wrong, and why."""

    def __init__(self, message: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(message)
        self.faults = faults


class RefusedError(TransportServerError):
    """A `connection_error`, with its errors as data. gql's own exception only has them as text."""

    def __init__(self, errors: list[object]) -> None:
        super().__init__(f"the server refused the connection: {errors!r}")
        self.errors = errors


# AppSync names an error by `errorType`. An error without one is a document that failed validation. A type that is
# not listed here (a resolver's time-out, an `Internal` failure, a limit, a throttled store) is the server's problem
# and may pass.
_BY_TYPE: Mapping[str, type[ClientError]] = {
    "Unauthorized": UnauthorizedError,
    "UnauthorizedException": UnauthorizedError,
    "AccessDeniedException": UnauthorizedError,
    "NotFound": NotFoundError,
    "Conflict": ConflictError,
    "LimitExceeded": LimitExceededError,
    "TooManyRequests": TooManyRequestsError,
    "ValidationError": RejectedError,
    "BadRequestException": RejectedError,
    "MalformedHttpRequestException": RejectedError,
    "UnsupportedOperation": RejectedError,
}

_BY_HTTP_STATUS: Mapping[int, type[ClientError]] = {
    HTTPStatus.UNAUTHORIZED: UnauthorizedError,
    HTTPStatus.FORBIDDEN: UnauthorizedError,
    HTTPStatus.REQUEST_TIMEOUT: UnavailableError,
    HTTPStatus.TOO_MANY_REQUESTS: TooManyRequestsError,
}

_CREDENTIALS_REFUSED = "the API refused the credentials: check --api-key, --token or --user"
_TOO_MANY = "too many requests: wait a minute, then try again"


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Translate exceptions of gql and the network into a `ClientError` that names `action`, the attempted call."""
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
        raise _not_connected(error, action) from error


def from_graphql(errors: object, action: str) -> ClientError:
    """The exception for AppSync's `errors`. It reports the first error, with all faults if the input is invalid."""
    first = _first(errors)
    kind = first.get("errorType")
    message = str(first.get("message") or kind or "no reason given")
    if kind == "InvalidInput":
        return InvalidInputError(message, _faults(first.get("errorInfo")))
    wanted = RejectedError if kind is None else _BY_TYPE.get(str(kind), UnavailableError)
    if wanted is UnauthorizedError:
        return UnauthorizedError(f"{_CREDENTIALS_REFUSED} ({message})")
    return wanted(f"{action}: {_TOO_MANY if wanted is TooManyRequestsError else message}")


def _from_status(error: TransportServerError, action: str) -> ClientError:
    if error.code is None or error.code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return UnavailableError(f"{action}: {error}")
    return _refused(error.code, action, str(error))


def _refused(status: int, action: str, said: str) -> ClientError:
    wanted = _BY_HTTP_STATUS.get(status, RejectedError)
    if wanted is UnauthorizedError:
        return UnauthorizedError(_CREDENTIALS_REFUSED)
    return wanted(f"{action}: {_TOO_MANY if wanted is TooManyRequestsError else said}")


def _first(errors: object) -> Mapping[str, object]:
    """The first error. In a WebSocket frame, the errors are wrapped in one more object: `{"errors": […]}`."""
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


def _not_connected(error: BaseException, action: str) -> ClientError:
    """The exception with the message of the innermost cause, because gql's own is only "Connect failed"."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, InvalidStatus) and error.response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequestsError(f"{action}: {_TOO_MANY}")
    return UnavailableError(f"{action}: no connection to the API ({str(error) or type(error).__name__})")
