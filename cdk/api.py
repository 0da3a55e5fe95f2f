"""The GraphQL API: AppSync with the printed SDL, and the same resolver code on every root field."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from aws_cdk import Expiration
from aws_cdk import aws_appsync as appsync
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk.functions.function import Function
from cdk.monitoring.log_group import log_group
from cdk.sdl import RootField, root_fields, without_api_key
from cdk.settings import Settings
from cdk.users import Users
from schema import limits

_ROOT = Path(__file__).parents[1]
_SDL = _ROOT / "schema" / "schema.graphql"
_RESOLVER = _ROOT / "resolvers" / "resolver.js"
_ANNOUNCE = _ROOT / "resolvers" / "announce.js"

ANNOUNCE = "announceProgress"
"""The one root field that no Lambda answers: it pushes what it is given to the subscribers."""

INTROSPECTION_DEPTH = 16
"""The depth that the playground's introspection query needs, with a margin."""


class Api(Construct):
    """The API. It accepts Cognito's tokens and IAM's signatures, and an API key only if the settings ask for one."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, users: Users) -> None:
        """Outside production it answers introspection and logs every field."""
        super().__init__(scope, id_)
        self.key_expires = _key_expires(settings)
        """When the API key ends; None if there is no key. Each deployment sets it anew."""
        open_to_developers = not settings.production
        sdl = _SDL.read_text(encoding="utf-8")
        self._fields = root_fields(sdl)
        self.log_role = iam.Role(self, "LogRole", assumed_by=iam.ServicePrincipal("appsync.amazonaws.com"))
        self.api = appsync.GraphqlApi(
            self,
            "Api",
            name=settings.stack_name,
            definition=appsync.Definition.from_file(str(_SDL)),
            authorization_config=appsync.AuthorizationConfig(
                default_authorization=_signed_in(users.pool, users.client),
                additional_authorization_modes=list(_besides(self.key_expires)),
            ),
            introspection_config=appsync.IntrospectionConfig.ENABLED
            if open_to_developers
            else appsync.IntrospectionConfig.DISABLED,
            query_depth_limit=INTROSPECTION_DEPTH if open_to_developers else limits.QUERY_DEPTH,
            resolver_count_limit=limits.RESOLVERS_A_REQUEST,
            enhanced_metrics_config=appsync.EnhancedMetricsConfig(
                data_source_level_metrics_behavior=appsync.DataSourceLevelMetricsBehavior.FULL_REQUEST_DATA_SOURCE_METRICS,
                # A client chooses the names of its operations, and each name would be one more metric to pay for.
                operation_level_metrics_config=appsync.OperationLevelMetricsConfig.DISABLED,
                resolver_level_metrics_behavior=appsync.ResolverLevelMetricsBehavior.FULL_REQUEST_RESOLVER_METRICS,
            ),
            xray_enabled=True,
        )
        # The library's own log option adds a function that sets the retention; our log group has its retention already.
        self._cfn.log_config = appsync.CfnGraphQLApi.LogConfigProperty(
            cloud_watch_logs_role_arn=self.log_role.role_arn,
            field_log_level="ALL" if open_to_developers else "ERROR",
            exclude_verbose_content=True,  # keeps the clients' texts out of the log
        )
        if not settings.api_key:
            cast("appsync.CfnGraphQLSchema", self.api.node.find_child("Schema")).definition = without_api_key(sdl)
        # AppSync writes to the group of this name. If there is none, it creates one that never expires.
        self.log = log_group(self, "Log", settings=settings, name=f"/aws/appsync/apis/{self.api.api_id}")
        self.log.grant_write(self.log_role)

    @property
    def realtime_url(self) -> str:
        """The address of the WebSocket, a wss URL."""
        return self._cfn.attr_realtime_url

    @property
    def _cfn(self) -> appsync.CfnGraphQLApi:
        return cast("appsync.CfnGraphQLApi", self.api.node.default_child)

    def resolved_by(self, resolvers: Function) -> None:
        """Let the function answer every root field but the announcements, which it alone may send."""
        source = self.api.add_lambda_data_source("Resolvers", resolvers.function)
        nothing = self.api.add_none_data_source("Nothing")
        for field in self._fields:
            if field.name == ANNOUNCE:
                _resolver(nothing, field, _ANNOUNCE)
            else:
                _resolver(source, field, _RESOLVER)
        self.api.grant_mutation(resolvers.role, ANNOUNCE)

    def grant_publish(self, role: iam.Role) -> None:
        """Let the role call publishProgress, and no other field of the API."""
        self.api.grant_mutation(role, "publishProgress")


def _resolver(source: appsync.BaseDataSource, field: RootField, code: Path) -> None:
    source.create_resolver(
        f"{field.type_name}.{field.name}",
        type_name=field.type_name,
        field_name=field.name,
        code=appsync.Code.from_inline(code.read_text(encoding="utf-8")),
        runtime=appsync.FunctionRuntime.JS_1_0_0,
    )


def _signed_in(pool: cognito.UserPool, client: cognito.UserPoolClient) -> appsync.AuthorizationMode:
    return appsync.AuthorizationMode(
        authorization_type=appsync.AuthorizationType.USER_POOL,
        user_pool_config=appsync.UserPoolConfig(
            user_pool=pool,
            app_id_client_regex=f"^{client.user_pool_client_id}$",
            default_action=appsync.UserPoolDefaultAction.ALLOW,  # DENY allows no second mode
        ),
    )


def _key_expires(settings: Settings) -> dt.datetime | None:
    if not settings.api_key:
        return None
    # A whole day, so that the template does not change during the day.
    today = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + dt.timedelta(days=settings.api_key_days + 1)


def _besides(key_expires: dt.datetime | None) -> Iterator[appsync.AuthorizationMode]:
    yield appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.IAM)
    if key_expires:
        yield appsync.AuthorizationMode(
            authorization_type=appsync.AuthorizationType.API_KEY,
            api_key_config=appsync.ApiKeyConfig(expires=Expiration.at_date(key_expires)),
        )
