"""The function that ends a session whose worker was given up at work on it."""

from constructs import Construct

from cdk.api import Api
from cdk.functions.function import Deployment, Function, Program

PROGRAM = Program("worker.failure.handler.handler", "worker", ("worker", "schema"), 120, 256)


class FailureFunction(Function):
    """It may publish how a session ended. The right to consume its queue comes with the queue."""

    def __init__(self, scope: Construct, id_: str, deployment: Deployment, *, api: Api) -> None:
        environment = {"GRAPHQL_URL": api.api.graphql_url}
        super().__init__(scope, id_, deployment, program=PROGRAM, environment=environment)
        api.grant_publish(self.role)
