"""The folder of `--data`: what a caller was told is written outlives a server that is killed, and nothing else does."""

import os
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws import server as aws
from local.aws.data import DataError, claimed

SESSION = boto3.Session(region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
ONCE = Config(proxies={}, retries={"total_max_attempts": 1})


class Clients:
    """What the functions use."""

    def __init__(self, url: str) -> None:
        self.dynamodb = SESSION.client("dynamodb", endpoint_url=url, config=ONCE)
        self.s3 = SESSION.client("s3", endpoint_url=url, config=ONCE)

    def items(self) -> list[dict[str, Any]]:
        found = self.dynamodb.scan(TableName="sessions")["Items"]
        return sorted(found, key=lambda item: (item["session_id"]["S"], item["record"]["S"]))

    def objects(self) -> dict[str, tuple[bytes, str, dict[str, str], object]]:
        names = [one["Key"] for one in self.s3.list_objects_v2(Bucket="artifacts").get("Contents", [])]
        found = {name: self.s3.get_object(Bucket="artifacts", Key=name) for name in names}
        return {
            name: (one["Body"].read(), one["ContentType"], one["Metadata"], one["LastModified"])
            for name, one in found.items()
        }


@asynccontextmanager
async def killed_at_the_end(folder: Path) -> AsyncIterator[Clients]:
    """A server over the folder, which dies without a chance to tidy up."""
    with claimed(folder) as place:
        running = aws.running(
            table="sessions", buckets=("artifacts",), region="eu-west-1", output=subprocess.DEVNULL, folder=place
        )
        async with running as server:
            await server.ready()
            clients = Clients(server.url)
            yield clients
            os.kill(server.process.pid, signal.SIGKILL)
            clients.dynamodb.close()
            clients.s3.close()


def item(session_id: str, record: str, **others: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"session_id": {"S": session_id}, "record": {"S": record}, **others}


def put(session_id: str, **condition: str) -> Any:  # noqa: ANN401 - as boto3 takes it
    return {"Put": {"TableName": "sessions", "Item": item(session_id, "STATE"), **condition}}


def write_in_every_way(clients: Clients) -> None:
    table = clients.dynamodb
    nested = {"M": {"list": {"L": [{"N": "1.5"}, {"BOOL": True}, {"NULL": True}]}, "text": {"S": "ü\n"}}}
    table.put_item(TableName="sessions", Item=item("1", "STATE", details=nested, tags={"SS": ["a", "b"]}))
    table.update_item(
        TableName="sessions",
        Key=item("1", "STATE"),
        UpdateExpression="SET progress = :p",
        ExpressionAttributeValues={":p": {"N": "30"}},
    )
    table.transact_write_items(TransactItems=[put("2"), put("3")])
    table.delete_item(TableName="sessions", Key=item("3", "STATE"))
    batch: Any = [{"PutRequest": {"Item": item("4", f"EVENT#{number}")}} for number in range(3)]
    table.batch_write_item(RequestItems={"sessions": [*batch, {"DeleteRequest": {"Key": item("2", "STATE")}}]})
    taken = put("1", ConditionExpression="attribute_not_exists(session_id)")
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        table.transact_write_items(TransactItems=[put("5"), taken])
    for name in ("a/deck.pptx", "a/gone.docx", "a/old.html"):
        clients.s3.put_object(
            Bucket="artifacts", Key=name, Body=b"PK\0\xff", ContentType="application/zip", Metadata={"made-from": "d1"}
        )
    clients.s3.put_object(Bucket="artifacts", Key="a/old.html", Body=b"new", ContentType="text/html")
    clients.s3.delete_objects(Bucket="artifacts", Delete={"Objects": [{"Key": "a/gone.docx"}]})


@pytest.mark.slow
async def test_a_server_that_is_killed_has_lost_nothing_that_it_answered(tmp_path: Path) -> None:
    async with killed_at_the_end(tmp_path / "data") as clients:
        write_in_every_way(clients)
        items, objects = clients.items(), clients.objects()
    assert [one["session_id"]["S"] for one in items] == ["1", "4", "4", "4"]
    assert objects["a/old.html"][:2] == (b"new", "text/html")
    assert set(objects) == {"a/deck.pptx", "a/old.html"}
    async with killed_at_the_end(tmp_path / "data") as clients:
        assert clients.items() == items
        assert clients.objects() == objects
        clients.dynamodb.put_item(TableName="sessions", Item=item("9", "STATE"))
        clients.s3.delete_object(Bucket="artifacts", Key="a/old.html")
    async with killed_at_the_end(tmp_path / "data") as clients:
        assert clients.items() == [*items, item("9", "STATE")]
        assert set(clients.objects()) == {"a/deck.pptx"}


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(DataError, match=words):
        yield


def test_a_folder_belongs_to_one_server(tmp_path: Path) -> None:
    with claimed(tmp_path), refused("another server uses"), claimed(tmp_path):
        pass
    with claimed(tmp_path) as again:
        assert again == tmp_path


def test_what_is_no_folder_of_this_version_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("notes")
    with refused("can't be used"), claimed(file):
        pass
    other = tmp_path / "other"
    with claimed(other):
        pass
    [database] = other.glob("*.sqlite3")
    newer = sqlite3.connect(database)
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with refused("another version"), claimed(other):
        pass
    database.write_text("not a database, although it is long enough to be taken for one" * 9)
    with refused("not a database"), claimed(other):
        pass


def test_only_the_owner_may_look_into_a_new_folder(tmp_path: Path) -> None:
    with claimed(tmp_path / "mine") as folder:
        assert folder is not None
        assert folder.stat().st_mode & 0o077 == 0
