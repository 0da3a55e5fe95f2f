"""The buckets: the documents that sessions end with, the house templates, and the log of who fetched what."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

WORKSPACES = "sessions"
"""The prefix of the workspaces in the artifacts bucket."""

_DAY = Duration.days(1)


class Buckets(Construct):
    """Private, encrypted, reached by TLS alone."""

    def __init__(self, scope: Construct, id_: str, *, keep: bool, session_days: int, log_days: int) -> None:
        """`keep`: the buckets outlive the stack; else they go, and their objects with them."""
        super().__init__(scope, id_)
        self._keep = keep
        self.access_log = self._bucket("AccessLog", expire_after=Duration.days(log_days))
        # A retry renews what it writes, and a session lives from when it was submitted: a day more does for both.
        self.artifacts = self._bucket("Artifacts", expire_after=Duration.days(session_days + 1), logged=True)
        self.templates = self._bucket("Templates", old_versions_for=Duration.days(90), logged=True)

    def _bucket(
        self,
        id_: str,
        *,
        expire_after: Duration | None = None,
        old_versions_for: Duration = _DAY,
        logged: bool = False,
    ) -> s3.Bucket:
        return s3.Bucket(
            self,
            id_,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=_DAY,
                    expiration=expire_after,
                    noncurrent_version_expiration=old_versions_for,
                )
            ],
            server_access_logs_bucket=self.access_log if logged else None,
            server_access_logs_prefix=f"{id_.lower()}/" if logged else None,
            removal_policy=RemovalPolicy.RETAIN if self._keep else RemovalPolicy.DESTROY,
            auto_delete_objects=not self._keep,
        )
