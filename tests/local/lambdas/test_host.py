"""The Lambda host as boto3 meets it: small handlers in real processes, over real HTTP."""

import asyncio
import itertools
import json
import os
import signal
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aiohttp import web
from botocore.config import Config
from botocore.exceptions import ClientError
from patience import PATIENCE
from programs import PYTHON, started

from local.errors import StartError
from local.http import loopback
from local.lambdas import api as lambda_api
from local.lambdas.events import NOWHERE, Event, Events
from local.lambdas.functions import Function
from local.lambdas.host import HostSettings, LambdaHost

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_lambda.literals import InvocationTypeType

F = Function("f", "code_f.handler")

AT_ONCE = HostSettings(dispatch_delay=0.0, retry_scale=0.0)


@dataclass
class Lambda:
    """A running host, and boto3's view of it."""

    host: LambdaHost
    client: "LambdaClient"
    log: Path

    async def invoke(
        self, event: object = None, *, name: str = "f", kind: "InvocationTypeType" = "RequestResponse"
    ) -> dict[str, Any]:
        answer = await asyncio.to_thread(
            self.client.invoke, FunctionName=name, InvocationType=kind, Payload=json.dumps(event).encode()
        )
        return {**answer, "Payload": await asyncio.to_thread(answer["Payload"].read)}

    async def result(self, event: object = None, *, name: str = "f") -> Any:  # noqa: ANN401 - any JSON
        return json.loads((await self.invoke(event, name=name))["Payload"])


