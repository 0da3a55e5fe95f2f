"""The quotas of a default AWS account, in one Region, that sessions meet: the simulation's inputs, with their sources.

Data alone. A figure that AWS gives only in an account's own console, or that could not be confirmed, says so; ask
Service Quotas for your account's before you trust an order that hangs on one of them.
"""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    AT_A_TIME = auto()
    A_SECOND = auto()


@dataclass(frozen=True)
class Quota:
    """What may be had, and what to do when it is too little."""

    words: str
    limit: float
    kind: Kind
    burst: float
    """Of a rate: for how many seconds it may be saved up."""
    source: str
    remedy: str
    certain: bool = True


MODEL = "Bedrock: the model's tokens"
LAMBDA = "Lambda: runs at a time"
NEW = "Lambda: new environments"
TOKENS = "AppSync: request tokens"
CONNECTS = "AppSync: connections opened"
OUTBOUND = "AppSync: messages out"
COLD = "DynamoDB: a new table"
TABLE = "DynamoDB: one table"
OWNER = "DynamoDB: one owner's index"

QUOTAS = (
    Quota(
        MODEL, 1_000_000 / 60, Kind.A_SECOND, 60, "Amazon Bedrock, Quotas: by model and account; 1 M a minute assumed",
        "ask for more tokens a minute, or use a cross-Region inference profile", certain=False,
    ),
    Quota(
        LAMBDA, 1_000, Kind.AT_A_TIME, 0, "AWS Lambda, Quotas: concurrent executions of an account",
        "ask for more concurrent executions: one a session, and a few for the resolvers",
    ),
    Quota(
        NEW, 100, Kind.A_SECOND, 10, "AWS Lambda, Scaling behavior: 1,000 environments a function each 10 s",
        "cannot be raised: let the queue wait, or provision concurrency ahead of a rush",
    ),
    Quota(
        TOKENS, 10_000, Kind.A_SECOND, 1, "AWS AppSync, Quotas: rate of request tokens; less in small Regions",
        "ask for more request tokens", certain=False,
    ),
    Quota(
        CONNECTS, 2_000, Kind.A_SECOND, 1, "AWS AppSync, Quotas: rate of connection requests",
        "ask for more connection requests", certain=False,
    ),
    Quota(
        OUTBOUND, 1_000_000, Kind.A_SECOND, 1, "AWS AppSync, Quotas: rate of outbound messages",
        "ask for more outbound messages", certain=False,
    ),
    Quota(
        COLD, 4_000, Kind.A_SECOND, 1, "Amazon DynamoDB, On-demand capacity mode: a new table's writes",
        "warm the table up before a rush: it doubles by itself, but within half an hour",
    ),
    Quota(
        TABLE, 40_000, Kind.A_SECOND, 1, "Amazon DynamoDB, Quotas: write units of a table",
        "ask for more write units a table",
    ),
    Quota(
        OWNER, 1_000, Kind.A_SECOND, 1, "Amazon DynamoDB, Partition key design: write units of a partition",
        "sign users in: all callers with the API key are one owner, and so one partition of the index",
    ),
)  # fmt: skip
