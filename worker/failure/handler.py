"""The failure Lambda's entry: ends the sessions whose worker failed on every try.

It consumes the queue that is the worker's on-failure destination. It claims the session as a run would, and publishes
how it ended. If the session has ended already, or if a run that is alive holds it, nothing is published.

Nothing is published either for an event that grew too old before a worker was free. By then the session may have been
retried, and a newer event for it may be waiting. If no worker ever takes the session, the resolvers mark it ERROR on
a read more than 75 minutes after its last start, which only they know.
"""

import functools
import os
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from schema import xray
from worker import metrics, workflow
from worker.appsync.connection import connect
from worker.appsync.mutation import AppSyncPublisher
from worker.claim import claim
from worker.failure import invocation_record
from worker.failure.invocation_record import InvocationRecord, InvocationRecordError
from worker.log import logger
from worker.publisher import PublishConflictError, Publisher
from worker.run import MARGIN_SECONDS
from worker.settings import ApiSettings
from worker.timing.clock import TIMING, Timing
from worker.updates import STARTED, Update

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

_FOUND = replace(STARTED, current_stage="")
"""What the claim publishes. Without a stage, the session keeps the stage in which it failed."""

_LOGGED_LENGTH = 1_000
"""How many characters of the error are logged."""


@functools.cache
def publisher() -> AppSyncPublisher:
    """The publisher of this process, made once. It keeps its connection open."""
    api = ApiSettings.of(os.environ)
    return connect(api, boto3.Session(region_name=api.region))


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> "PartialItemFailureResponse":
    """End the session of each message. The queue delivers a message again if its session could not be ended."""
    deadline = TIMING.clock() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS

    def end(record: SQSRecord) -> None:
        logger.remove_keys(["session_id"])  # the one of the message before
        try:
            end_session(record.body, publisher(), TIMING, deadline)
        except Exception:
            logger.exception(
                "[SESSION] Could not be ended: the queue will deliver the message again", message_id=record.message_id
            )
            raise

    return process_partial_response(event, end, BatchProcessor(EventType.SQS), context)


def end_session(body: str, publisher: Publisher, timing: Timing, deadline: float) -> None:
    """End the session of the failed worker event in a queue message, if a worker ever took that event.

    A message of another kind is logged and dropped.

    Raises:
        LeaseOutlivesRunError: the dead run's lease ends after `deadline`.
        PublishRefusedError, PublishFailedError: the end could not be published.
    """
    try:
        record = invocation_record.parse(body)
    except InvocationRecordError as fault:
        logger.error("[SESSION] Dropped: not the record of a failed worker event", reason=str(fault), length=len(body))
        return
    logger.append_keys(session_id=record.session_id)
    xray.annotate(record.session_id)
    if record.never_taken:
        metrics.aged_out_event()
        logger.error(
            "[SESSION] No worker was free in time: the resolvers will end the session",
            worker_request_id=record.request_id,
        )
        return
    logger.error(
        "[SESSION] The worker failed on every try",
        error=record.error[:_LOGGED_LENGTH],
        worker_request_id=record.request_id,
        attempts=record.attempts,
    )
    _end(record, publisher, timing, deadline)


def _end(record: InvocationRecord, publisher: Publisher, timing: Timing, deadline: float) -> None:
    run_id = str(uuid.uuid4())
    reply = claim(publisher, record.session_id, run_id, timing, deadline, state=_FOUND, review_id=record.review_id)
    if reply is None:
        return
    found = workflow.resumed(reply)
    end = found.cancelled() if reply.cancel_requested else found.failed(record.message())
    update = Update(record.session_id, run_id, reply.revision + 1, replace(end, current_stage=""))
    try:
        publisher.update_session_status(update, deadline=deadline, patient=True)
    except PublishConflictError as conflict:
        logger.warning("[SESSION] Another run has claimed it meanwhile: nothing to do", reason=str(conflict))
    else:
        logger.info(f"[SESSION] {end.status}", error_length=len(end.error_message or ""))
