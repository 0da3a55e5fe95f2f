"""Interprets the API's HTTP answer to a publish: a reply, or one of the ways in which a publish can fail.

Pure; `worker.appsync.mutation` passes in status and body. AppSync answers most errors with status 200, so the `errors`
in the body are what counts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from schema.refusals import ErrorType
from schema.statuses import SessionStatus
from schema.usage import NO_USAGE, Usage
from worker.publisher import PublishConflictError, PublishFailedError, PublishRefusedError, UpdateInvalidError
from worker.updates import Reply

_TEMPORARY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
"""The 4xx statuses after which another try may succeed. Every other 4xx status is a refusal."""

_REFUSALS: Mapping[str, str] = {
    ErrorType.INVALID_INPUT: (
        "the worker and the API disagree about what an update may hold: deploy both from one version"
    ),
    ErrorType.UNAUTHORIZED: "let the worker's role have appsync:GraphQL on Mutation.publishProgress",
    "UnauthorizedException": "check the credentials of the worker's role and that GRAPHQL_URL is this API's",
    "AccessDeniedException": "let the worker's role have appsync:GraphQL on Mutation.publishProgress",
    "MalformedHttpRequestException": "the worker sent something that is not a GraphQL request",
}
"""The error types that sending again won't change, each with its cause or what to do. Any other counts as
temporary, unless the HTTP status is a refusal."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted publish."""

    reply: Reply
    complaints: tuple[str, ...]
    """Errors that came with the data. Subscribers may not have received this update."""


def accepted(status: int, body: bytes) -> Answer:
    """The answer to a publish that the API accepted.

    Raises:
        PublishConflictError, PublishRefusedError, PublishFailedError: the API did not accept it.
    """
    parsed = _json_object(body)
    errors = _errors(parsed)
    progress = (parsed.get("data") or {}).get("publishProgress")
    if status != HTTPStatus.OK or progress is None:
        raise _failure(status, errors[0] if errors else {"message": "the answer holds neither data nor errors"})
    reply = Reply(
        status=SessionStatus(progress["status"]),
        progress=progress["progress"],
        revision=progress["revision"],
        last_sequence=progress["lastSequence"],
        cancel_requested=progress["cancelRequested"],
        usage=_usage(progress.get("usage")),
        proposal_version=progress.get("proposalVersion") or 0,
    )
    return Answer(reply, tuple(str(error.get("message", error)) for error in errors))


def _usage(found: Mapping[str, Any] | None) -> Usage:
    """The session's usage; none where an API of an older version does not have it."""
    return NO_USAGE if found is None else Usage.from_api(found)


def _failure(status: int, error: Mapping[str, Any]) -> Exception:
    kind = str(error.get("errorType") or "")
    message = f"HTTP {status} {kind}: {error.get('message') or 'no message'}"
    if kind == ErrorType.NOT_FOUND:
        return PublishConflictError(f"{message}. The session was deleted, or it has expired.", {})
    if kind == ErrorType.CONFLICT:
        info = error.get("errorInfo")
        return PublishConflictError(message, info if isinstance(info, dict) else {})
    refused_by_http = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _TEMPORARY
    if kind in _REFUSALS or refused_by_http:
        error_type = UpdateInvalidError if kind == ErrorType.INVALID_INPUT else PublishRefusedError
        return error_type(f"{message}. Not sent again; {_REFUSALS.get(kind, 'check GRAPHQL_URL')}.")
    return PublishFailedError(message)


def _errors(parsed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = parsed.get("errors")
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
