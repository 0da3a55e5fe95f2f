"""Cold starts: how long a fresh process takes to import a Lambda's handler and give its first answer, and what memory.

The handlers meet moto's DynamoDB and S3 and an endpoint that answers as AppSync and Bedrock do. The floor is boto3
with one client, as one first writes it, and one call. Handlers that switch the garbage collector off while they import
save what the floor spends on it, so they stand beside a floor without it as well. All Python is compiled before.
"""

import asyncio
import compileall
import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from local.isolation import ROOT
from resolvers import lifecycle
from resolvers.api import inputs
from resolvers.api.caller import API_KEY_OWNER
from resolvers.storage.dynamodb import DynamoDBStore
from schema.assessment import Assessment
from tests.benchmarks import endpoint, environment, processes
from tests.benchmarks.environment import ARTIFACTS, DATA, REGION, TABLE
from tests.benchmarks.figures import Row, Sample, Table, interleaved
from worker.tools.workspace import ASSESSMENT, CONVERSATION, REQUIREMENTS, Workspace

READ_SESSION = "5c8d3c1e-2f5b-4a7e-9d57-0f6f0b1f7a11"
TOOLS_SESSION = "6a0f7c52-58a6-4b5e-9f1d-0f6d3a1c2b3e"
"""The sessions of the recorded events."""

LAMBDA_PYTHON = "3.14"
"""What `cdk.functions.function` has the Lambdas run on."""

