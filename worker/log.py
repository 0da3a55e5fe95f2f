"""The worker's log: JSON lines by Powertools, each with the ids of the session and the run it belongs to.

What a client wrote or an agent answered is not logged, only what happened and how large it was. A line begins with
the part of the system that it is about: [SESSION], [BEDROCK AGENT], [CHUNK #1], [TOOL CALL #1]. The failure function
shares this log.
"""

from aws_lambda_powertools import Logger

SERVICE = "scopesmith-worker"
"""Names the worker in its log lines and metrics. `cdk.monitoring.metrics` uses the same name."""

logger = Logger(service=SERVICE, use_rfc3339=True)
