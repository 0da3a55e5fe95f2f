"""The alarms: what each one watches, and what it advises. `cdk.monitoring.monitoring` creates them.

Each alarm is about something that an operator can act on. Missing data raises no alarm, because a night without
sessions is normal.
"""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.monitoring import metrics
from cdk.monitoring.metrics import Sources

FIRST_PROGRESS_SECONDS = 15
"""Nine sessions of ten have a worker within this time, even with a cold start."""

QUEUE_AGE_SECONDS = 900
"""A failed event is tried again after at most one visibility timeout, which is shorter than this."""

WORKER_SECONDS = 840
"""One minute below the worker's timeout: a slightly slower run would be stopped by Lambda."""


@dataclass(frozen=True)
class Watched:
    """One alarm."""

    name: str
    metric: cloudwatch.IMetric
    threshold: float
    advice: str
    """What the alarm means and where to look."""
    periods: int = 1


def watched(sources: Sources) -> list[Watched]:
    worker, resolvers = sources.functions.worker.function, sources.functions.resolvers.function
    return [
        Watched("FailedSessions", sources.own.failed(), 3, "Sessions end with ERROR: see the errorMessage of each."),
        Watched(
            "FirstProgress",
            sources.own.first_progress("p90"),
            FIRST_PROGRESS_SECONDS,
            "Submitted sessions wait for a worker: check the worker's throttles and cold starts.",
            periods=2,
        ),
        Watched(
            "PublishErrors",
            sources.own.publish_errors(),
            5,
            "Workers can't publish. The worker's log says whether the API refuses them or can't be reached.",
        ),
        Watched(
            "LateOrLostMessages",
            sources.api.late_or_lost_messages(),
            1,
            "AppSync delays or drops messages, because its message quota is reached. Clients catch up by reading.",
        ),
        Watched(
            "ApiErrors", sources.api.metric("5XXError"), 5, "AppSync or the resolvers fail: check the logs of both."
        ),
        Watched("ResolverErrors", metrics.errors(resolvers), 1, "The resolvers' function fails: check its log."),
        Watched("ResolverThrottles", metrics.throttles(resolvers), 1, "The account's Lambda concurrency is used up."),
        Watched(
            "WorkerErrors", metrics.errors(worker), 1, "A run failed: check the worker's log. Lambda retries twice."
        ),
        Watched(
            "WorkerThrottles",
            metrics.throttles(worker),
            1,
            "Sessions wait: raise workerConcurrency, or Lambda's quota.",
        ),
        Watched(
            "WorkerDuration",
            metrics.duration(worker, "Maximum"),
            WORKER_SECONDS * 1000,
            "A run came close to Lambda's limit of 15 minutes: the agent has become slower.",
        ),
        Watched(
            "UndeliveredFailures",
            metrics.undelivered(worker),
            1,
            "Lambda could not send a failed event to its queue. The next read of that session ends it.",
        ),
        Watched(
            "QueueAge",
            sources.failures.queue.metric_approximate_age_of_oldest_message(),
            QUEUE_AGE_SECONDS,
            "Failed sessions are not ended: check the failure function's log.",
        ),
        Watched(
            "DeadLetters",
            sources.failures.dead_letters.metric_approximate_number_of_messages_visible(),
            1,
            "A failed session could not be ended: read the message, remove the cause, redrive the queue.",
        ),
    ]
