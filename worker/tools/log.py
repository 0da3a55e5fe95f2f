"""The action-group Lambda's log: JSON lines by Powertools, each with the session and the tool it belongs to.

Where the worker itself runs the tools, they are logged through `worker.log`.
"""

from aws_lambda_powertools import Logger

SERVICE = "scopesmith-tools"
"""Names this Lambda in its log lines."""

logger = Logger(service=SERVICE, use_rfc3339=True)
