"""What many tests need: Ctrl-C, moto's AWS server, boto3 clients for it, and the sessions table.

A property is tried with the same few examples each time, so that a failure is of the change at hand. The thorough
tests try new ones, many more of them.
"""

import os
import signal
import sys
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from hypothesis import settings
from moto.server import ThreadedMotoServer

import local.aws.server

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client


WORKERS = 4
"""Processes for a run of the whole suite. Its tests often wait, so it takes more of them than two cores."""

# The suite starts some hundred Python processes: without byte code on disk each would compile all that it imports.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

SESSION = boto3.Session("testing", "testing", region_name="us-east-1")
"""One for all tests: it keeps the models of the services, which take long to read."""

EXAMPLES = 40
settings.register_profile("quick", max_examples=EXAMPLES, derandomize=True)
settings.load_profile("quick")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Run the whole suite in parallel, and files or tests that you name in this process."""
    return 0 if any(argument.endswith(".py") or "::" in argument for argument in config.args) else WORKERS


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A shell's background job ignores SIGINT, and so would what a test starts and interrupts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    """The address of one moto server for all tests; each makes its own table or bucket in it."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(aws_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment in which boto3 finds moto's server, and no credentials of the developer's."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    return aws_url


@pytest.fixture
def dynamodb(aws: str) -> "DynamoDBClient":
    return SESSION.client("dynamodb", endpoint_url=aws)


@pytest.fixture
def s3(aws: str) -> "S3Client":
    return SESSION.client("s3", endpoint_url=aws)


@pytest.fixture
def sessions_table(dynamodb: "DynamoDBClient") -> str:
    """The name of a fresh, empty sessions table."""
    name = f"sessions-{uuid.uuid4()}"
    dynamodb.create_table(**local.aws.server.sessions_table(name))
    return name
