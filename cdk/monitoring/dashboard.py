"""The dashboard's widgets, row by row: sessions, refusals, the model, the API, the functions, failures.

`cdk.monitoring.monitoring` puts them on the dashboard.
"""

from aws_cdk import aws_cloudwatch as cloudwatch

from cdk.monitoring import service_metrics
from cdk.monitoring.metrics import Sources


def rows(sources: Sources) -> list[list[cloudwatch.IWidget]]:
    every = sources.functions.every()
    return [
        [
            _graph(
                "Sessions",
                [sources.own.started(), sources.own.completed(), sources.own.failed(), sources.own.cancelled()],
            ),
            _graph("Share of an hour's sessions that failed", [sources.own.failure_ratio()], unit="0 to 1"),
            _graph("Seconds to first progress", [sources.own.first_progress("p50"), sources.own.first_progress("p90")]),
        ],
        [
            _graph(
                "Errors of the worker",
                [sources.own.publish_errors(), sources.own.configuration_errors(), sources.own.aged_out_events()],
            ),
            _graph(
                "Throttles of the table",
                [
                    *(service_metrics.table_throttles(sources.table, kind) for kind in ("Read", "Write")),
                    service_metrics.index_throttles(sources.table),
                ],
            ),
            _graph("Requests that the firewall refused", [service_metrics.blocked(sources.firewall)]),
        ],
        [
            _graph("Model tokens of sessions that ended", [sources.own.model_tokens()], unit="Tokens"),
            _graph("Model cost of sessions that ended", [sources.own.model_cost()], unit="US$"),
            _graph(
                "Model cost of a run",
                [sources.own.model_cost_of_a_run("p50"), sources.own.model_cost_of_a_run("p90")],
                unit="US$",
            ),
        ],
        [
            _graph("Requests and errors", [sources.api.metric(name) for name in ("Requests", "4XXError", "5XXError")]),
            _graph("Latency", [sources.api.metric("Latency", statistic) for statistic in ("p50", "p99")]),
            _graph(
                "Subscribers",
                [
                    sources.api.metric("ActiveConnections"),
                    sources.api.metric("ActiveSubscriptions"),
                    sources.api.late_or_lost_messages(),
                ],
            ),
        ],
        [
            _graph("Function errors", [service_metrics.errors(one.function) for one in every]),
            _graph("Function throttles", [service_metrics.throttles(one.function) for one in every]),
            _graph("Function duration, p99", [service_metrics.duration(one.function, "p99") for one in every]),
        ],
        [
            _graph(
                "Failed events",
                [
                    sources.failures.queue.metric_approximate_number_of_messages_visible(),
                    sources.failures.dead_letters.metric_approximate_number_of_messages_visible(),
                ],
            ),
            _graph(
                "Age of the oldest failed event", [sources.failures.queue.metric_approximate_age_of_oldest_message()]
            ),
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


def _graph(title: str, shown: list[cloudwatch.IMetric], *, unit: str = "") -> cloudwatch.GraphWidget:
    """`unit` labels the axis where CloudWatch doesn't know the metric's unit."""
    axis = cloudwatch.YAxisProps(label=unit, show_units=False) if unit else None
    return cloudwatch.GraphWidget(title=title, left=shown, left_y_axis=axis, width=8)
