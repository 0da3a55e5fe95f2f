"""The buckets: for sessions' documents, for the supplier's templates, and for the access logs of both."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.settings import Settings

WORKSPACES = "sessions"
"""The prefix of the workspaces in the artifacts bucket."""

BELOW_WORKSPACES = {"StringLike": {"s3:prefix": f"{WORKSPACES}/*"}}
"""The condition on the right to list the artifacts bucket: a list must name the prefix.

S3 says that an object does not exist only to callers who may list the bucket, and checks that right without a prefix.
So to these callers a missing object looks like a refused one; `worker.tools.workspace` looks it up in the list.
"""

_DAY = Duration.days(1)


class Buckets(Construct):
    """All buckets are private and encrypted, and accept only TLS."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        """Destroying a production stack keeps the buckets; otherwise they are deleted with their objects.

        A creation that fails deletes them in any case: they are empty.
        """
        super().__init__(scope, id_)
        self._keep = settings.production
        self.access_log = self._bucket("AccessLog", expire_after=Duration.days(settings.log_days))
        self.artifacts = self._artifacts(settings)
        self.templates = self._bucket("Templates", old_versions_for=Duration.days(90), logged=True)

    def _artifacts(self, settings: Settings) -> s3.IBucket:
        """The bucket for the documents. An existing agent's tools may have their own one."""
        if settings.artifacts_bucket:
            return s3.Bucket.from_bucket_name(self, "Artifacts", settings.artifacts_bucket)
        # A session expires session_days after it was submitted. One day more covers the time until its documents exist.
        return self._bucket("Artifacts", expire_after=Duration.days(settings.session_days + 1), logged=True)

    def _bucket(
        self,
        id_: str,
        *,
        expire_after: Duration | None = None,
        old_versions_for: Duration = _DAY,
        logged: bool = False,
    ) -> s3.Bucket:
        policy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if self._keep else RemovalPolicy.DESTROY
        bucket = s3.Bucket(
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
            removal_policy=policy,
            auto_delete_objects=not self._keep,
        )
        if bucket.policy and self._keep:
            bucket.policy.apply_removal_policy(policy)  # a bucket that is kept must still refuse requests without TLS
        return bucket
