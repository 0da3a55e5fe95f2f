"""The Lambda behind every root field of the API, for AppSync's unit resolvers (`resolver.js`).

Thin by intent: parse the arguments, call one method of `Sessions`, put the answer into the API's words. Domain
errors are answered as data that resolver.js turns into GraphQL errors; anything unexpected fails the Lambda with
a request id and no detail.
"""

import gc

if gc.isenabled():
    gc.disable()  # what importing makes stays: looking through it for garbage is a tenth of a cold start

import os
import random
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import AppSyncResolver
from botocore.config import Config

from resolvers import answers, inputs, lifecycle, pages
from resolvers.caller import Caller, caller
from resolvers.errors import DomainError, InternalError, UnauthorizedError
from resolvers.links import Links
from resolvers.metrics import MeasuredStore
from resolvers.operations import Sessions
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.worker import LambdaWorker
from schema import limits

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client

_SERVICE = "scopesmith-resolvers"
_ID_LENGTH = 36

log = Logger(service=_SERVICE, use_rfc3339=True)
app = AppSyncResolver()  # type: ignore[no-untyped-call]  # Powertools leaves its __init__ untyped

# A caller waits for us, and AppSync gives up after 30 s: fail early rather than hang.
_CLIENT = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})
_INVOKE = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
_S3 = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})  # the form that every region takes


@cache
def _lambda_client() -> "LambdaClient":
    return boto3.client("lambda", config=_INVOKE)


@cache
def _s3_client() -> "S3Client":
    return boto3.client("s3", config=_S3)


sessions = Sessions(
    MeasuredStore(DynamoDBStore(boto3.client("dynamodb", config=_CLIENT), os.environ["SESSIONS_TABLE_NAME"]), _SERVICE),
    LambdaWorker(_lambda_client, os.environ["WORKER_FUNCTION_NAME"]),
    now=lambda: datetime.now(UTC),
    sleep=time.sleep,
    random=random.SystemRandom().random,
    new_id=lambda: str(uuid.uuid4()),
    keep=timedelta(days=int(os.environ.get("SESSION_DAYS", "30"))),
    lease=timedelta(seconds=float(os.environ.get("SESSION_LEASE_SECONDS", lifecycle.LEASE.total_seconds()))),
    log=log,
)
links = Links(_s3_client, os.environ["ARTIFACTS_BUCKET_NAME"])

gc.freeze()  # nor is it looked through later
gc.enable()


@log.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> object:
    """Answer one root field; `event` is AppSync's context object."""
    log.append_keys(session_id=_asked_for(event["arguments"]))
    try:
        return app.resolve(event, context)
    except DomainError as error:
        log.info("[SESSION] refused", extra={"error": error.answer()["error"], "field": event["info"]["fieldName"]})
        return error.answer()
    except InternalError:
        raise
    except Exception:
        log.exception("[SESSION] unexpected")
        raise InternalError(f"Internal error: quote request id {context.aws_request_id}") from None


@app.resolver(type_name="Query", field_name="session")
def session(id: str) -> answers.Answer | None:  # noqa: A002 - the argument's name in the API
    found = sessions.get_session_status(_caller(), id, with_assessment=_selects_assessment())
    return None if found is None else answers.session(found, _presign())


@app.resolver(type_name="Query", field_name="sessions")
def list_sessions(limit: int | None = None, nextToken: str | None = None) -> answers.Answer:  # noqa: N803 - likewise
    size = inputs.page_size(limit, limits.SESSION_PAGE_SIZE, limits.DEFAULT_SESSION_PAGE_SIZE)
    items, position = sessions.list_sessions(_caller(), size, pages.position(nextToken))
    return {"items": answers.summaries(items), "nextToken": pages.token(position)}


@app.resolver(type_name="Query", field_name="events")
def events(sessionId: str, after: int | None = None, limit: int | None = None) -> answers.Answer | None:  # noqa: N803 - likewise
    size = inputs.page_size(limit, limits.EVENT_PAGE_SIZE, limits.DEFAULT_EVENT_PAGE_SIZE)
    page = sessions.read_events(_caller(), sessionId, inputs.after(after), size)
    return None if page is None else {"items": answers.events(page.items), "hasMore": page.has_more}


@app.resolver(type_name="Mutation", field_name="submitAssessment")
def submit_assessment(input: Mapping[str, Any]) -> answers.Answer:  # noqa: A002 - likewise
    return answers.session(sessions.create_session(_caller(), inputs.submission(input)), _presign())


@app.resolver(type_name="Mutation", field_name="cancelSession")
def cancel_session(id: str) -> answers.Answer:  # noqa: A002 - likewise
    return answers.session(sessions.cancel_session(_caller(), id), _presign())


@app.resolver(type_name="Mutation", field_name="retrySession")
def retry_session(id: str) -> answers.Answer:  # noqa: A002 - likewise
    return answers.session(sessions.retry_session(_caller(), id), _presign())


@app.resolver(type_name="Mutation", field_name="publishProgress")
def publish_progress(input: Mapping[str, Any]) -> answers.Answer:  # noqa: A002 - likewise
    if not _caller().is_operator:
        raise UnauthorizedError("Only IAM callers may publish progress.")
    update = inputs.update(input)
    state, results = sessions.update_session_status(update)
    return answers.progress(state, results, update.events, _presign())


@app.resolver(type_name="Subscription", field_name="onProgress")
def on_progress(sessionId: str) -> None:  # noqa: N803 - likewise
    sessions.check_subscription(_caller(), sessionId)


def _event() -> dict[str, Any]:
    """AppSync's context, read as it came: Powertools would take an IAM identity for a Lambda authorizer's."""
    if app.current_event is None:
        raise RuntimeError("no event is being resolved")
    return app.current_event.raw_event


def _asked_for(arguments: Mapping[str, Any]) -> str | None:
    """The session that a request is about, for its log: as the caller wrote it, unless that is far too long."""
    named = arguments.get("id") or arguments.get("sessionId") or arguments.get("input", {}).get("sessionId")
    return named[:_ID_LENGTH] if named else None


def _caller() -> Caller:
    return caller(_event().get("identity"))


def _selected() -> list[str]:
    """What the caller selected, as paths. A field that has an alias stands in them by its alias alone."""
    paths: list[str] = _event()["info"]["selectionSetList"]
    return paths


def _selects_assessment() -> bool:
    """Whether the brief must be read: not when all that was selected below the session is known to be results."""
    below = [path.split("/") for path in _selected() if "/" in path]
    return any(parent != "results" or field not in answers.RESULT_FIELDS for parent, field, *_ in below)


def _presign() -> answers.Presign:
    """Makes links only when the caller may see one: each costs time, and the first one a client."""
    return links.presign if any("/" in path for path in _selected()) else lambda _: None
