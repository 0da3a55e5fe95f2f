"""The worker's log: JSON lines by Powertools, each with the session and the run it belongs to.

What a client wrote or an agent answered is not logged, only what happened and how large it was. A line begins with
the part of the system that it is about: [SESSION], [BEDROCK AGENT], [CHUNK #1], [TOOL CALL #1].
"""

from aws_lambda_powertools import Logger

logger = Logger(service="scopesmith-worker", use_rfc3339=True)
