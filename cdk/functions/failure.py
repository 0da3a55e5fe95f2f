"""The failure function: it ends a session after Lambda has given up on the session's worker event."""

from constructs import Construct

from cdk.api import Api
from cdk.functions.function import Deployment, Function, Program

PROGRAM = Program("worker.failure.handler.handler", "worker", ("worker", "schema"), 120, 256)


class FailureFunction(Function):
    """It may publish how a session ended. `cdk.functions.failure_path` adds the right to read its queue."""

    def __init__(self, scope: Construct, id_: str, deployment: Deployment, *, api: Api) -> None:
        environment = {"GRAPHQL_URL": api.api.graphql_url}
        super().__init__(scope, id_, deployment, program=PROGRAM, environment=environment)
        api.grant_publish(self.role)
