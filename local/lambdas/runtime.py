"""Lambda's runtime for Python: it asks the Runtime API for an invocation, calls the handler, answers, and asks again.

The host runs it as `python -m local.lambdas.runtime`, one process for each execution environment, and configures it by
Lambda's own environment variables. It imports only the standard library, so that a handler finds no module loaded that
Lambda would not load.
"""

import http.client
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from local.isolation import end_with_the_parent

VERSION = "2018-06-01"
"""The Runtime API's version: the first part of each path."""

Handler = Callable[[object, "Context"], object]


@dataclass(frozen=True)
class Context:
    """The second argument of a handler."""

    aws_request_id: str
    invoked_function_arn: str
    deadline_ms: int
    function_name: str
    function_version: str
    memory_limit_in_mb: str  # a string, as in Lambda's own runtime
    log_group_name: str
    log_stream_name: str
    identity: None = None
    client_context: None = None
    tenant_id: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the process is stopped, never below 0."""
        return max(self.deadline_ms - int(time.time() * 1000), 0)


class RuntimeApi:
    """The three calls of the Runtime API over one connection. `address` is `host:port`, optionally with a path."""

    def __init__(self, address: str) -> None:
        url = urlsplit(f"http://{address}")
        if url.hostname is None:
            raise ValueError(f"AWS_LAMBDA_RUNTIME_API must be host:port, not {address!r}")
        self._connection = http.client.HTTPConnection(url.hostname, url.port)
        self._path = f"{url.path}/{VERSION}/runtime"

    def next(self) -> tuple[http.client.HTTPMessage, bytes]:
        """Wait for the next invocation, however long that takes; returns its headers and its event."""
        return self._call("GET", "/invocation/next")

    def respond(self, request_id: str, answer: bytes) -> None:
        self._call("POST", f"/invocation/{request_id}/response", answer)

    def fail(self, where: str, error: dict[str, object]) -> None:
        """Report an error: `where` is `/init` or `/invocation/<request id>`."""
        self._call("POST", f"{where}/error", json.dumps(error).encode())

    def _call(self, method: str, path: str, body: bytes | None = None) -> tuple[http.client.HTTPMessage, bytes]:
        self._connection.request(method, self._path + path, body, {"content-type": "application/json"})
        response = self._connection.getresponse()
        return response.headers, response.read()


def load(handler: str) -> Handler:
    """The function that `package.module.function` names."""
    module, _, name = handler.rpartition(".")
    if not module:
        raise ValueError(f"a handler must be module.function, not {handler!r}")
    function: Handler = getattr(importlib.import_module(module), name)
    return function


def describe(error: BaseException, *, skip: int) -> dict[str, object]:
    """An exception as Lambda reports it, without the first `skip` frames, which are this module's."""
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_list(traceback.extract_tb(error.__traceback__)[skip:]),
    }


def invoke_once(api: RuntimeApi, handler: Handler) -> None:
    """Take one invocation, call the handler, and report its answer or its error."""
    headers, event = api.next()
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    context = Context(
        aws_request_id=request_id,
        invoked_function_arn=headers["Lambda-Runtime-Invoked-Function-Arn"],
        deadline_ms=int(headers["Lambda-Runtime-Deadline-Ms"]),
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
    )
    try:
        result = handler(json.loads(event), context)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is its invocation's error, not the runtime's
        traceback.print_exc()
        api.fail(f"/invocation/{request_id}", describe(error, skip=1))
        return
    try:
        answer = json.dumps(result, default=_number, ensure_ascii=False).encode()
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        api.fail(f"/invocation/{request_id}", {"errorMessage": message, "errorType": "Runtime.MarshalError"})
    else:
        api.respond(request_id, answer)


def _number(value: object) -> float:
    """Write a Decimal as a number. Lambda's runtime does the same, and no other type that JSON lacks."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def main() -> int:
    end_with_the_parent()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    name = os.environ["_HANDLER"]
    try:
        handler = load(name)
    except Exception as error:  # noqa: BLE001 - a module may raise anything when it is imported
        traceback.print_exc()
        message = f"Unable to import {name}: {error}"
        api.fail("/init", describe(error, skip=1) | {"errorMessage": message, "errorType": "Runtime.ImportModuleError"})
        return 1
    try:
        while True:
            invoke_once(api, handler)
    except (http.client.HTTPException, ConnectionError):  # the host has closed
        return 1


if __name__ == "__main__":
    sys.exit(main())
