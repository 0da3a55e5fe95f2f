"""The four Lambda functions: what each runs, with which limits, under which role. A role may write its function's log
and traces; what else it may do is granted in `cdk.permissions`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.log_group import log_group

LambdaCode = Callable[[str, Sequence[str]], lambda_.Code]
"""Bundles the code of some rooms with the packages of a dependency group."""


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


RESOLVERS = Program("resolvers.handler.handler", "resolvers", ("resolvers", "schema"), 30, 512)
WORKER = Program("worker.handler.handler", "worker", ("worker", "schema"), 900, 512)
TOOLS = Program("worker.tools.handler.handler", "tools", ("worker", "schema"), 120, 1024)
FAILURE = Program("worker.failure.handler", "worker", ("worker", "schema"), 120, 256)


@dataclass(frozen=True)
class Defaults:
    """What all functions of a deployment share."""

    code: LambdaCode
    metrics_namespace: str
    log_days: int
    keep_log: bool


class Function(Construct):
    """One function, its role and its log."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        program: Program,
        defaults: Defaults,
        environment: Mapping[str, str],
        reserved_concurrency: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.log = log_group(self, "Log", days=defaults.log_days, keep=defaults.keep_log)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            code=defaults.code(program.group, program.rooms),
            handler=program.handler,
            timeout=Duration.seconds(program.timeout_seconds),
            memory_size=program.memory_mb,
            environment={"POWERTOOLS_METRICS_NAMESPACE": defaults.metrics_namespace, **environment},
            role=self.role,
            log_group=self.log,
            tracing=lambda_.Tracing.ACTIVE,
            reserved_concurrent_executions=reserved_concurrency,
        )


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
