"""The sessions table with its index. `resolvers.storage.dynamodb` reads and writes it."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from cdk.settings import Settings

OWNER_INDEX = "owner-created_at-index"

_SUMMARY = ["client_name", "project_name", "status", "progress", "listed_at", "expires_at"]
"""The attributes that a list of sessions shows."""


class SessionsTable(Construct):
    """Sessions and their event logs, until they expire."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        """A production stack keeps the table when destroyed, and protects it from deletion.

        So it also stays when a creation fails: CloudFormation could not delete it, and the rollback would fail.
        """
        super().__init__(scope, id_)
        keep = settings.production
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text("session_id"),
            sort_key=_text("record"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            deletion_protection=keep,
            removal_policy=RemovalPolicy.RETAIN if keep else RemovalPolicy.DESTROY,
        )
        self.table.add_global_secondary_index(
            index_name=OWNER_INDEX,
            partition_key=_text("owner"),
            sort_key=_text("created_at"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=_SUMMARY,
        )

    @property
    def owner_index_arn(self) -> str:
        return f"{self.table.table_arn}/index/{OWNER_INDEX}"


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
