"""The dashboard and the alarms: whether sessions end well, whether they start soon, whether people see them live.

An alarm is raised on what somebody can act on; a missing figure is no alarm, for a quiet night is none.
"""

from dataclasses import dataclass

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk import metrics
from cdk.functions import Functions
from cdk.metrics import ApiMetrics, OwnMetrics

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


class Monitoring(Construct):
    """Dashboard, alarms, and the topic that tells of them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        email: str,
        own: OwnMetrics,
        api: ApiMetrics,
        functions: Functions,
        failed_events: sqs.Queue,
        dead_letters: sqs.Queue,
    ) -> None:
        """`email`: who is told of alarms; nobody when it is empty."""
        super().__init__(scope, id_)
        self.topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        # The rule about TLS replaces the policy by which a topic takes its own account's alarms.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        self.alarms = [self._alarm(watched) for watched in _watched(own, api, functions, failed_events, dead_letters)]
        self.dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name)
        self.dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=self.alarms, title="Alarms", width=24))
        for row in _rows(own, api, functions, failed_events, dead_letters):
            self.dashboard.add_widgets(*row)

    def _alarm(self, watched: Watched) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            watched.name,
            metric=watched.metric,
            threshold=watched.threshold,
            evaluation_periods=watched.periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=watched.advice,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))
        alarm.add_ok_action(actions.SnsAction(self.topic))
        return alarm


def _watched(
    own: OwnMetrics, api: ApiMetrics, functions: Functions, failed_events: sqs.Queue, dead_letters: sqs.Queue
) -> list[Watched]:
    worker, resolvers = functions.worker.function, functions.resolvers.function
    return [
        Watched("FailedSessions", own.failed(), 3, "Sessions end in ERROR: errorMessage of each says why."),
        Watched(
            "FirstProgress",
            own.first_progress("p90"),
            FIRST_PROGRESS_SECONDS,
            "Submitted sessions wait for their worker: look for throttles of the worker and for its cold starts.",
            periods=2,
        ),
        Watched(
            "PublishErrors",
            own.publish_errors(),
            5,
            "Workers can't publish: the worker's log says whether the API refuses or can't be reached.",
        ),
        Watched(
            "LateOrLostMessages",
            api.late_or_lost_messages(),
            1,
            "AppSync delays or drops messages: its quota for messages is reached; clients catch up by reading.",
        ),
        Watched("ApiErrors", api.metric("5XXError"), 5, "AppSync or the resolvers' function fails."),
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
            failed_events.metric_approximate_age_of_oldest_message(),
            QUEUE_AGE_SECONDS,
            "Failed sessions are not being ended: see the failure function's log.",
        ),
        Watched(
            "DeadLetters",
            dead_letters.metric_approximate_number_of_messages_visible(),
            1,
            "A failed session could not be ended: read the message, end the cause, redrive the queue.",
        ),
    ]


def _rows(
    own: OwnMetrics, api: ApiMetrics, functions: Functions, failed_events: sqs.Queue, dead_letters: sqs.Queue
) -> list[list[cloudwatch.IWidget]]:
    every = functions.every()
    return [
        [
            _graph("Sessions", [own.completed(), own.failed()]),
            _graph("Seconds to first progress", [own.first_progress("p50"), own.first_progress("p90")]),
            _graph("Publish errors", [own.publish_errors()]),
        ],
        [
            _graph("Requests and errors", [api.metric(name) for name in ("Requests", "4XXError", "5XXError")]),
            _graph("Latency", [api.metric("Latency", statistic) for statistic in ("p50", "p99")]),
            _graph(
                "Subscribers",
                [api.metric("ActiveConnections"), api.metric("ActiveSubscriptions"), api.late_or_lost_messages()],
            ),
        ],
        [
            _graph("Function errors", [metrics.errors(one.function) for one in every]),
            _graph("Function throttles", [metrics.throttles(one.function) for one in every]),
            _graph("Function duration, p99", [metrics.duration(one.function, "p99") for one in every]),
        ],
        [
            _graph(
                "Failed events",
                [
                    failed_events.metric_approximate_number_of_messages_visible(),
                    dead_letters.metric_approximate_number_of_messages_visible(),
                ],
            ),
            _graph("Age of the oldest failed event", [failed_events.metric_approximate_age_of_oldest_message()]),
            cloudwatch.LogQueryWidget(
                title="What went wrong",
                width=8,
                log_group_names=[one.log.log_group_name for one in every],
                query_lines=[
                    "fields @timestamp, service, session_id, message",
                    'filter level in ["WARNING", "ERROR", "CRITICAL"]',
                    "sort @timestamp desc",
                    "limit 50",
                ],
            ),
        ],
    ]


def _graph(title: str, shown: list[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=shown, width=8)
