"""One cold start: a fresh process that imports a handler, has it answer one event, and prints what that took.

`starts` runs it as a module. It imports only the standard library before the clock starts, so that everything
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

from fakes.lambda_context import lambda_context  # it imports only `time`

from local.isolation import end_with_the_parent  # it imports only the standard library


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
    return getattr(import_module(module), name)(event, lambda_context())


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