Start = Callable[..., AbstractAsyncContextManager[Lambda]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts a host whose function `f` is `handler` of the given code."""

    @asynccontextmanager
    async def starting(
        code: str,
        function: Function = F,
        *,
        settings: HostSettings = AT_ONCE,
        others: Mapping[str, str] | None = None,
        events: Events = NOWHERE,
    ) -> AsyncIterator[Lambda]:
        sources = {"f": code, **(others or {})}
        for name, source in sources.items():
            (tmp_path / f"code_{name}.py").write_text(textwrap.dedent(source))
        functions = [function, *(Function(name, f"code_{name}.handler") for name in others or {})]
        listener = loopback.listen()
        log = tmp_path / "log"
        output = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        host = LambdaHost(
            functions,
            runtime_api=loopback.address(listener),
            output=output,
            task_root=tmp_path,
            settings=settings,
            events=events,
        )
        app = web.Application(client_max_size=lambda_api.REQUEST_BYTES)
        lambda_api.add_routes(app, host)
        client = boto3.client(
            "lambda",
            endpoint_url=f"http://{loopback.address(listener)}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )
        try:
            async with loopback.serving(app, listener, cancel_deserted=True), host:
                yield Lambda(host, client, log)
        finally:
            client.close()
            os.close(output)

    return starting


async def until(condition: Callable[[], object], *, seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it comes true in another process
            await asyncio.sleep(0.01)


async def test_a_handler_answers_with_json(start: Start) -> None:
    async with start("def handler(event, context): return {'hello': event['name']}") as aws:
        answer = await aws.invoke({"name": "Zoë"})
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    assert json.loads(answer["Payload"]) == {"hello": "Zoë"}


async def test_the_context_tells_what_lambda_tells(start: Start) -> None:
    code = """
        def handler(event, context):
            return {
                "name": context.function_name, "memory": context.memory_limit_in_mb,
                "arn": context.invoked_function_arn, "version": context.function_version,
                "group": context.log_group_name, "stream": context.log_stream_name,
                "request": context.aws_request_id, "left": context.get_remaining_time_in_millis(),
            }
    """
    async with start(code, replace(F, timeout_seconds=60, memory_mb=512)) as aws:
        first, second = await aws.result(), await aws.result()
    assert first["name"] == "f"
    assert first["memory"] == "512"
    assert first["arn"] == "arn:aws:lambda:us-east-1:123456789012:function:f"
    assert first["version"] == "$LATEST"
    assert first["group"] == "/aws/lambda/f"
    assert first["stream"].startswith("[$LATEST]")
    assert 30_000 < first["left"] <= 60_000
    assert first["request"] != second["request"]


async def test_the_remaining_time_runs_out_as_the_handler_works(start: Start) -> None:
    """`context.get_remaining_time_in_millis()` is real: it falls with the clock, from the function's time limit."""
    code = """
        import time
        def handler(event, context):
            before = context.get_remaining_time_in_millis()
            time.sleep(event)
            return [before, context.get_remaining_time_in_millis()]
    """
    async with start(code, replace(F, timeout_seconds=20)) as aws:
        before, after = await aws.result(0.25)
        again, _ = await aws.result(0)
    assert 15_000 < before <= 20_000
    assert before - after >= 250
    assert again > after


async def test_each_try_of_an_asynchronous_event_gets_the_same_event_and_request_id(
    start: Start, tmp_path: Path
) -> None:
    """A failed asynchronous event is tried twice more, unchanged, so that a retry can recognise its work."""
    tries = tmp_path / "tries"
    code = f"""
        import json
        def handler(event, context):
            with open({str(tries)!r}, "a") as file:
                print(json.dumps([context.aws_request_id, event]), file=file)
            event["spoilt"] = True
            1/0
    """
    async with start(code) as aws:
        await aws.invoke({"session_id": "s"}, kind="Event")
        await until(lambda: tries.exists() and len(tries.read_text().splitlines()) == 3)
    seen = [json.loads(line) for line in tries.read_text().splitlines()]
    assert seen == [[seen[0][0], {"session_id": "s"}]] * 3


async def test_an_exception_is_an_unhandled_function_error(start: Start) -> None:
    async with start("def handler(event, context): raise KeyError('colour')") as aws:
        answer = await aws.invoke()
        error = json.loads(answer["Payload"])
        assert "KeyError: 'colour'" in aws.log.read_text()
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert (error["errorType"], error["errorMessage"]) == ("KeyError", "'colour'")
    assert "code_f.py" in error["stackTrace"][0]


async def test_what_is_not_json_can_not_be_answered(start: Start) -> None:
    async with start("def handler(event, context): return object()") as aws:
        error = await aws.result()
        assert error["errorType"] == "Runtime.MarshalError"
        assert (await aws.invoke())["FunctionError"] == "Unhandled"


async def test_a_handler_is_stopped_at_its_time_limit_and_the_next_call_gets_a_fresh_process(start: Start) -> None:
    code = """
        import os, time
        def handler(event, context):
            time.sleep(event)
            return os.getpid()
    """
    async with start(code, replace(F, timeout_seconds=1.0)) as aws:
        first = await aws.result(0)
        started = time.monotonic()
        answer = await aws.invoke(60)
        assert time.monotonic() - started < 30
        assert answer["FunctionError"] == "Unhandled"
        error = json.loads(answer["Payload"])
        assert error["errorType"] == "Sandbox.Timedout"
        assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
        assert await aws.result(0) != first
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\ndef handler(event, context): os._exit(7)", "Runtime exited with error: exit status 7"),
        ("import os\ndef handler(event, context): os._exit(0)", "Runtime exited without providing a reason"),
        (
            "import os\ndef handler(event, context): os.kill(os.getpid(), 9)",
            "Runtime exited with error: signal: killed",
        ),
        ("import sys\ndef handler(event, context): sys.exit(3)", "Runtime exited with error: exit status 3"),
    ],
)
async def test_a_process_that_dies_while_it_works_is_an_exit_error(start: Start, code: str, reason: str) -> None:
    async with start(code) as aws:
        answer = await aws.invoke()
    error = json.loads(answer["Payload"])
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith(reason)


async def test_a_module_that_can_not_be_imported_says_so_in_every_answer_and_when_warmed(start: Start) -> None:
    async with start("import no_such_module") as aws:
        for _ in range(2):
            error = await aws.result()
            assert error["errorType"] == "Runtime.ImportModuleError"
            assert "No module named 'no_such_module'" in error["errorMessage"]
        with pytest.raises(StartError, match=r"f does not start: .*no_such_module"):
            await aws.host.warm("f")


