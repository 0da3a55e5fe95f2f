"""The Lambda behind every root field of the API. AppSync invokes it through the unit resolver in `resolver.js`.

For each field it parses the arguments, calls one method of `SessionOperations` and turns the result into JSON. It
returns domain errors as data, which resolver.js turns into GraphQL errors. Any other error fails the Lambda; the
caller then sees a request id and no detail.
"""

import gc

if gc.isenabled():
    # Objects made by imports are never garbage. Searching them for garbage takes a tenth of a cold start.
    gc.disable()

import os
import random
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from aws_lambda_powertools.event_handler import AppSyncResolver
from botocore.config import Config

from resolvers.announcements import Announcer, AnnouncingStore
from resolvers.api import answers, inputs, pages, reviews
from resolvers.api.caller import Caller, caller
from resolvers.api.links import Links
from resolvers.errors import DomainError, InternalError, UnauthorizedError
from resolvers.log import SERVICE, logger
from resolvers.metrics import MeasuredStore
from resolvers.operations import SessionOperations
from resolvers.session import Session
from resolvers.settings import Settings
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.worker import LambdaWorker
from resolvers.workspaces import S3Workspaces
from schema import limits, xray

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client

_ID_LENGTH = 36
"""The length of a session id, a UUID."""

app = AppSyncResolver()  # type: ignore[no-untyped-call]  # Powertools leaves its __init__ untyped

# AppSync gives up after 30 s, and a caller waits for the answer. These time-outs make us fail before that.
_CLIENT = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})
_INVOKE = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
_S3 = _CLIENT.merge(Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))  # every region accepts it


@cache
def _lambda_client() -> "LambdaClient":
    return boto3.client("lambda", config=_INVOKE)


@cache
def _s3_client() -> "S3Client":
    return boto3.client("s3", config=_S3)


@cache
def _aws() -> botocore.session.Session:
    return botocore.session.get_session()


def _announce(changed: Session) -> None:
    announcer.announce(answers.progress(changed.state, changed.results, (), links.presign))


settings = Settings.of(os.environ)
links = Links(_s3_client, settings.artifacts_bucket)
announcer = Announcer(settings.graphql_url, _aws, logger)
_store = DynamoDBStore(boto3.client("dynamodb", config=_CLIENT), settings.sessions_table)
operations = SessionOperations(
    AnnouncingStore(MeasuredStore(_store, SERVICE), _announce),
    LambdaWorker(_lambda_client, settings.worker_function),
    S3Workspaces(_s3_client, settings.artifacts_bucket),
    now=lambda: datetime.now(UTC),
    sleep=time.sleep,
    random=random.SystemRandom().random,
    new_id=lambda: str(uuid.uuid4()),
    rules=settings.rules,
    log=logger,
)

gc.freeze()  # so that later collections skip these objects too
gc.enable()


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: "LambdaContext") -> object:
    """Answer one root field. `event` is what resolver.js passes on of AppSync's context object."""
    asked = _asked_for(event["arguments"])
    logger.append_keys(session_id=asked)
    if asked:
        xray.annotate(asked)
    try:
        return app.resolve(event, context)
    except DomainError as error:
        logger.info("[SESSION] refused", extra={"error": error.answer()["error"], "field": event["info"]["fieldName"]})
        return error.answer()
    except InternalError:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, the caller must see no detail of it
        logger.exception("[SESSION] unexpected error")
        raise InternalError(f"Internal error: quote request id {context.aws_request_id}") from None


@app.resolver(type_name="Query", field_name="session")
def session(id: str) -> answers.Answer | None:  # noqa: A002 - the argument's name in the API
    found = operations.get_session_status(_caller(), id, with_assessment=_selects_assessment())
    return None if found is None else answers.session(found, _presign())


@app.resolver(type_name="Query", field_name="sessions")
def list_sessions(limit: int | None = None, nextToken: str | None = None) -> answers.Answer:  # noqa: N803 - as above
    size = inputs.page_size(limit, limits.SESSION_PAGE_SIZE, limits.DEFAULT_SESSION_PAGE_SIZE)
    items, position = operations.list_sessions(_caller(), size, pages.position(nextToken))
    return {"items": answers.summaries(items), "nextToken": pages.token(position)}


