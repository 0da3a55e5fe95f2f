"""The local DynamoDB and S3: what the sessions table and the buckets look like through boto3."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator

import boto3
import pytest
import pytest_asyncio
from botocore.config import Config

from local.aws import server as aws
from local.errors import StartError
from local.http import loopback

SESSION = boto3.Session(region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
NO_PROXY = Config(proxies={})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cloud(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[aws.LocalAws]:
    with (tmp_path_factory.mktemp("aws") / "log").open("wb") as log:
        async with aws.running(
            table="sessions", buckets=("artifacts", "templates"), region="eu-west-1", output=log.fileno()
        ) as server:
            await server.ready()
            yield server


@pytest.mark.asyncio(loop_scope="module")
async def test_the_table_has_the_keys_and_the_index_of_the_deployed_one(cloud: aws.LocalAws) -> None:
    client = SESSION.client("dynamodb", endpoint_url=cloud.url, config=NO_PROXY)
    table = client.describe_table(TableName="sessions")["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == [
        {"AttributeName": "session_id", "KeyType": "HASH"},
        {"AttributeName": "record", "KeyType": "RANGE"},
    ]
    [index] = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "owner-created_at-index"
    assert index["KeySchema"] == [
        {"AttributeName": "owner", "KeyType": "HASH"},
        {"AttributeName": "created_at", "KeyType": "RANGE"},
    ]
    assert index["Projection"]["ProjectionType"] == "INCLUDE"
    assert set(index["Projection"]["NonKeyAttributes"]) == {
        "client_name",
        "project_name",
        "status",
        "progress",
        "listed_at",
        "expires_at",
    }
    expiry = client.describe_time_to_live(TableName="sessions")["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    client.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_buckets_are_there_and_empty(cloud: aws.LocalAws) -> None:
    client = SESSION.client("s3", endpoint_url=cloud.url, config=NO_PROXY)
    assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["artifacts", "templates"]
    assert client.list_objects_v2(Bucket="artifacts")["KeyCount"] == 0
    client.close()


async def test_a_start_that_fails_says_so() -> None:
    async with aws.running(
        table="sessions", buckets=("no/name",), region="eu-west-1", output=subprocess.DEVNULL
    ) as server:
        with pytest.raises(StartError, match="DynamoDB and S3 did not start"):
            await server.ready()


async def test_the_process_ends_with_its_context() -> None:
    async with aws.running(table="sessions", buckets=(), region="eu-west-1", output=subprocess.DEVNULL) as server:
        pid = server.process.pid
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with loopback.listen() as listener:
        port = listener.getsockname()[1]
        with pytest.raises(loopback.PortError, match=f"port {port} .* --port"):
            loopback.listen(port)
    with loopback.listen(port):
        await asyncio.sleep(0)