async def test_a_warm_process_is_used_again(start: Start) -> None:
    code = """
        import os
        calls = []
        def handler(event, context):
            calls.append(event)
            return [os.getpid(), len(calls)]
    """
    async with start(code) as aws:
        await aws.host.warm("f")
        [warmed] = aws.host.environments("f")
        assert [await aws.result() for _ in range(3)] == [[warmed.pid, n] for n in (1, 2, 3)]


async def test_calls_at_one_time_run_in_processes_of_their_own_up_to_the_limit(start: Start, tmp_path: Path) -> None:
    code = """
        import os, time
        def handler(event, context):
            began = time.time()
            time.sleep(0.3)
            return [os.getpid(), began, time.time()]
    """
    async with start(code, replace(F, max_concurrency=2, timeout_seconds=10)) as aws:
        calls = await asyncio.gather(*(aws.result() for _ in range(5)))
    assert len({pid for pid, _, _ in calls}) == 2
    for pid in {pid for pid, _, _ in calls}:
        turns = sorted((began, ended) for one, began, ended in calls if one == pid)
        assert all(ended <= began for (_, ended), (began, _) in itertools.pairwise(turns))
    assert max(began for _, began, _ in calls) > min(ended for _, _, ended in calls)


async def test_nothing_of_the_developers_environment_reaches_a_function(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
        import os
        def handler(event, context): return dict(os.environ)
    """
    async with start(code, replace(F, environment={"TABLE": "sessions"})) as aws:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTPS_PROXY", "no_proxy", "AWS_ENDPOINT_URL", "HOME"):
            monkeypatch.setenv(name, "leaked")
        environment = await aws.result()
    assert "leaked" not in environment.values()
    assert environment["TABLE"] == "sessions"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "us-east-1"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "f"
    assert environment["AWS_CONFIG_FILE"] == os.devnull


async def test_an_asynchronous_event_is_accepted_at_once_and_runs_after_the_dispatch_delay(
    start: Start, tmp_path: Path
) -> None:
    go_on, ran = tmp_path / "go_on", tmp_path / "ran"
    code = f"""
        import pathlib, time
        def handler(event, context):
            began = time.time()
            while not pathlib.Path({str(go_on)!r}).exists():
                time.sleep(0.01)
            pathlib.Path(event).write_text(str(began))
    """
    async with start(code, replace(F, timeout_seconds=60), settings=HostSettings(dispatch_delay=0.4)) as aws:
        submitted = time.time()
        answer = await aws.invoke(str(ran), kind="Event")
        assert answer["StatusCode"] == 202
        assert answer["Payload"] == b""
        assert not ran.exists()
        go_on.touch()
        await until(lambda: ran.exists() and ran.read_text())
        assert float(ran.read_text()) - submitted >= 0.4


async def test_a_failed_asynchronous_event_is_tried_three_times_and_then_recorded(start: Start, tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    code = """
        def handler(event, context):
            with open(event["tries"], "a") as file:
                print(context.aws_request_id, file=file)
            raise RuntimeError("not today")
    """
    records: list[Mapping[str, object]] = []

    async def keep(record: Mapping[str, object]) -> None:
        records.append(record)

    async with start(code, replace(F, on_failure=keep)) as aws:
        await aws.invoke({"tries": str(tries)}, kind="Event")
        await until(lambda: records)
    identities = tries.read_text().split()
    assert len(identities) == 3
    assert len(set(identities)) == 1
    [record] = records
    assert record["requestPayload"] == {"tries": str(tries)}
    assert record["requestContext"] == {
        "requestId": identities[0],
        "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    payload = record["responsePayload"]
    assert isinstance(payload, dict)
    assert payload["errorMessage"] == "not today"


async def test_the_record_of_a_failed_event_can_go_to_another_function(start: Start, tmp_path: Path) -> None:
    told = tmp_path / "told"
    other = f"""
        import pathlib
        def handler(event, context): pathlib.Path({str(told)!r}).write_text(event["requestPayload"])
    """
    async with start(
        "def handler(event, context): 1/0", replace(F, on_failure="undertaker", retries=0), others={"undertaker": other}
    ) as aws:
        await aws.invoke("the event", kind="Event")
        await until(lambda: told.exists() and told.read_text())
    assert told.read_text() == "the event"


async def test_a_destination_that_fails_is_noted_in_the_log(start: Start) -> None:
    async def refuse(record: Mapping[str, object]) -> None:
        raise RuntimeError("the queue is full")

    async with start("def handler(event, context): 1/0", replace(F, on_failure=refuse, retries=0)) as aws:
        await aws.invoke(kind="Event")
        await until(lambda: "the queue is full" in aws.log.read_text())


async def test_an_event_that_a_host_was_not_done_with_is_the_next_ones(start: Start, tmp_path: Path) -> None:
    """With its request id; one that succeeded, or whose record was sent, is over."""
    events = Events(tmp_path / "events")
    note = """
        import time
        def handler(event, context):
            with open("notes", "a") as file:
                file.write(f"{event} {context.aws_request_id}\\n")
            if event == "fail":
                raise ValueError
            time.sleep(60 if event == "long" else 0)
    """
    async with start(note, replace(F, retries=0), events=events) as aws:
        for event in ("short", "fail"):
            await aws.invoke(event, kind="Event")
            await until(lambda: not list(events.left()))
        answer = await aws.invoke("long", kind="Event")
        request_id = answer["ResponseMetadata"]["RequestId"]
        await until(lambda: "long" in (tmp_path / "notes").read_text())
    assert list(events.left()) == [Event("f", request_id, b'"long"')]
    events.keep(Event("gone", "r-2", b"{}"))
    (tmp_path / "notes").unlink()
    async with start(note.replace("time.sleep(60", "time.sleep(0"), events=events) as aws:
        aws.host.resume()
        await until(lambda: [event.function for event in events.left()] == ["gone"])
    assert (tmp_path / "notes").read_text() == f"long {request_id}\n"


def test_the_oldest_event_comes_first_and_without_a_folder_none_is_kept(tmp_path: Path) -> None:
    for events, expected in ((Events(tmp_path / "events"), ["b", "a"]), (NOWHERE, [])):
        for number, name in enumerate(("b", "a", "c")):
            events.keep(Event("f", name, b"{}"))
            if events.folder:
                os.utime(events.folder / f"{name}.json", (number, number))
        events.remove("c")
        assert [event.request_id for event in events.left()] == expected


async def test_retries_wait_as_long_as_lambda_does_times_the_scale(start: Start, tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    code = """
        import time
        def handler(event, context):
            with open(event, "a") as file:
                print(time.time(), file=file)
            1/0
    """
    async with start(code, settings=HostSettings(0.0, retry_scale=0.005)) as aws:
        await aws.invoke(str(tries), kind="Event")
        await until(lambda: tries.exists() and len(tries.read_text().split()) == 3)
    first, second, third = map(float, tries.read_text().split())
    assert second - first >= 0.3
    assert third - second >= 0.6


async def test_a_killed_process_is_replaced_and_its_asynchronous_event_tried_again(
    start: Start, tmp_path: Path
) -> None:
    done, waiting = tmp_path / "done", tmp_path / "waiting"
    code = f"""
        import pathlib, time
        def handler(event, context):
            waiting = pathlib.Path({str(waiting)!r})
            if not waiting.exists():
                waiting.touch()
                time.sleep(60)
            pathlib.Path({str(done)!r}).touch()
    """
    async with start(code, replace(F, timeout_seconds=60)) as aws:
        await aws.invoke(kind="Event")
        await until(waiting.exists)
        [environment] = aws.host.environments("f")
        assert environment.busy_with is not None
        assert environment.pid is not None
        os.kill(environment.pid, signal.SIGKILL)
        await until(done.exists)


async def test_a_dry_run_checks_the_name_and_runs_nothing(start: Start) -> None:
    async with start("def handler(event, context): print('ran')") as aws:
        assert (await aws.invoke(kind="DryRun"))["StatusCode"] == 204
        with pytest.raises(aws.client.exceptions.ResourceNotFoundException):
            await aws.invoke(name="g", kind="DryRun")
        assert aws.log.read_text() == ""


@pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
async def test_an_unknown_function_is_not_found(start: Start, kind: "InvocationTypeType") -> None:
    async with start("handler = print") as aws:
        with pytest.raises(aws.client.exceptions.ResourceNotFoundException, match="function:nobody"):
            await aws.invoke(name="nobody", kind=kind)


@pytest.mark.parametrize(
    "name", ["f:live", "123456789012:function:f", "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"]
)
async def test_a_function_is_found_by_its_arn_and_with_an_alias(start: Start, name: str) -> None:
    async with start("def handler(event, context): return 'found'") as aws:
        assert await aws.result(name=name) == "found"


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6_291_456), ("Event", 1_048_576)])
async def test_an_event_over_the_limit_is_refused(start: Start, kind: "InvocationTypeType", limit: int) -> None:
    async with start("def handler(event, context): return len(event)") as aws:
        accepted = await aws.invoke("x" * (limit - 2), kind=kind)
        assert accepted["StatusCode"] in {200, 202}
        with pytest.raises(aws.client.exceptions.RequestTooLargeException):
            await aws.invoke("x" * (limit - 1), kind=kind)


async def test_an_answer_over_the_limit_is_a_function_error(start: Start) -> None:
    async with start("def handler(event, context): return 'x' * event", replace(F, timeout_seconds=20)) as aws:
        assert "FunctionError" not in await aws.invoke(6_291_554)
        for size in (6_291_555, 20_000_000):
            assert (await aws.result(size))["errorType"] == "Function.ResponseSizeTooLarge"


async def test_an_event_that_is_not_json_is_refused(start: Start) -> None:
    async with start("handler = print") as aws:
        with pytest.raises(aws.client.exceptions.InvalidRequestContentException):
            await asyncio.to_thread(aws.client.invoke, FunctionName="f", Payload=b"{")
        with pytest.raises(ClientError, match="InvocationType"):
            await aws.invoke(kind="Sometimes")  # type: ignore[arg-type]  # boto3's types refuse it, too


async def test_a_call_goes_on_when_its_caller_leaves(start: Start, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = """
        import pathlib, time
        def handler(event, context):
            time.sleep(0.2)
            pathlib.Path(event).touch()
    """
    async with start(code) as aws:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await aws.host.invoke("f", json.dumps(str(ran)).encode())
        await until(ran.exists)


async def test_no_process_outlives_the_host(start: Start) -> None:
    code = """
        import os, time
        def handler(event, context):
            time.sleep(event)
            return os.getpid()
    """
    async with start(code, replace(F, timeout_seconds=60)) as aws:
        await aws.result(0)
        busy = asyncio.create_task(aws.host.invoke("f", b"60"))
        await aws.host.warm("f")
        pids = [environment.pid for environment in aws.host.environments("f")]
        assert len(pids) == 2
    with pytest.raises(asyncio.CancelledError):
        await busy
    for pid in pids:
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.fixture
def lifeline() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


async def test_a_process_ends_by_itself_when_its_host_is_gone(tmp_path: Path, lifeline: tuple[int, int]) -> None:
    """A host that is killed closes nothing, but the kernel closes its end of the pipe."""
    (tmp_path / "stuck.py").write_text("import time\ntime.sleep(60)\ndef handler(event, context): ...")
    reading, writing = lifeline
    variables = {
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9",
        "LAMBDA_TASK_ROOT": str(tmp_path),
        "_HANDLER": "stuck.handler",
    }
    async with started(PYTHON, "-m", "local.lambdas.runtime", variables=variables, stdin=reading) as process:
        await asyncio.sleep(0.3)
        assert process.returncode is None
        os.close(writing)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 1
