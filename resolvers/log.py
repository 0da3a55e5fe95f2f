"""The resolvers' log: JSON lines by Powertools, each with the id of the session that the request is about.

The worker and the tools have a `log` module of the same form. It names the Lambda's service and makes its one logger.
"""

from aws_lambda_powertools import Logger

SERVICE = "scopesmith-resolvers"
"""Names this Lambda in its log lines and metrics. `cdk.monitoring.metrics` uses the same name."""

logger = Logger(service=SERVICE, use_rfc3339=True)
