"""How many sessions may run at a time, so that the API always finds a free Lambda. `cdk.settings` has the setting.

Lambda runs only so many functions of an account at once, and a new account has ten of these places. A worker keeps one
for minutes. If workers had all of them, no publish and no query would be answered.
"""

NEW_ACCOUNT = 10
"""The concurrent executions of a new account."""

KEPT_FOR_QUERIES = 2
"""The places that no run may take: for queries, for mutations of users, and for the failure function."""

_WORKER_AND_PUBLISH = 2
"""A run publishes one update at a time, so it needs one place beside the worker's."""
_TOOLS = 1
"""An agent of Bedrock Agents calls one tool at a time, in a function of its own."""


def runs_that_fit(places: int, *, tools_apart: bool) -> int:
    """How many runs leave the API a place in an account with so many. At least one, or nothing would ever run."""
    of_a_run = _WORKER_AND_PUBLISH + (_TOOLS if tools_apart else 0)
    return max(1, (places - KEPT_FOR_QUERIES) // of_a_run)