WORKER_EVENT = {
    "action": "PROCESS_AGENT_WORKFLOW",
    "session_id": READ_SESSION,
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
    says: tuple[str, ...]
    """What its answer must hold, as JSON: a refusal is an answer too, and a quick one."""
    published: tuple[str, ...] = ()
    """What its publishes must hold, where its answer does not tell."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What its environment has beside those of all."""
    at_most: float | None = None
    without_collector: bool = False
    """Whether the handler switches the garbage collector off while it imports."""


@dataclass(frozen=True)
class Figures:
    """What one start took."""

    wall: float
    """Milliseconds, as `cpu`."""
    cpu: float
    peak: float
    """Megabytes."""


_ASKED = {"table": TABLE, "id": READ_SESSION}
FLOOR = Start("boto3 with one client, as one first writes it, and one call", "floor", _ASKED, ('"PENDING"',))
BARE_FLOOR = Start("the floor without collector", "floor_without_collector", _ASKED, ('"PENDING"',))


def starts() -> list[Start]:
    """The four Lambdas, each with a first event as its service sends it; the worker with each of its agents. The agent
    says that it is done but has made nothing, which is an error at the end of a whole run.
    """
    record = {
        "version": "1.0",
        "requestContext": {"requestId": "8b1c-0001", "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": WORKER_EVENT,
        "responsePayload": {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 900.00 seconds"},
    }
    message = {"messageId": "1", "receiptHandle": "1", "eventSource": "aws:sqs", "body": json.dumps(record)}
    read, submit = _recorded("resolvers/session_with_api_key"), _recorded("resolvers/submit_with_api_key")
    resolvers, pending = "resolvers.handler.handler", '"status": "PENDING"'
    worker = Start(
        "worker, Converse answers at once",
        "worker.handler.handler",
        WORKER_EVENT,
        ('"status": "ERROR"',),
        published=(endpoint.ANSWER, "the presentation and the statement of work are missing"),
        at_most=1.5,
        without_collector=True,
    )
    bedrock = replace(worker, what="worker, Bedrock Agents answers at once", variables=environment.BEDROCK_AGENT)
    return [
        Start("resolvers, a session", resolvers, read, (READ_SESSION, pending), at_most=1.35, without_collector=True),
        Start("resolvers, a submit", resolvers, submit, ("Northwind Freight", pending), without_collector=True),
        worker,
        bedrock,
        Start(
            "tools, the requirements",
            "worker.tools.handler.handler",
            _recorded("tools/analyze_requirements"),
            ('"function": "analyze_requirements"', '"reused":false'),
        ),
        Start(
            "failure, a session ended",
            "worker.failure.handler.handler",
            {"Records": [message]},
            ('"batchItemFailures": []',),
            published=('"ERROR"', "time limit"),
        ),
    ]


def measure(*, quick: bool = False, rounds: int | None = None) -> Table:
    """Processes one after the other, the floors' among them."""
    return asyncio.run(_measure(rounds or (4 if quick else 10)))


async def _measure(rounds: int) -> Table:
    for package in ("schema", "resolvers", "worker"):
        compileall.compile_dir(ROOT / package, quiet=1)
    with endpoint.running() as services:
        async with environment.moto() as aws:
            forget = _prepare(aws)
            return _table(environment.lambdas(dynamodb=aws, s3=aws, services=services), rounds, forget)


def _table(variables: Mapping[str, str], rounds: int, forget: Callable[[], None]) -> Table:
    ours = starts()
    figures: dict[str, list[Figures]] = {start.what: [] for start in (FLOOR, BARE_FLOOR, *ours)}

    def wall_of(start: Start) -> Callable[[], float]:
        def measured() -> float:
            forget()
            figures[start.what].append(cold(start, variables))
            return figures[start.what][-1].wall

        return measured

    measures = {start.what: wall_of(start) for start in (FLOOR, BARE_FLOOR, *ours)}
    interleaved(measures, 1)  # the file cache, and byte code of what is installed
    for taken in figures.values():
        taken.clear()
    walls = interleaved(measures, rounds)

    def cpu(start: Start) -> Sample:
        return Sample(tuple(one.cpu for one in figures[start.what]))

    def peak(start: Start) -> Sample:
        return Sample(tuple(one.peak for one in figures[start.what]))

    rows = [Row(one.what, "ms", walls[one.what], walls[FLOOR.what], at_most=one.at_most) for one in ours]
    rows += [
        Row(f"{one.what}, against {BARE_FLOOR.what}", "ms", walls[one.what], walls[BARE_FLOOR.what])
        for one in ours
        if one.without_collector
    ]
    rows += [Row(f"{one.what}, processor", "ms", cpu(one), cpu(FLOOR)) for one in ours]
    rows += [Row(f"{one.what}, peak memory", "MB", peak(one), peak(FLOOR)) for one in ours]
    return Table(
        "a fresh process, from its first import to its first answer",
        f"{FLOOR.what}, in a fresh process too, by turns with ours.",
        rows,
        [
            "The resolvers and the worker switch the garbage collector off while they import; the floor does not.",
            "Nothing is claimed of the first submit, which makes a second client, nor of other rows without a claim.",
            f"Python {platform.python_version()}; the Lambdas run on {LAMBDA_PYTHON}.",
        ],
    )


def cold(start: Start, variables: Mapping[str, str]) -> Figures:
    """What one fresh process says of itself.

    Raises:
        RuntimeError: it failed, or did not answer what it should have; what it wrote is in the message.
    """
    printed = processes.run("cold.process", {**variables, **start.variables}, start.handler, json.dumps(start.event))
    answer = json.dumps(printed.last["answer"]).replace('\\"', '"')  # the tools' own is JSON in a string
    published = endpoint.published(variables["AWS_ENDPOINT_URL_LAMBDA"]) if start.published else ""
    missing = [words for words in start.says if words not in answer]
    missing += [words for words in start.published if words not in published]
    if missing:
        raise RuntimeError(
            f"{start.what}: not {' nor '.join(missing)} in the answer {answer}, or in what was published: {published}\n"
            f"{printed.log}"
        )
    return Figures(printed.last["wall"], printed.last["cpu"], printed.last["peak"])


def _recorded(name: str) -> Mapping[str, Any]:
    event: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return event


def _prepare(url: str) -> Callable[[], None]:
    """Make what the first answers need: the session that is asked for, and the assessment that the tools work on. The
    function that is returned takes away what a start has left, or the next one would go on from there: what the tools
    have made, and the worker's conversation.
    """
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
    s3 = place.client("s3", endpoint_url=url)
    workspace = Workspace(s3, ARTIFACTS, TOOLS_SESSION)
    workspace.write_json(ASSESSMENT, asdict(assessment))

    left = workspace.key(REQUIREMENTS), Workspace(s3, ARTIFACTS, READ_SESSION).key(CONVERSATION)

    def forget() -> None:
        for key in left:
            s3.delete_object(Bucket=ARTIFACTS, Key=key)

    return forget
