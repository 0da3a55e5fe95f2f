"""What happens to a worker event that Lambda gives up on.

The event goes to a queue, and the failure function ends its session if a run had claimed it; otherwise the next read of
the session ends it. A message that the failure function can't process moves to a dead-letter queue with an alarm.
"""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.functions.function import Function

RETRIES = 2
EVENT_AGE = Duration.hours(1)
"""Lambda gives up on an event that no worker took within an hour. Its session ends when it is next read."""

_LARGEST_MESSAGE = 1_048_576
"""The most that SQS accepts. A failed event's record includes the event: 100,000 characters of notes can be 400 KB."""

_RECEIVES = 5
"""How many times the failure function tries to end a session."""

_VISIBILITY = 6
"""A message stays hidden for this many times the function's timeout, as AWS advises ("Using Lambda with SQS")."""


class FailurePath(Construct):
    """The queues between a failed worker event and the function that ends its session."""

    def __init__(self, scope: Construct, id_: str, *, worker: Function, consumer: Function) -> None:
        super().__init__(scope, id_)
        self.dead_letters = self._queue("DeadLetters")
        self.queue = self._queue(
            "FailedEvents",
            visibility=Duration.seconds(_VISIBILITY * consumer.program.timeout_seconds),
            dead_letters=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=_RECEIVES),
        )
        worker.function.configure_async_invoke(
            retry_attempts=RETRIES,
            max_event_age=EVENT_AGE,
            on_failure=destinations.SqsDestination(self.queue),
        )
        consumer.function.add_event_source(event_sources.SqsEventSource(self.queue, report_batch_item_failures=True))

    def _queue(
        self, id_: str, *, visibility: Duration | None = None, dead_letters: sqs.DeadLetterQueue | None = None
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            id_,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=visibility,
            dead_letter_queue=dead_letters,
            max_message_size_bytes=_LARGEST_MESSAGE,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.DESTROY,
        )
