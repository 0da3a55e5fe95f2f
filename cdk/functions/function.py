"""What every Lambda function of the stack has: a log, a role, code and limits.

The role may write the function's log and traces. Each function's own module adds the other rights that it needs.
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
"""Takes a dependency group and some rooms; returns those packages and that code as one bundle."""


@dataclass(frozen=True)
class Deployment:
    """What all functions of one deployment share."""

    settings: Settings
    code: LambdaCode


@dataclass(frozen=True)
class Program:
    """What a function runs, and within which limits."""

    handler: str
    """`package.module.function`."""
    group: str
    """The dependency group in pyproject.toml whose packages go into the bundle."""
    rooms: tuple[str, ...]
    timeout_seconds: int
    memory_mb: int


class Function(Construct):
    """One Lambda function with its role and its log."""

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
        """Give the function's role a right."""
        self.role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[resource], conditions=conditions))


@dataclass(frozen=True)
class Functions:
    """All functions of a deployment."""

    resolvers: Function
    worker: Function
    failure: Function
    tools: Function | None
    """Only for a Bedrock agent that the stack creates. Otherwise the worker runs the tools."""

    def every(self) -> list[Function]:
        return [one for one in (self.resolvers, self.worker, self.tools, self.failure) if one is not None]
