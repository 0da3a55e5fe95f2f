"""The saved query that shows one session in the logs of all functions."""

from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.functions.function import Functions
from cdk.settings import Settings


class SessionLog(Construct):
    """A query of CloudWatch Logs Insights. Replace SESSION_ID with a session's id and run it."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, functions: Functions) -> None:
        super().__init__(scope, id_)
        logs.QueryDefinition(
            self,
            "Query",
            query_definition_name=f"{settings.stack_name}/one session",
            log_groups=[one.log for one in functions.every()],
            query_string=logs.QueryString(
                fields=["@timestamp", "service", "level", "message", "run_id"],
                filter_statements=['session_id = "SESSION_ID"'],
                sort="@timestamp asc",
                limit=1000,
            ),
        )
