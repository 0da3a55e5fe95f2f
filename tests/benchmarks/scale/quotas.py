"""The quotas of a default AWS account, in one Region, that sessions meet: the simulation's inputs, with their sources.

Only data. A figure that AWS gives only in an account's own console, or that could not be confirmed, says so; ask
Service Quotas for your account's before you trust an order that hangs on one of them. How AWS counts within a quota's
window is not told; what it may lend to a burst (DynamoDB does, for minutes) is left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quota:
    """One quota, and what to do if it is too small."""

    words: str
    limit: float
    """The most at a time, or in a second."""
    window: float
    """Seconds over which a rate is counted; 0 for a quota of things at a time."""
    source: str
    remedy: str
    certain: bool = True

    @property
    def is_rate(self) -> bool:
        return self.window > 0

    @property
    def allowed(self) -> str:
        """As AWS gives it."""
        if not self.is_rate:
            return f"{self.limit:,.0f} at a time"
        per = {1.0: "a second", 60.0: "a minute"}.get(self.window, f"in {self.window:g} s")
        return f"{self.limit * self.window:,.0f} {per}"


MODEL = "Bedrock: the model's tokens"
LAMBDA = "Lambda: runs at a time"
NEW_WORKERS = "Lambda: new workers"
NEW_RESOLVERS = "Lambda: new resolvers"
TOKENS = "AppSync: request tokens"
CONNECTS = "AppSync: connections opened"
INBOUND = "AppSync: messages in"
OUTBOUND = "AppSync: messages out"
COLD = "DynamoDB: a new table"
TABLE = "DynamoDB: one table"
OWNER = "DynamoDB: index, if all use the API key"

_NEW_SOURCE = "AWS Lambda, Scaling behavior: environments, for each function"
_NEW_REMEDY = "cannot be raised: let callers wait, or provision concurrency ahead of a rush"

QUOTAS = (
    Quota(
        MODEL, 1_000_000 / 60, 60, "Amazon Bedrock, Quotas: by model and account; this figure is assumed",
        "ask for more tokens a minute, or use a cross-Region inference profile", certain=False,
    ),
    Quota(
        LAMBDA, 1_000, 0, "AWS Lambda, Quotas: concurrent executions; a new account has fewer, often ten",
        "ask for more concurrent executions: one a session, and a tenth of a second's calls for the resolvers",
    ),
    Quota(NEW_WORKERS, 100, 10, _NEW_SOURCE, _NEW_REMEDY),
    Quota(NEW_RESOLVERS, 100, 10, _NEW_SOURCE, _NEW_REMEDY),
    Quota(
        TOKENS, 10_000, 1, "AWS AppSync, Monitoring: request tokens; 5,000 in some Regions",
        "ask for more request tokens",
    ),
    Quota(
        CONNECTS, 2_000, 1, "AWS AppSync, Quotas: rate of connections; 200 has been reported too",
        "ask for more connections a second", certain=False,
    ),
    Quota(
        INBOUND, 10_000, 1, "AWS AppSync, Quotas: rate of inbound messages, one for each publish",
        "ask for more inbound messages",
    ),
    Quota(
        OUTBOUND, 1_000_000, 1, "AWS AppSync, Quotas: rate of outbound messages, one for each 5 KB to a subscriber",
        "ask for more outbound messages",
    ),
    Quota(
        COLD, 4_000, 1, "Amazon DynamoDB, On-demand capacity mode: a new table's write units",
        "warm the table up before a rush: it doubles by itself, but within half an hour",
    ),
    Quota(
        TABLE, 40_000, 1, "Amazon DynamoDB, Quotas: write units of a table",
        "ask for more write units a table",
    ),
    Quota(
        OWNER, 1_000, 1, "Amazon DynamoDB, Partition key design: write units of a partition",
        "sign users in: all callers with the API key are one owner, and so one partition of the index",
    ),
)  # fmt: skip
