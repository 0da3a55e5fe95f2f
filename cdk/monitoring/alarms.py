"""The alarms: what each one watches, and what it advises. `cdk.monitoring.monitoring` creates them.

Each alarm is about something that an operator can act on, and the runbook in `cdk/README.md` says how. Some count and
some take a share of an hour, so that an outage shows with one session a day as well as with a hundred an hour. Missing
data raises no alarm, because a night without sessions is normal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.monitoring import service_metrics
from cdk.monitoring.metrics import Sources
from cdk.settings import NO_MODEL, AgentKind, Settings

FIRST_PROGRESS_SECONDS = 15
"""Nine sessions of ten have a worker within this time, even with a cold start."""

QUEUE_AGE_SECONDS = 900
"""A failed event is tried again after at most one visibility timeout, which is shorter than this."""

WORKER_SECONDS = 840
"""One minute below the worker's timeout: a slightly slower run would be stopped by Lambda."""

EVENT_AGE_SECONDS = 600
"""Lambda takes a new event at once, and a failed run's again after a minute or two. It drops both after an hour."""

FAILED_SHARE = 0.5

THROTTLES_OF_A_TURN = 5
"""A turn of the conversation that is throttled in each of its attempts has one more than this."""

BLOCKED_REQUESTS = 10
"""The page of one refused user sends as many in a few minutes."""


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
    """All alarms of a deployment."""
    return list(
        chain(
            _of_sessions(sources),
            _of_api(sources),
            _of_functions(sources),
            _of_model(sources.settings),
            _of_table(sources),
            _of_failures(sources),
        )
    )


def _of_sessions(sources: Sources) -> Iterator[Watched]:
    own = sources.own
    yield Watched("FailedSessions", own.failed(), 3, "Sessions end with ERROR: see the errorMessage of each.")
    yield Watched(
        "FailureRatio",
        own.failure_ratio(),
        FAILED_SHARE,
        "At least half of an hour's sessions failed, or the only one.",
    )
    yield Watched(
        "ConfigurationErrors",
        own.configuration_errors(),
        1,
        "A run could not start or go on: a setting is wrong, or AWS refuses the worker. The log has the reason.",
    )
    yield Watched(
        "FirstProgress",
        own.first_progress("p90"),
        FIRST_PROGRESS_SECONDS,
        "Submitted sessions wait for a worker: check the worker's throttles and cold starts.",
        periods=2,
    )
    yield Watched(
        "PublishErrors",
        own.publish_errors(),
        5,
        "Workers can't publish. The worker's log says whether the API refuses them or can't be reached.",
    )
    yield Watched("AgedOutEvents", own.aged_out_events(), 1, "No worker was free for a session in an hour.")


def _of_api(sources: Sources) -> Iterator[Watched]:
    api = sources.api
    yield Watched(
        "LateOrLostMessages",
        api.late_or_lost_messages(),
        1,
        "AppSync delays or drops messages, because its message quota is reached. Clients catch up by reading.",
    )
    yield Watched("ApiErrors", api.metric("5XXError"), 5, "AppSync or the resolvers fail: check the logs of both.")
    yield Watched("ApiFailureRatio", api.failure_ratio(), FAILED_SHARE, "AppSync fails half of an hour's requests.")
    yield Watched(
        "FirewallBlocks",
        service_metrics.blocked(sources.firewall),
        BLOCKED_REQUESTS,
        "The firewall refuses requests: its log says which rule, and from where.",
    )


def _of_functions(sources: Sources) -> Iterator[Watched]:
    functions = sources.functions
    resolvers, worker = functions.resolvers.function, functions.worker.function
    yield Watched(
        "ResolverErrors", service_metrics.errors(resolvers), 1, "The resolvers' function fails: check its log."
    )
    yield Watched(
        "ResolverThrottles", service_metrics.throttles(resolvers), 1, "The account's Lambda concurrency is used up."
    )
    yield Watched(
        "WorkerErrors", service_metrics.errors(worker), 1, "A run failed: check the worker's log. Lambda retries twice."
    )
    yield Watched(
        "WorkerThrottles",
        service_metrics.throttles(worker),
        1,
        "Sessions wait: raise workerConcurrency, or Lambda's quota.",
    )
    yield Watched(
        "WorkerDuration",
        service_metrics.duration(worker, "Maximum"),
        WORKER_SECONDS * 1000,
        "A run came close to Lambda's limit of 15 minutes: the agent has become slower.",
    )
    yield Watched(
        "EventAge",
        service_metrics.event_age(worker),
        EVENT_AGE_SECONDS * 1000,
        "A session has waited for minutes until a worker took it.",
    )
    if functions.tools:
        tools = functions.tools.function
        yield Watched("ToolsErrors", service_metrics.errors(tools), 1, "The tools' function fails: check its log.")
        yield Watched(
            "ToolsThrottles", service_metrics.throttles(tools), 1, "The account's Lambda concurrency is used up."
        )


def _of_model(settings: Settings) -> Iterator[Watched]:
    advice = "Bedrock throttles {}: compare its quota of tokens a minute with the sessions at a time."
    models = {"ModelThrottles": settings.agent_model, "NotesModelThrottles": settings.analysis_model}
    if settings.agent is AgentKind.EXISTING:
        del models["ModelThrottles"]  # the agent's own configuration names its model
    if settings.analysis_model in {"", NO_MODEL, settings.agent_model}:
        del models["NotesModelThrottles"]
    for name, model in models.items():
        throttles = service_metrics.model_throttles(model)
        yield Watched(name, throttles, THROTTLES_OF_A_TURN, advice.format("a model"))
    if settings.agent is not AgentKind.CONVERSE:
        for name, metric in (
            ("AgentThrottles", "InvocationThrottles"),
            ("AgentModelThrottles", "ModelInvocationThrottles"),
        ):
            throttles = service_metrics.agent_throttles(metric)
            yield Watched(name, throttles, THROTTLES_OF_A_TURN, advice.format("agents, or the agents' model"))


def _of_table(sources: Sources) -> Iterator[Watched]:
    advice = "DynamoDB throttles the {}: requests are repeated, and fail if it lasts."
    for kind in ("Read", "Write"):
        throttles = service_metrics.table_throttles(sources.table, kind)
        yield Watched(f"Table{kind}Throttles", throttles, 1, advice.format("sessions table"))
    yield Watched("IndexThrottles", service_metrics.index_throttles(sources.table), 1, advice.format("owners' index"))


def _of_failures(sources: Sources) -> Iterator[Watched]:
    failures = sources.failures
    yield Watched(
        "UndeliveredFailures",
        service_metrics.undelivered(sources.functions.worker.function),
        1,
        "Lambda could not send a failed event to its queue. The next read of that session ends it.",
    )
    yield Watched(
        "QueueAge",
        failures.queue.metric_approximate_age_of_oldest_message(),
        QUEUE_AGE_SECONDS,
        "Failed sessions are not ended: check the failure function's log.",
    )
    yield Watched(
        "DeadLetters",
        failures.dead_letters.metric_approximate_number_of_messages_visible(),
        1,
        "A failed session could not be ended: read the message, remove the cause, redrive the queue.",
    )
