"""Cold starts: how long a fresh process takes to import a Lambda's handler and give its first answer, and what memory.

The handlers meet moto's DynamoDB and S3 and an endpoint that answers as AppSync and Bedrock do. The floor is what no
function that uses DynamoDB gets below: boto3, one client, one call. All Python is compiled to byte code before.
"""

import asyncio
import compileall
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from local.isolation import ROOT
from resolvers import inputs, lifecycle
from resolvers.caller import API_KEY_OWNER
from resolvers.dynamodb import DynamoDBStore
from worker.tools.assessment import Assessment
from worker.tools.workspace import ASSESSMENT, Workspace

from . import endpoint, environment
from .environment import ARTIFACTS, DATA, REGION, TABLE
from .figures import Row, Sample, Table, interleaved

READ_SESSION = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11"
TOOLS_SESSION = "6a0f7c52-58a6-4b5e-9f1d-0f6d3a1c2b3e"
"""The sessions of the recorded events."""

SCRIPT = Path(__file__).with_name("cold_process.py")

WORKER_EVENT = {
    "action": "PROCESS_AGENT_WORKFLOW",
    "session_id": TOOLS_SESSION,
    "client_name": "Northwind Freight",
    "project_name": "Driver portal",
    "industry": "logistics",
    "requirements": "Drivers must see their tours.",
    "duration": "6 months",
    "team_size": 5,
}


@dataclass(frozen=True)
class Start:
    """One kind of cold start."""

    what: str
    handler: str
    event: Mapping[str, object]
    at_most: float | None = None


FLOOR = Start("boto3, a client, a call", "floor", {"table": TABLE, "id": READ_SESSION})


def starts() -> list[Start]:
    """The four Lambdas, each with a first event as its service sends it."""
    record = {
        "version": "1.0",
        "requestContext": {"requestId": "8b1c-0001", "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": WORKER_EVENT,
        "responsePayload": {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 900.00 seconds"},
    }
    message = {"messageId": "1", "receiptHandle": "1", "eventSource": "aws:sqs", "body": json.dumps(record)}
    return [
        Start("resolvers, a session", "resolvers.handler.handler", _recorded("resolvers/session_with_api_key"), 1.35),
        Start("resolvers, a submit", "resolvers.handler.handler", _recorded("resolvers/submit_with_api_key")),
        Start("worker, a run whose agent answers at once", "worker.handler.handler", WORKER_EVENT, 1.5),
        Start("tools, the requirements", "worker.tools.handler.handler", _recorded("tools/analyze_requirements")),
        Start("failure, a session ended", "worker.failure.handler", {"Records": [message]}),
    ]


def measure(*, quick: bool = False) -> Table:
    """Processes one after the other, the floor's among them."""
    return asyncio.run(_measure(4 if quick else 10))


async def _measure(rounds: int) -> Table:
    for package in ("schema", "resolvers", "worker"):
        compileall.compile_dir(ROOT / package, quiet=1)
    with endpoint.running() as services:
        async with environment.moto() as aws:
            _prepare(aws)
            return _table(environment.lambdas(dynamodb=aws, s3=aws, services=services), rounds)


def _table(variables: Mapping[str, str], rounds: int) -> Table:
    everything = [FLOOR, *starts()]
    figures: dict[str, list[dict[str, float]]] = {start.what: [] for start in everything}

    def wall_of(start: Start) -> Callable[[], float]:
        def measured() -> float:
            figures[start.what].append(cold(start, variables))
            return figures[start.what][-1]["wall"]

        return measured

    for start in everything:
        cold(start, variables)  # the file cache, and byte code of what is installed
    walls = interleaved({start.what: wall_of(start) for start in everything}, rounds)

    def sample(start: Start, figure: str) -> Sample:
        return Sample(tuple(one[figure] for one in figures[start.what]))

    rows = [Row(one.what, "ms", walls[one.what], walls[FLOOR.what], at_most=one.at_most) for one in everything[1:]]
    rows += [Row(f"{one.what}, processor", "ms", sample(one, "cpu"), sample(FLOOR, "cpu")) for one in everything[1:]]
    rows += [
        Row(f"{one.what}, peak memory", "MB", sample(one, "peak"), sample(FLOOR, "peak")) for one in everything[1:]
    ]
    return Table(
        "a fresh process, from its first import to its first answer",
        f"{FLOOR.what}, in a fresh process too, by turns with ours.",
        rows,
    )


def cold(start: Start, variables: Mapping[str, str]) -> dict[str, float]:
    """What one fresh process says of itself: `wall` and `cpu` in ms, `peak` in MB.

    Raises:
        RuntimeError: it failed; what it wrote is in the message.
    """
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, SCRIPT, start.handler, json.dumps(start.event)],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{start.handler} failed in a fresh process:\n{done.stdout}{done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _recorded(name: str) -> Mapping[str, Any]:
    event: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return event


def _prepare(url: str) -> None:
    """What the first answers need: the session that is asked for, and the assessment that the tools work on."""
    place = boto3.Session(region_name=REGION, aws_access_key_id="local", aws_secret_access_key="local")
    now = datetime.now(UTC)
    submission = inputs.submission(_recorded("resolvers/submit_with_api_key")["arguments"]["input"])
    state = lifecycle.create(
        READ_SESSION, API_KEY_OWNER, submission.assessment, digest=submission.digest, now=now, keep=timedelta(days=1)
    )
    store = DynamoDBStore(place.client("dynamodb", endpoint_url=url), TABLE)
    store.create(state, submission.assessment, now)
    notes = (ROOT / "local" / "sample_notes.md").read_text(encoding="utf-8")
    assessment = Assessment("Fennmark Logistics", "Customer portal", "Logistics", notes, "8 months", 8)
    Workspace(place.client("s3", endpoint_url=url), ARTIFACTS, TOOLS_SESSION).write_json(ASSESSMENT, asdict(assessment))
