"""Hosts the page: a private bucket behind CloudFront, with headers that let the page load only its own sources."""

from pathlib import Path

from aws_cdk import Duration, IgnoreMode, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from cdk.api import Api
from cdk.monitoring.log_group import log_group
from cdk.settings import Settings
from cdk.users import Users

_CLIENT = Path(__file__).parents[1] / "client"

_A_YEAR = Duration.days(365)


def page_config(stack: Stack, *, api: Api, users: Users) -> dict[str, str]:
    """Where the API and the user pool are. It has no secret, because anybody may read it."""
    return {
        "graphqlEndpoint": api.api.graphql_url,
        "realtimeEndpoint": api.realtime_url,
        "region": stack.region,
        "userPoolId": users.pool.user_pool_id,
        "userPoolClientId": users.client.user_pool_client_id,
        "userPoolEndpoint": f"https://cognito-idp.{stack.region}.{stack.url_suffix}/",
    }


class Web(Construct):
    """The page on CloudFront; `url` is its address."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        config: dict[str, str],
        documents: s3.IBucket,
        access_log: s3.Bucket,
    ) -> None:
        """`config` becomes the `config.json` that the page reads; proposals from `documents` are shown in a frame."""
        super().__init__(scope, id_)
        # CloudFront's names are the account's, whatever the region: another region's stack must have its own.
        stack = Stack.of(self)
        self._name = f"{stack.stack_name}-{stack.region}"
        self.bucket = s3.Bucket(
            self,
            "Files",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            lifecycle_rules=[s3.LifecycleRule(noncurrent_version_expiration=Duration.days(30))],
            server_access_logs_bucket=access_log,
            server_access_logs_prefix="web/",
            removal_policy=RemovalPolicy.DESTROY,  # everything in it is in this repository
            auto_delete_objects=True,
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            default_root_object="index.html",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(
                    self.bucket,
                    origin_access_control=cloudfront.S3OriginAccessControl(
                        self, "Access", origin_access_control_name=self._name
                    ),
                ),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                response_headers_policy=self._headers(config, documents),
            ),
        )
        self.url = f"https://{self.distribution.domain_name}/"
        self._log = log_group(self, "UploadLog", settings=settings)
        page = [deployment.Source.asset(str(_CLIENT / "web")), deployment.Source.json_data("config.json", config)]
        self._upload("Page", page, beside="operations/*")
        operations = deployment.Source.asset(
            str(_CLIENT / "operations"), exclude=["*", "!*.graphql"], ignore_mode=IgnoreMode.GIT
        )
        self._upload("Operations", [operations])

    def _upload(self, id_: str, sources: list[deployment.ISource], *, beside: str | None = None) -> None:
        deployment.BucketDeployment(
            self,
            id_,
            sources=sources,
            destination_bucket=self.bucket,
            destination_key_prefix=None if beside else id_.lower(),
            exclude=[beside] if beside else None,
            cache_control=[deployment.CacheControl.no_cache()],  # browsers check whether their copy is current
            distribution=self.distribution,
            log_group=self._log,
        )

    def _headers(self, config: dict[str, str], documents: s3.IBucket) -> cloudfront.ResponseHeadersPolicy:
        reached = [config[key] for key in ("graphqlEndpoint", "realtimeEndpoint", "userPoolEndpoint")]
        policy = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "font-src": "'self'",
            "manifest-src": "'self'",
            "connect-src": " ".join(["'self'", *reached]),
            "frame-src": f"https://{documents.bucket_regional_domain_name}",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        }
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            response_headers_policy_name=self._name,
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="cross-origin-opener-policy", value="same-origin", override=True
                    )
                ]
            ),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy="; ".join(f"{name} {value}" for name, value in policy.items()),
                    override=True,
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=_A_YEAR, include_subdomains=True, override=True
                ),
            ),
        )
