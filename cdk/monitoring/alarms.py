"""What is watched, and what each alarm says to the one it wakes. `cdk.monitoring.monitoring` makes the alarms.

An alarm is raised on what somebody can act on; a missing figure is no alarm, for a quiet night is none.
"""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.monitoring import metrics
from cdk.monitoring.metrics import Sources

FIRST_PROGRESS_SECONDS = 15
"""A submit's worker has taken it within this time, a cold start included, for nine sessions of ten."""

QUEUE_AGE_SECONDS = 900
"""A failed event waits for one visibility time-out at most before it is tried again."""

WORKER_SECONDS = 840
"""A minute before Lambda would kill a run: the next agent that is a little slower is too slow."""


@dataclass(frozen=True)
class Watched:
    """One alarm."""

    name: str
    metric: cloudwatch.IMetric
    threshold: float
    advice: str
    """What it means and where to look."""
    periods: int = 1


def watched(sources: Sources) -> list[Watched]:
    worker, resolvers = sources.functions.worker.function, sources.functions.resolvers.function
    return [
        Watched("FailedSessions", sources.own.failed(), 3, "Sessions end in ERROR: errorMessage of each says why."),
        Watched(
            "FirstProgress",
            sources.own.first_progress("p90"),
            FIRST_PROGRESS_SECONDS,
            "Submitted sessions wait for their worker: look for throttles of the worker and for its cold starts.",
            periods=2,
        ),
        Watched(
            "PublishErrors",
            sources.own.publish_errors(),
            5,
            "Workers can't publish: the worker's log says whether the API refuses or can't be reached.",
        ),
        Watched(
            "LateOrLostMessages",
            sources.api.late_or_lost_messages(),
            1,
            "AppSync delays or drops messages: its quota for messages is reached; clients catch up by reading.",
        ),
        Watched("ApiErrors", sources.api.metric("5XXError"), 5, "AppSync or the resolvers' function fails."),
        Watched("ResolverErrors", metrics.errors(resolvers), 1, "The resolvers' function fails: see its log."),
        Watched("ResolverThrottles", metrics.throttles(resolvers), 1, "The account's Lambda concurrency is used up."),
        Watched("WorkerErrors", metrics.errors(worker), 1, "A run failed; Lambda tries it again twice."),
        Watched("WorkerThrottles", metrics.throttles(worker), 1, "Sessions wait: raise the worker's concurrency."),
        Watched(
            "WorkerDuration",
            metrics.duration(worker, "Maximum"),
            WORKER_SECONDS * 1000,
            "A run came near Lambda's 15 minutes: the agent has become slower.",
        ),
        Watched(
            "UndeliveredFailures",
            metrics.undelivered(worker),
            1,
            "Lambda could not put a failed event into its queue: that session is settled when somebody next reads it.",
        ),
        Watched(
            "QueueAge",
            sources.failures.queue.metric_approximate_age_of_oldest_message(),
            QUEUE_AGE_SECONDS,
            "Failed sessions are not being ended: see the failure function's log.",
        ),
        Watched(
            "DeadLetters",
            sources.failures.dead_letters.metric_approximate_number_of_messages_visible(),
            1,
            "A failed session could not be ended: read the message, end the cause, redrive the queue.",
        ),
    ]
