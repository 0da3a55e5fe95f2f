"""The second argument of a Lambda's handler, for tests and benchmarks that call a handler themselves.

It imports only `time`: a measured cold start counts every other import as the handler's own.
"""

import time

TYPE_CHECKING = False  # a type checker reads it as `typing.TYPE_CHECKING`, and nothing imports `typing` for it
if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

REQUEST_ID = "9e8f7a6b-0000-4000-8000-000000000001"


class _Context:
    """One invocation."""

    aws_request_id = REQUEST_ID
    function_name = "scopesmith"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:111122223333:function:scopesmith"
    memory_limit_in_mb = "1024"  # text, as Lambda's own runtime gives it
    log_group_name = "/aws/lambda/scopesmith"
    log_stream_name = "[$LATEST]1"
    tenant_id = None

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends - time.monotonic()) * 1000))


def lambda_context(seconds: float = 900.0) -> "LambdaContext":
    """The context of an invocation that has this much time left."""
    return _Context(seconds)  # type: ignore[return-value] # it has what Lambda's own has
