"""ScopeSmith on AWS, in one stack: creates the parts and connects them. `cdk.app` creates it."""

from aws_cdk import Annotations, Stack
from constructs import Construct

from cdk.agent.agent import Agent
from cdk.agent.bedrock import BedrockAgent
from cdk.agent.converse import ConverseAgent
from cdk.agent.existing import ExistingAgent
from cdk.api import Api
from cdk.buckets import Buckets
from cdk.firewall import Firewall
from cdk.functions.failure import FailureFunction
from cdk.functions.failure_path import FailurePath
from cdk.functions.function import Deployment, Functions, LambdaCode
from cdk.functions.resolvers import ResolversFunction
from cdk.functions.tools import ToolsFunction
from cdk.functions.worker import WorkerFunction
from cdk.monitoring.emptying_log import emptying_log
from cdk.monitoring.metrics import ApiMetrics, OwnMetrics, Sources
from cdk.monitoring.monitoring import Monitoring
from cdk.monitoring.session_log import SessionLog
from cdk.sessions_table import SessionsTable
from cdk.settings import AgentKind, Settings
from cdk.users import Users
from cdk.web import Web, page_config

_DEFAULT_BOUND = (
    "At most {runs} sessions run at a time, because neither runsAtOnce nor workerConcurrency is set. So the API keeps"
    " its place in a new account, which runs only ten Lambdas at once. `uv run python -m cdk check` says how many your"
    " account has room for."
)


class ScopeSmithStack(Stack):
    """The whole product. The template names no account or region."""

    def __init__(self, scope: Construct, *, settings: Settings, code: LambdaCode) -> None:
        super().__init__(scope, settings.stack_name, description="ScopeSmith: meeting notes in, a costed proposal out")
        deployment = Deployment(settings, code)

        self.users = Users(self, "Users", settings=settings)
        self.table = SessionsTable(self, "Sessions", settings=settings)
        self.buckets = Buckets(self, "Buckets", settings=settings)
        artifacts = self.buckets.artifacts
        self.api = Api(self, "Api", settings=settings, users=self.users)
        self.firewall = Firewall(self, "Firewall", settings=settings, api=self.api)

        tools = self._tools(deployment) if settings.agent is AgentKind.BEDROCK else None
        self.agent = self._agent(settings, tools)
        worker = WorkerFunction(self, "Worker", deployment, api=self.api, agent=self.agent, buckets=self.buckets)
        failure = FailureFunction(self, "Failure", deployment, api=self.api)
        resolvers = ResolversFunction(
            self, "Resolvers", deployment, api=self.api, table=self.table, worker=worker, artifacts=artifacts
        )
        self.functions = Functions(resolvers, worker, failure, tools)
        self.api.resolved_by(resolvers)
        self.failures = FailurePath(self, "Failures", worker=worker, consumer=failure)

        self.monitoring = Monitoring(
            self, "Monitoring", sources=self._sources(settings), key_expires=self.api.key_expires
        )
        logs = [*(one.log for one in self.functions.every()), self.api.log]
        SessionLog(self, "SessionLog", settings=settings, logs_read=logs)
        self.config = page_config(self, api=self.api, users=self.users)
        self.web = self._web(settings) if settings.web else None
        emptying_log(self, settings=settings)
        if settings.runs_bound is not None and settings.runs_at_once is None:
            Annotations.of(self).add_info(_DEFAULT_BOUND.format(runs=settings.runs_bound))

    def _sources(self, settings: Settings) -> Sources:
        return Sources(
            own=OwnMetrics(settings.stack_name),
            api=ApiMetrics(self.api.api),
            functions=self.functions,
            failures=self.failures,
            table=self.table,
            firewall=self.firewall,
            settings=settings,
        )

    def _web(self, settings: Settings) -> Web:
        return Web(
            self,
            "Web",
            settings=settings,
            config=self.config,
            documents=self.buckets.artifacts,
            access_log=self.buckets.access_log,
        )

    def _tools(self, deployment: Deployment) -> ToolsFunction:
        return ToolsFunction(self, "Tools", deployment, buckets=self.buckets)

    def _agent(self, settings: Settings, tools: ToolsFunction | None) -> Agent:
        if tools is not None:
            return BedrockAgent(self, "Agent", settings=settings, tools=tools)
        kind = ExistingAgent if settings.agent is AgentKind.EXISTING else ConverseAgent
        return kind(self, "Agent", settings=settings)
