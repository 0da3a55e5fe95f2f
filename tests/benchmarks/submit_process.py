"""submitAssessment as the resolvers' handler answers it, and its bare AWS calls, by turns in one warm process.

`submit` runs it as a module, with the Lambda's environment, and reads the figures from its last line. The bare calls
are the handler's own requests, taken down as boto3 got them and sent again for another session: one transaction and
one invocation, by clients set up as the handler's are.
"""

import copy
import json
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from resolvers import handler

from .cold_process import Context

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient

    Client = DynamoDBClient | LambdaClient

EVENT = Path(__file__).parents[1] / "data" / "resolvers" / "submit_with_api_key.json"
_WARM = 20


class Bare:
    """The handler's requests, without the handler."""

    def __init__(self) -> None:
        self._taken: dict[str, Any] = {}
        self._dynamodb = boto3.client("dynamodb", config=handler._CLIENT)  # noqa: SLF001 - alike but for what is measured
        self._lambda = boto3.client("lambda", config=handler._INVOKE)  # noqa: SLF001 - likewise

    def take_down(self, answer: Callable[[], object]) -> None:
        """Let the handler answer once, and keep what it sends."""
        for client in (handler.sessions._store._client, handler._lambda_client()):  # type: ignore[attr-defined]  # noqa: SLF001
            client.meta.events.register("provide-client-params.*.*", self._keep)
        answer()
        for client in (handler.sessions._store._client, handler._lambda_client()):  # type: ignore[attr-defined]  # noqa: SLF001
            client.meta.events.unregister("provide-client-params.*.*", self._keep)
        if set(self._taken) != {"TransactWriteItems", "Invoke"}:
            raise RuntimeError(f"submitAssessment is one transaction and one invocation, not {sorted(self._taken)}")

    def _keep(self, params: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's
        self._taken[model.name] = copy.deepcopy(params)

    def calls(self) -> Callable[[], None]:
        """The two calls for a session of their own, ready to be made."""
        transaction, invocation = copy.deepcopy(self._taken["TransactWriteItems"]), self._taken["Invoke"]
        session_id = str(uuid.uuid4())
        for item in transaction["TransactItems"]:
            item["Put"]["Item"]["session_id"] = {"S": session_id}

        def call() -> None:
            self._dynamodb.transact_write_items(**transaction)
            self._lambda.invoke(**invocation)

        return call


def main() -> None:
    rounds = int(sys.argv[1])
    event = json.loads(EVENT.read_text(encoding="utf-8"))
    context: Any = Context()

    def answer() -> None:
        answered = handler.handler(event, context)
        if not isinstance(answered, dict) or answered.get("status") != "PENDING":
            raise RuntimeError(f"not submitted: {answered}")

    bare = Bare()
    bare.take_down(answer)
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
