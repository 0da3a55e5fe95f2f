"""ScopeSmith on AWS, in one stack: it makes the parts, tells them of each other, and says what became of them."""

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk import acknowledgments, permissions
from cdk.agent import Agent, BedrockAgent, ExistingAgent
from cdk.api import Api
from cdk.buckets import Buckets
from cdk.failure_path import FailurePath
from cdk.firewall import Firewall
from cdk.functions import FAILURE, RESOLVERS, TOOLS, WORKER, Defaults, Function, Functions, LambdaCode
from cdk.metrics import ApiMetrics, OwnMetrics
from cdk.monitoring import Monitoring
from cdk.session_log import SessionLog
from cdk.sessions_table import SessionsTable
from cdk.settings import AgentKind, Settings
from cdk.users import Users
from cdk.web import Web


class ScopeSmithStack(Stack):
    """The running product. It belongs to no account or region until it is deployed."""

    def __init__(self, scope: Construct, *, settings: Settings, code: LambdaCode) -> None:
        name, keep = settings.stack_name, settings.production
        super().__init__(scope, name, description="ScopeSmith: meeting notes in, a costed proposal out")
        self._settings = settings
        self._defaults = Defaults(code, metrics_namespace=name, log_days=settings.log_days, keep_log=keep)

        users = Users(
            self,
            "Users",
            self_sign_up=settings.self_sign_up,
            threat_protection=settings.threat_protection,
            keep=keep,
        )
        table = SessionsTable(self, "Sessions", keep=keep)
        buckets = Buckets(self, "Buckets", keep=keep, session_days=settings.session_days, log_days=settings.log_days)
        artifacts = self._artifacts(buckets)
        api = Api(
            self,
            "Api",
            name=name,
            pool=users.pool,
            client=users.client,
            key_days=settings.api_key_days if settings.api_key else None,
            open_to_developers=not settings.production,
            log_days=settings.log_days,
            keep_log=keep,
        )
        Firewall(
            self,
            "Firewall",
            api_arn=api.api.arn,
            requests=settings.requests_per_five_minutes,
            log_days=settings.log_days,
            keep_log=keep,
        )

        tools, agent = self._agent(buckets, artifacts)
        publishes = {"GRAPHQL_URL": api.api.graphql_url}
        stores = {"ARTIFACTS_BUCKET_NAME": artifacts.bucket_name}
        worker = Function(
            self,
            "Worker",
            program=WORKER,
            defaults=self._defaults,
            reserved_concurrency=settings.worker_concurrency,
            environment={
                **publishes,
                **stores,
                "BEDROCK_AGENT_ID": agent.agent_id,
                "BEDROCK_AGENT_ALIAS_ID": agent.alias_id,
            },
        )
        failure = Function(self, "Failure", program=FAILURE, defaults=self._defaults, environment=publishes)
        resolvers = Function(
            self,
            "Resolvers",
            program=RESOLVERS,
            defaults=self._defaults,
            environment={
                **stores,
                "SESSIONS_TABLE_NAME": table.table.table_name,
                "WORKER_FUNCTION_NAME": worker.function.function_name,
                "SESSION_DAYS": str(settings.session_days),
            },
        )
        functions = Functions(resolvers, worker, failure, tools)
        api.resolved_by(resolvers.function)
        failures = FailurePath(
            self,
            "Failures",
            worker=worker.function,
            consumer=failure.function,
            consumer_seconds=FAILURE.timeout_seconds,
        )

        permissions.resolvers_may(resolvers, table=table, worker=worker, artifacts=artifacts)
        permissions.worker_may(worker, api=api, agent=agent, artifacts=artifacts)
        permissions.failure_may(failure, api=api)

        monitoring = Monitoring(
            self,
            "Monitoring",
            name=name,
            email=settings.alarm_email,
            own=OwnMetrics(name),
            api=ApiMetrics(api.api),
            functions=functions,
            failed_events=failures.queue,
            dead_letters=failures.dead_letters,
        )
        SessionLog(self, "SessionLog", name=name, functions=functions)
        config = self._config(api, users)
        page = Web(self, "Web", config=config, access_log=buckets.access_log) if settings.web else None

        acknowledgments.of_users(users)
        acknowledgments.of_api(api, resolvers)
        acknowledgments.of_agent(agent, settings.agent_model)
        acknowledgments.of_functions(functions, artifacts, buckets.templates)
        acknowledgments.of_failures(failures, failure)
        acknowledgments.of_monitoring(monitoring)
        if page:
            acknowledgments.of_web(page)
        self._say(
            {
                **{f"{key[0].upper()}{key[1:]}": value for key, value in config.items()},
                "ApiId": api.api.api_id,
                "ApiKey": api.api.api_key,
                "WebUrl": page.url if page else None,
                "BedrockAgentId": agent.agent_id,
                "BedrockAgentAliasId": agent.alias_id,
                "ArtifactsBucketName": artifacts.bucket_name,
                "TemplatesBucketName": buckets.templates.bucket_name if tools else None,
                "SessionsTableName": table.table.table_name,
                "ResolversFunctionName": resolvers.function.function_name,
                "WorkerFunctionName": worker.function.function_name,
                "DeadLettersUrl": failures.dead_letters.queue_url,
                "AlarmTopicArn": monitoring.topic.topic_arn,
                "DashboardName": monitoring.dashboard.dashboard_name,
            }
        )

    def _config(self, api: Api, users: Users) -> dict[str, str]:
        """What the page reads as `config.json`."""
        return {
            "graphqlEndpoint": api.api.graphql_url,
            "realtimeEndpoint": api.realtime_url,
            "region": self.region,
            "userPoolId": users.pool.user_pool_id,
            "userPoolClientId": users.client.user_pool_client_id,
            "userPoolEndpoint": f"https://cognito-idp.{self.region}.{self.url_suffix}/",
        }

    def _say(self, values: dict[str, str | None]) -> None:
        for key, value in values.items():
            if value is not None:
                CfnOutput(self, key, value=value)

    def _artifacts(self, buckets: Buckets) -> s3.IBucket:
        """Where the documents are: an existing agent's tools may have a bucket of their own."""
        if self._settings.artifacts_bucket:
            return s3.Bucket.from_bucket_name(self, "ExistingArtifacts", self._settings.artifacts_bucket)
        return buckets.artifacts

    def _agent(self, buckets: Buckets, artifacts: s3.IBucket) -> tuple[Function | None, Agent]:
        """The agent, and the function with its tools unless it brings its own."""
        settings = self._settings
        if settings.agent is AgentKind.EXISTING:
            return None, ExistingAgent(self, "Agent", agent_id=settings.agent_id, alias_id=settings.agent_alias_id)
        tools = Function(
            self,
            "Tools",
            program=TOOLS,
            defaults=self._defaults,
            environment={
                "ARTIFACTS_BUCKET_NAME": artifacts.bucket_name,
                "TEMPLATES_BUCKET_NAME": buckets.templates.bucket_name,
            },
        )
        permissions.tools_may(tools, artifacts=artifacts, templates=buckets.templates)
        agent = BedrockAgent(self, "Agent", name=settings.stack_name, model=settings.agent_model, tools=tools.function)
        return tools, agent
