"""What every Lambda function of the stack has: its log, its role, its code and its limits. A role may write its
function's log and traces; what else it may do stands in the function's own module.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.monitoring.log_group import log_group
from cdk.settings import Settings

LambdaCode = Callable[[str, Sequence[str]], lambda_.Code]
"""Bundles the code of some rooms with the packages of a dependency group."""


@dataclass(frozen=True)
class Deployment:
    """What all functions of a deployment share."""

    settings: Settings
    code: LambdaCode


@dataclass(frozen=True)
class Program:
    """What a function runs."""

    handler: str
    """`package.module.function`."""
    group: str
    """The dependency group in pyproject.toml that it is bundled with."""
    rooms: tuple[str, ...]
    timeout_seconds: int
    memory_mb: int


class Function(Construct):
    """One function, its role and its log."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        deployment: Deployment,
        *,
        program: Program,
        environment: Mapping[str, str],
        reserved_concurrency: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.program = program
        settings = deployment.settings
        self.log = log_group(self, "Log", settings=settings)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=deployment.code(program.group, program.rooms),
            handler=program.handler,
            timeout=Duration.seconds(program.timeout_seconds),
            memory_size=program.memory_mb,
            environment={"POWERTOOLS_METRICS_NAMESPACE": settings.stack_name, **environment},
            role=self.role,
            log_group=self.log,
            tracing=lambda_.Tracing.ACTIVE,
            reserved_concurrent_executions=reserved_concurrency,
        )

    def may(self, actions: list[str], resource: str, conditions: Mapping[str, object] | None = None) -> None:
        """Give its role a right."""
        self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource], conditions=conditions))


@dataclass(frozen=True)
class Functions:
    """The functions that a deployment has."""

    resolvers: Function
    worker: Function
    failure: Function
    tools: Function | None
    """None where the agent brings its own."""

    def every(self) -> list[Function]:
        return [one for one in (self.resolvers, self.worker, self.tools, self.failure) if one is not None]
