"""One cold start: a fresh process that imports a handler, has it answer one event, and prints what that took.

`cold_start` runs it as a module. It imports the standard library alone before the clock starts, so that everything
a handler needs is counted. With a floor in the handler's place it does what any function must that uses DynamoDB:
boto3, one client, one call.
"""

import gc
import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path

from local.isolation import end_with_the_parent  # it imports the standard library alone


class Context:
    """The second argument of a handler."""

    aws_request_id = "6f1f0a3e-6a0b-4c6d-8a54-1d2c3b4a5f60"
    function_name = "cold"
    function_version = "$LATEST"
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:cold"
    memory_limit_in_mb = "512"
    log_group_name = "/aws/lambda/cold"
    log_stream_name = "[$LATEST]cold"
    tenant_id = None

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def floor(event: dict[str, str]) -> object:
    """One strongly consistent read, as the resolvers' cheapest answer needs it."""
    import boto3  # noqa: PLC0415 - what is measured

    return boto3.client("dynamodb").query(
        TableName=event["table"],
        KeyConditionExpression="session_id = :id",
        ExpressionAttributeValues={":id": {"S": event["id"]}},
        ConsistentRead=True,
    )["Items"]


def floor_without_collector(event: dict[str, str]) -> object:
    """The same by one who knows that what importing makes stays."""
    gc.disable()
    return floor(event)


FLOORS = {"floor": floor, "floor_without_collector": floor_without_collector}


def answer(handler: str, event: dict[str, str]) -> object:
    module, _, name = handler.rpartition(".")
    return getattr(import_module(module), name)(event, Context())


def peak_mb() -> float:
    """The most memory that was resident. On Linux `ru_maxrss` would begin with that of the process that forked us."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024  # macOS counts bytes


def main() -> None:
    end_with_the_parent()
    handler, given = sys.argv[1:]
    event = json.loads(given)
    wall, cpu = time.perf_counter(), time.process_time()
    answered = FLOORS[handler](event) if handler in FLOORS else answer(handler, event)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    figures = {"wall": wall * 1000, "cpu": cpu * 1000, "peak": peak_mb(), "answer": answered}
    print(json.dumps(figures))  # noqa: T201 - the answer to the process that started this one


if __name__ == "__main__":
    main()
