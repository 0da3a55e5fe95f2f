"""submitAssessment as the resolvers' handler answers it, and its bare AWS calls, by turns in one warm process.

`calls` runs it as a module, with the Lambda's environment, and reads the figures from its last line. The bare calls
are the handler's own requests, taken down as boto3 got them and sent again for another session, by clients set up as
the handler's are: they read the owner's record, make the session, invoke the worker, and note that.
"""

import copy
import json
import sys
import time
import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any

import boto3
from fakes.lambda_context import lambda_context

from local.isolation import end_with_the_parent
from tests.benchmarks.environment import DATA

EVENT = DATA / "resolvers" / "submit_with_api_key.json"
_WARM = 20
_REQUESTS = ("GetItem", "TransactWriteItems", "Invoke", "PutItem")
"""What a submit asks of AWS, in this order."""


class Session(boto3.Session):
    """The default session, which notes how each service's client was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, dict[str, Any]] = {}

    def client(self, service: str, **settings: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - any service's
        self.asked[service] = settings
        return super().client(service, **settings)  # type: ignore[call-overload]


class Bare:
    """The handler's requests, without the handler. Make it before the handler's clients: it listens to them."""

    def __init__(self) -> None:
        self._taken: dict[str, Any] = {}
        self._connected = False
        self._session = boto3.DEFAULT_SESSION = Session()
        self._session.events.register("provide-client-params", self._keep)

    def _keep(self, params: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
        if not self._connected:
            self._taken[model.name] = copy.deepcopy(params)

    def connect(self) -> None:
        """Make clients as the handler's are, now that it has answered. The last answer's requests are sent again."""
        if set(self._taken) != set(_REQUESTS):
            raise RuntimeError(f"submitAssessment makes the requests {_REQUESTS}, not {sorted(self._taken)}")
        self._connected = True
        self._dynamodb, self._lambda = (
            self._session.client(service, **self._session.asked[service]) for service in ("dynamodb", "lambda")
        )

    def calls(self) -> Callable[[], None]:
        """The calls for a session of their own, ready to be made."""
        owner, transaction, invocation, mark = copy.deepcopy([self._taken[name] for name in _REQUESTS])
        session_id = mark["Item"]["session_id"] = {"S": str(uuid.uuid4())}
        for item in transaction["TransactItems"]:
            if "Put" in item:
                item["Put"]["Item"]["session_id"] = session_id
            else:
                item["Update"]["ExpressionAttributeValues"][":session"] = {"SS": [f"{session_id['S']} 0"]}

        def call() -> None:
            self._dynamodb.get_item(**owner)
            self._dynamodb.transact_write_items(**transaction)
            self._lambda.invoke(**invocation)
            self._dynamodb.put_item(**mark)

        return call


def main() -> None:
    end_with_the_parent()
    rounds = int(sys.argv[1])
    event = json.loads(EVENT.read_text(encoding="utf-8"))
    context, bare = lambda_context(), Bare()
    handler = import_module("resolvers.handler")

    def answer() -> None:
        answered = handler.handler(event, context)
        if not isinstance(answered, dict) or answered.get("status") != "PENDING":
            raise RuntimeError(f"not submitted: {answered}")

    for _ in range(2):  # the first submit of a day has other conditions
        answer()
    bare.connect()
    figures: dict[str, list[float]] = {name: [] for name in ("handler", "handler_cpu", "bare", "bare_cpu")}
    for place in range(-_WARM, rounds):
        calls = {"handler": answer, "bare": bare.calls()}
        for name in sorted(calls, reverse=place % 2 == 0):
            wall, cpu = time.perf_counter(), time.process_time()
            calls[name]()
            took, worked = time.perf_counter() - wall, time.process_time() - cpu
            if place >= 0:
                figures[name].append(took * 1000)
                figures[f"{name}_cpu"].append(worked * 1000)
    print(json.dumps(figures))  # noqa: T201 - the answer to the process that started this one


if __name__ == "__main__":
    main()