@app.resolver(type_name="Query", field_name="events")
def events(sessionId: str, after: int | None = None, limit: int | None = None) -> answers.Answer | None:  # noqa: N803 - as above
    size = inputs.page_size(limit, limits.EVENT_PAGE_SIZE, limits.DEFAULT_EVENT_PAGE_SIZE)
    page = operations.read_events(_caller(), sessionId, inputs.after(after), size)
    return None if page is None else {"items": answers.events(page.items), "hasMore": page.has_more}


@app.resolver(type_name="Query", field_name="proposal")
def proposal(sessionId: str, version: int | None = None) -> answers.Answer | None:  # noqa: N803 - as above
    written = operations.read_proposal(_caller(), sessionId, version)
    return None if written is None else answers.proposal(written, links.presign)


@app.resolver(type_name="Mutation", field_name="submitAssessment")
def submit_assessment(input: Mapping[str, Any]) -> answers.Answer:  # noqa: A002 - as above
    created = operations.create_session(_caller(), inputs.submission(input))
    xray.annotate(created.state.session_id)
    return answers.session(created, _presign())


@app.resolver(type_name="Mutation", field_name="cancelSession")
def cancel_session(id: str) -> answers.Answer:  # noqa: A002 - as above
    return answers.session(operations.cancel_session(_caller(), id), _presign())


@app.resolver(type_name="Mutation", field_name="retrySession")
def retry_session(id: str) -> answers.Answer:  # noqa: A002 - as above
    return answers.session(operations.retry_session(_caller(), id), _presign())


@app.resolver(type_name="Mutation", field_name="reviewSession")
def review_session(id: str, input: Mapping[str, Any]) -> answers.Answer:  # noqa: A002 - as above
    return answers.session(operations.review_session(_caller(), id, reviews.review(input)), _presign())


@app.resolver(type_name="Mutation", field_name="deleteSession")
def delete_session(id: str) -> str:  # noqa: A002 - as above
    operations.delete_session(_caller(), id)
    return id


@app.resolver(type_name="Mutation", field_name="publishProgress")
def publish_progress(input: Mapping[str, Any]) -> answers.Answer:  # noqa: A002 - as above
    if not _caller().is_operator:
        raise UnauthorizedError("Only IAM callers may publish progress.")
    update = inputs.update(input)
    state, results = operations.update_session_status(update)
    return answers.progress(state, results, update.events, _presign())


@app.resolver(type_name="Subscription", field_name="onProgress")
def on_progress(sessionId: str) -> None:  # noqa: N803 - as above
    operations.check_subscription(_caller(), sessionId)


def _event() -> dict[str, Any]:
    """The raw event. Powertools' typed event mistakes an IAM identity for that of a Lambda authorizer."""
    if app.current_event is None:
        raise RuntimeError("no event is being resolved")
    return app.current_event.raw_event


def _asked_for(arguments: Mapping[str, Any]) -> str | None:
    """The id of the session that a request is about, for the log. An overlong text is cut to the length of an id."""
    named = arguments.get("id") or arguments.get("sessionId") or arguments.get("input", {}).get("sessionId")
    return named[:_ID_LENGTH] if named else None


def _caller() -> Caller:
    return caller(_event().get("identity"))


def _selected() -> list[str]:
    """The paths of the fields that the caller selected. For a field with an alias, AppSync gives only the alias."""
    paths: list[str] = _event()["info"]["selectionSetList"]
    return paths


def _selects_assessment() -> bool:
    """Whether the assessment must be read.

    It is not needed if every field selected below the session is a known result. An unknown name may be an alias of
    `assessment`, so it counts as a reason to read.
    """
    below = [path.split("/") for path in _selected() if "/" in path]
    return any(parent != "results" or field not in answers.RESULT_FIELDS for parent, field, *_ in below)


def _presign() -> answers.Presign:
    """Makes links only if the caller may have selected one. A link takes time, and the first one needs an S3 client."""
    return links.presign if any("/" in path for path in _selected()) else lambda _: None
