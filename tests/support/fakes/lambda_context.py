"""The second argument of a Lambda's handler, for tests that call a handler themselves.

It is the context of the local Lambda's own runtime, so a test and the local stack give a handler the same thing.
"""

import time
from typing import TYPE_CHECKING, cast

from local.lambdas.runtime import Context

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

REQUEST_ID = "9e8f7a6b-0000-4000-8000-000000000001"


def lambda_context(seconds: float = 900.0) -> "LambdaContext":
    """The context of an invocation that has this much time left."""
    context = Context(
        aws_request_id=REQUEST_ID,
        invoked_function_arn="arn:aws:lambda:us-east-1:111122223333:function:scopesmith",
        deadline_ms=int((time.time() + seconds) * 1000),
        function_name="scopesmith",
        function_version="$LATEST",
        memory_limit_in_mb="1024",
        log_group_name="/aws/lambda/scopesmith",
        log_stream_name="[$LATEST]1",
    )
    return cast("LambdaContext", context)
