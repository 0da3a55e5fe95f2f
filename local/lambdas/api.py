"""The HTTP front of the Lambda host: the Invoke API for callers, the Runtime API for the functions' processes.

It checks what Lambda checks (name, size, JSON), and words errors so that boto3 raises the same exceptions as in the
cloud. It runs no function itself: `local.lambdas.host` does.
"""

import json
import re

from aiohttp import web

from local.lambdas.functions import Answer, UnknownFunctionError
from local.lambdas.host import LambdaHost
from local.lambdas.process import ExecutionEnvironment
from local.lambdas.runtime import VERSION

INVOCATION_PATH = "/2015-03-31/functions/{function}/invocations"

PAYLOAD_BYTES = {"RequestResponse": 6_291_456, "DryRun": 6_291_456, "Event": 1_048_576}
"""The largest event for each invocation type: 6 MB, or 1 MB when asynchronous (AWS, "Lambda quotas")."""

REQUEST_BYTES = 64 * 1024**2
"""The server reads requests up to this size, so that a payload over the limit gets Lambda's own error."""

_FUNCTION_NAME = re.compile(r"(?:.*:function:|\d{12}:)?(?P<name>[^:]+)(?::[^:]*)?")
"""A name, a partial ARN or a whole ARN, each with or without a version or an alias."""


def add_routes(app: web.Application, host: LambdaHost) -> None:
    """Let `app` serve both APIs of `host`. It needs `client_max_size=REQUEST_BYTES`."""
    front = _Front(host)
    runtime = f"/{{environment}}/{VERSION}/runtime"
    app.router.add_post(INVOCATION_PATH, front.invoke)
    app.router.add_get(f"{runtime}/invocation/next", front.next)
    app.router.add_post(f"{runtime}/invocation/{{request}}/response", front.answer)
    app.router.add_post(f"{runtime}/invocation/{{request}}/error", front.answer)
    app.router.add_post(f"{runtime}/init/error", front.fail_init)


def error_response(status: int, error_type: str, message: str) -> web.Response:
    """An error of a REST-JSON service; botocore takes its code from the header."""
    return web.json_response(
        {"Type": "User", "Message": message, "message": message},
        status=status,
        headers={"x-amzn-errortype": error_type},
    )


class _Front:
    def __init__(self, host: LambdaHost) -> None:
        self._host = host

    async def invoke(self, request: web.Request) -> web.Response:
        name = request.match_info["function"]
        if match := _FUNCTION_NAME.fullmatch(name):
            name = match["name"]
        kind = request.headers.get("x-amz-invocation-type", "RequestResponse")
        limit = PAYLOAD_BYTES.get(kind)
        if limit is None:
            kinds = ", ".join(PAYLOAD_BYTES)
            message = f"InvocationType must be one of {kinds}, not {kind!r}"
            return error_response(400, "InvalidParameterValueException", message)
        event = await request.read() or b"{}"
        if len(event) > limit:
            message = f"{len(event)} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
            return error_response(413, "RequestTooLargeException", message)
        try:
            json.loads(event)
        except ValueError as error:
            return error_response(
                400, "InvalidRequestContentException", f"Could not parse request body into json: {error}"
            )
        try:
            return await self._run(kind, name, event)
        except UnknownFunctionError as error:
            return error_response(404, "ResourceNotFoundException", str(error))

    async def _run(self, kind: str, name: str, event: bytes) -> web.Response:
        if kind == "DryRun":
            self._host.function(name)
            return web.Response(status=204)
        if kind == "Event":
            return web.Response(status=202, headers={"x-amzn-RequestId": self._host.submit(name, event)})
        answer = await self._host.invoke(name, event)
        headers = {"x-amz-executed-version": "$LATEST"}
        if answer.failed:
            headers["x-amz-function-error"] = "Unhandled"
        return web.Response(body=answer.payload, headers=headers, content_type="application/json")

    async def next(self, request: web.Request) -> web.Response:
        environment = self._environment(request)
        invocation = await environment.next()
        return web.Response(
            body=invocation.event,
            content_type="application/json",
            headers={
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": self._host.arn(environment.function.name),
            },
        )

    async def answer(self, request: web.Request) -> web.Response:
        answer = Answer(await request.read(), failed=request.path.endswith("/error"))
        if not self._environment(request).answer(request.match_info["request"], answer):
            return _runtime_error(400, "InvalidRequestID", "This environment was not asked that.")
        return web.json_response({"status": "OK"}, status=202)

    async def fail_init(self, request: web.Request) -> web.Response:
        self._environment(request).fail_init(Answer(await request.read(), failed=True))
        return web.json_response({"status": "OK"}, status=202)

    def _environment(self, request: web.Request) -> ExecutionEnvironment:
        environment = self._host.environment(request.match_info["environment"])
        if environment is None:
            raise web.HTTPForbidden(text="No such execution environment")
        return environment


def _runtime_error(status: int, error_type: str, message: str) -> web.Response:
    return web.json_response({"errorType": error_type, "errorMessage": message}, status=status)
