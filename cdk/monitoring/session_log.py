"""The saved query that shows one session in the logs of all functions and of AppSync."""

from collections.abc import Sequence

from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.settings import Settings


class SessionLog(Construct):
    """A query of CloudWatch Logs Insights. Replace SESSION_ID with a session's id and run it."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, logs_read: Sequence[logs.ILogGroup]) -> None:
        super().__init__(scope, id_)
        logs.QueryDefinition(
            self,
            "Query",
            query_definition_name=f"{settings.stack_name}/one session",
            log_groups=list(logs_read),
            query_string=logs.QueryString(
                # AppSync's lines are no JSON of ours: they have the id in their text, and only `@message` shows them.
                fields=["@timestamp", "service", "level", "coalesce(message, @message) as line", "run_id"],
                filter_statements=['session_id = "SESSION_ID" or @message like "SESSION_ID"'],
                sort="@timestamp asc",
                limit=1000,
            ),
        )
