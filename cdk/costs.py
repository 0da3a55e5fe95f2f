"""What a session costs. `python -m cdk.costs` prints it, and the README shows its summary.

It is arithmetic on list prices of us-east-1, without free tiers. The sizes were measured with the sample notes on one
machine, except for the model's tokens, which are assumed: they depend on the model and the notes, and cost more than
everything else. A session shows what its own tokens cost, and the dashboard shows their sum. Cognito is not included:
it costs extra for each user who signs in during a month.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

PRICES_OF = "November 2026"

SECONDS = 240
EVENTS = 300
PUBLISHES = 240
"""At most one a second. Status changes are published at once; seconds without news make up for them."""
READS = 10
"""Reads of session, events and sessions by a client that follows from submit to download."""
RESOLVED = PUBLISHES + READS + 2
"""All calls of the resolvers: also the submit and the start of the subscription."""

MESSAGE_UNITS = 2.5
"""Units of 5 KB in a message: 1 KB of events and the results so far, which are 9.5 KB at the end."""
STATE_AND_LOG_UNITS = 2 * (1 + 2)
"""Write units of a publish: STATE (0.5 KB) and its events (1.1 KB), doubled by the transaction."""
INDEX_UNITS = 14
"""Write units of the owner's index, which is written when the status or the progress changes."""
SUBMIT_UNITS = 2 * (1 + 10 + 1 + 1) + 1
"""STATE, 10 KB of notes, the owner's record and that of all owners, in a transaction; then STATE again, once the worker
is started. The record of all owners takes one unit for some 15 sessions that run at once."""
END_UNITS = 2 * (1 + 1)
"""Both records, in the transaction that ends the session."""
RESULTS_UNITS = 2 * 8 + 5 * 2 * 2
"""REQUIREMENTS (8 KB) is written once and RESULTS (1.5 KB at the end) after each tool, in transactions."""
READ_UNITS = 3
"""STATE and all results are read before each publish, consistently: 9 KB in units of 4 KB."""
WORKER_GB = 1.0
"""The worker's memory. It runs for the whole session, and the tools run in it."""
RESOLVER_SECONDS = 0.060
"""One warm call. This is an assumption: a few times what the functions take on one machine."""
KEPT_BYTES = 300_000
"""The event log (700 B for each event, and the overhead of items) and the assessment."""
LOG_BYTES = 900_000
"""The functions' log (0.4 MB) and AppSync's (2 KB for each request)."""

SESSIONS_A_MONTH = 10_000


@dataclass(frozen=True)
class ModelCall:
    """The tokens of one call of the model. `input_tokens` leaves out those that are read from the cache."""

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0


FIRST_TURN = ModelCall(input_tokens=2_000, output_tokens=250)
LATER_TURN = ModelCall(input_tokens=1_500, output_tokens=250, cache_read_tokens=1_200)
NOTES = ModelCall(input_tokens=6_000, output_tokens=4_000)
"""The call that reads the notes: 10 KB of them with the form, and the form filled in."""
LATER_TURNS = 5
"""The agent calls five tools one by one, and each answer is a turn."""
MODEL_CALLS = (FIRST_TURN, *[LATER_TURN] * LATER_TURNS, NOTES)
"""All calls of a session. Their tokens are assumptions: four characters each, and no repetition."""

MODEL_PRICED = "us.anthropic.claude-sonnet-4-6"
"""The default model. The prices below are its list prices in an inference profile of one geography."""


@dataclass(frozen=True)
class Cost:
    """One line of the bill."""

    what: str
    amount: float
    unit: str
    dollars: float
    """The price of one unit."""

    @property
    def service(self) -> str:
        return self.what.partition(":")[0]

    @property
    def total(self) -> float:
        return self.amount * self.dollars


_MILLION = 1e-6
_WRITES = PUBLISHES * STATE_AND_LOG_UNITS + RESULTS_UNITS + INDEX_UNITS + SUBMIT_UNITS + END_UNITS

