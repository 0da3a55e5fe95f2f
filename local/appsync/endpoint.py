"""GraphQL over HTTP as AppSync serves it: `POST /graphql`, with CORS headers that let a page of any origin call it.

It reads a request, authenticates its caller, executes it, publishes a mutation's result to its subscribers, and writes
the response.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import ClientPayloadError, web
from aiohttp.web_protocol import RequestPayloadError

from local.appsync import wire
from local.appsync.authorization.callers import Authorizer, Credentials, authenticate
from local.appsync.errors import (
    EMPTY_BODY,
    INTERNAL_FAILURE,
    TOO_LARGE,
    UNPARSABLE,
    RejectedError,
    Rejection,
)
from local.appsync.execution import Execution
from local.appsync.realtime.hub import Hub
from local.appsync.requests import read_request

_log = logging.getLogger(__name__)

MAX_REQUEST_BYTES = 1024 * 1024

_CORS = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amz-user-agent,x-amzn-ErrorMessage,Date",
}


@dataclass(frozen=True)
class Endpoint:
    """The HTTP endpoint of one API."""

    execution: Execution
    hub: Hub
    authorizers: Sequence[Authorizer]

    async def post(self, request: web.Request) -> web.Response:
        """Answer a query or mutation."""
        try:
            return _json(await self._answer(request))
        except RejectedError as error:
            response = rejected(error.rejection)
            if request.content.exception():
                response.force_close()  # we can't tell where the next request begins
            return response
        except Exception:  # noqa: BLE001 - an unexpected error must still be answered in the form that clients read
            _log.exception("A request could not be served")
            return rejected(INTERNAL_FAILURE)

    async def options(self, request: web.Request) -> web.Response:
        """Answer a browser's preflight."""
        return web.Response(
            headers=_CORS
            | {
                "access-control-allow-methods": "POST,OPTIONS",
                "access-control-allow-headers": request.headers.get("access-control-request-headers", "*"),
                "access-control-max-age": "172800",
            }
        )

    async def _answer(self, request: web.Request) -> dict[str, object]:
        body = await _read(request)
        credentials = Credentials(
            headers=joined_headers(request),
            body=body,
            paths=(request.raw_path,),
            source_ip=request.remote or "",
        )
        caller = await authenticate(self.authorizers, credentials)
        if not body:
            raise RejectedError(EMPTY_BODY)
        try:
            value = wire.read_json(body)
        except wire.NotJsonError as error:
            raise RejectedError(UNPARSABLE) from error
        outcome = await self.execution.run(read_request(value, caller))
        return outcome.response(self.hub.publish(outcome))


async def _read(request: web.Request) -> bytes:
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise RejectedError(TOO_LARGE) from error
    except (RequestPayloadError, ClientPayloadError, ConnectionError) as error:
        # The body is not the gzip that it claims to be, a chunk has no size, or the client is gone.
        # Without feed_eof, aiohttp would read the rest of the body after our answer, and log a traceback.
        request.content.feed_eof()
        raise RejectedError(UNPARSABLE) from error


def joined_headers(request: web.Request) -> dict[str, str]:
    """The request's headers under lower-case names; the values of a repeated header are joined with commas."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    return headers


def rejected(rejection: Rejection) -> web.Response:
    """The response to a request that is refused as a whole."""
    return _json(rejection.body, status=rejection.status, error_type=rejection.error_type)


def _json(body: dict[str, object], status: int = 200, error_type: str | None = None) -> web.Response:
    headers = _CORS | ({"x-amzn-ErrorType": error_type} if error_type else {})
    return web.Response(
        text=wire.write_json(body), status=status, headers=headers, content_type="application/json", charset="utf-8"
    )