SESSION = (
    Cost("AppSync: queries and mutations", RESOLVED - 1, "requests", 4.00 * _MILLION),
    Cost("AppSync: messages to one subscriber", PUBLISHES * MESSAGE_UNITS, "units of 5 KB", 2.00 * _MILLION),
    Cost("AppSync: connection", SECONDS / 60, "minutes", 0.08 * _MILLION),
    Cost("DynamoDB: writes", _WRITES, "write units", 0.625 * _MILLION),
    Cost("DynamoDB: reads", (PUBLISHES + READS) * READ_UNITS, "read units", 0.125 * _MILLION),
    Cost(f"Lambda: worker, {WORKER_GB:g} GB arm64", SECONDS * WORKER_GB, "GB-s", 0.0000133334),
    Cost(
        f"Lambda: resolvers, {RESOLVER_SECONDS * 1000:.0f} ms each",
        RESOLVED * RESOLVER_SECONDS * 0.5,
        "GB-s",
        0.0000133334,
    ),
    Cost("Lambda: requests", RESOLVED + 1, "requests", 0.20 * _MILLION),
    Cost("S3: writes and lists", 31, "requests", 0.005 / 1000),
    Cost("S3: reads", 40, "requests", 0.0004 / 1000),
    Cost("CloudWatch: logs", LOG_BYTES / 1e9, "GB", 0.50),
    Cost("X-Ray: at most", RESOLVED, "traces", 5.00 * _MILLION),  # a second's first request, and 5% of the others
    Cost("WAF: requests", RESOLVED, "requests", 0.60 * _MILLION),
    Cost("Transfer: to the client", (PUBLISHES * 6 + 200) / 1e6, "GB", 0.09),
    Cost("DynamoDB: a month's storage, with restore", KEPT_BYTES / 1e9, "GB", 0.25 + 0.20),
)

MODEL = (
    Cost("Model: input, assumed", sum(one.input_tokens for one in MODEL_CALLS), "tokens", 3.30 * _MILLION),
    Cost("Model: output, assumed", sum(one.output_tokens for one in MODEL_CALLS), "tokens", 16.50 * _MILLION),
    Cost("Model: cache reads, assumed", sum(one.cache_read_tokens for one in MODEL_CALLS), "tokens", 0.33 * _MILLION),
)

MONTH = (
    Cost("WAF: web ACL", 1, "ACL", 5.00),
    Cost("WAF: rules", 6, "rules", 1.00),
    Cost("CloudWatch: AppSync's enhanced metrics", 27, "metrics", 0.30),
    Cost("CloudWatch: own metrics", 11, "metrics", 0.30),
    Cost("CloudWatch: alarms, two of them on several metrics", 27, "metrics", 0.10),
    Cost("CloudWatch: dashboard", 1, "dashboard", 3.00),
)


def summary() -> str:
    """The bill by service as Markdown. The README has this table."""
    services = [*dict.fromkeys(cost.service for cost in (*MODEL, *SESSION, *MONTH)), None]
    each = [_sum((*MODEL, *SESSION), one) for one in services]
    month = [SESSIONS_A_MONTH * session + _sum(MONTH, one) for session, one in zip(each, services, strict=True)]
    return "\n".join(
        [
            f"| US$ | {' | '.join(one or 'together' for one in services)} |",
            "|---" * (len(services) + 1) + "|",
            f"| a session | {' | '.join(f'{one:.4f}' for one in each)} |",
            f"| {SESSIONS_A_MONTH:,} in a month | {' | '.join(f'{one:.2f}' for one in month)} |",
        ]
    )


def _sum(costs: Sequence[Cost], service: str | None = None) -> float:
    return sum(cost.total for cost in costs if service in {None, cost.service})


def table() -> str:
    """The bill line by line as Markdown."""
    without_model, a_month = _sum(SESSION), _sum(MONTH)
    a_session = without_model + _sum(MODEL)
    return "\n".join(
        [
            f"| a session of {SECONDS // 60} minutes, {EVENTS} events | amount | US$ |",
            "|---|---:|---:|",
            *(f"| {one.what} | {one.amount:,.6g} {one.unit} | {one.total:.5f} |" for one in SESSION),
            f"| **one session, without the model** | | **{without_model:.4f}** |",
            *(f"| {one.what} | {one.amount:,.6g} {one.unit} | {one.total:.5f} |" for one in MODEL),
            f"| **one session** | | **{a_session:.4f}** |",
            f"| {SESSIONS_A_MONTH:,} sessions | | {SESSIONS_A_MONTH * a_session:.2f} |",
            *(f"| {one.what} | {one.amount:g} {one.unit} | {one.total:.2f} |" for one in MONTH),
            f"| **a month with {SESSIONS_A_MONTH:,} sessions** | | **{SESSIONS_A_MONTH * a_session + a_month:.2f}** |",
        ]
    )


def main(_: Sequence[str] | None = None) -> int:
    """Print both tables."""
    sys.stdout.write(f"List prices of us-east-1, {PRICES_OF}, without free tiers.\n\n{summary()}\n\n{table()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
