"""DynamoDB, S3 and SQS on one machine: moto's server in its own process, with the table, buckets and queues.

`running` starts `python -m local.aws.server`, which serves on a given socket, and ends with its parent. Everything is
in memory; with a folder, items and objects are also in a file there, and the next server begins with them. Cognito is
in it too, and `local.cognito.user_pool` makes the users. The server has a process of its own so that moto never changes
the boto3 that a test or a function uses.
"""

import argparse
import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.aws import moto_cognito, moto_dynamodb
from local.aws.data import Data
from local.aws.moto_data import Kept
from local.errors import StartError
from local.http import loopback
from local.isolation import ROOT, base_environment, end_with_the_parent

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import CreateTableInputTypeDef

READY = b"ready\n"

START_SECONDS = 60.0

_SUMMARY = ["client_name", "project_name", "status", "progress", "listed_at", "expires_at"]
"""The attributes of a session that its owner's list shows."""


@dataclass(frozen=True)
class LocalAws:
    """The server's process. It answers connections made before it is ready once it is."""

    url: str
    process: asyncio.subprocess.Process

    async def ready(self) -> None:
        """Wait until everything in it is made.

        Raises:
            StartError: the process ended, or took too long.
        """
        if self.process.stdout is None:
            raise TypeError("the process was started without a pipe")
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await self.process.stdout.readline()
        except TimeoutError:
            raise StartError(f"DynamoDB and S3 did not start within {START_SECONDS:.0f} seconds") from None
        if line != READY:
            raise StartError(f"DynamoDB and S3 did not start: their process ended with {await self.process.wait()}")


@asynccontextmanager
async def running(
    *,
    table: str,
    buckets: Sequence[str],
    queues: Sequence[str] = (),
    region: str,
    output: int,
    folder: Path | None = None,
) -> AsyncIterator[LocalAws]:
    """Run a server with the sessions table `table`, `buckets` and `queues`; its log goes to the descriptor `output`.

    It keeps its items and objects in `folder`, which must exist and be this server's own; None: only in memory.
    """
    with loopback.listen() as listener:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "local.aws.server",
            f"--fd={listener.fileno()}",
            f"--table={table}",
            f"--region={region}",
            *(f"--bucket={bucket}" for bucket in buckets),
            *(f"--queue={queue}" for queue in queues),
            *([f"--data={folder}"] if folder else []),
            cwd=ROOT,
            env=base_environment(os.environ) | {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"},
            pass_fds=[listener.fileno()],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # Ctrl-C must reach only the parent
        )
        url = f"http://{loopback.address(listener)}"
    try:
        yield LocalAws(url, process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the parent is gone."""
    parser = argparse.ArgumentParser(prog="python -m local.aws.server", description=__doc__.partition("\n")[0])
    parser.add_argument("--fd", type=int, required=True, help="the listening socket to serve")
    parser.add_argument("--table", required=True)
    parser.add_argument("--bucket", action="append", default=[])
    parser.add_argument("--queue", action="append", default=[])
    parser.add_argument("--region", required=True)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args(arguments)
    end_with_the_parent()
    kept = Kept(Data(options.data), options.region) if options.data else None
    with socket.socket(fileno=options.fd) as listener:
        server = threading.Thread(target=_serve, args=[listener, kept], daemon=True)
        server.start()
        url = f"http://{loopback.address(listener)}"
        create(url, options.table, options.bucket, options.queue, options.region)
        if kept:
            kept.load()
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        server.join()
    return 1


def _serve(listener: socket.socket, kept: Kept | None) -> None:
    # Loading moto takes a second. Connections wait in the socket's queue meanwhile.
    from moto.moto_server import werkzeug_app  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    moto_dynamodb.back_up_what_is_touched()
    moto_dynamodb.query_what_is_asked_for()
    moto_dynamodb.write_values_as_they_are()
    moto_cognito.sign_with_a_new_key()
    moto_cognito.know_users_again()
    dynamodb = werkzeug_app.create_backend_app("dynamodb")
    others = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)
    host, port = listener.getsockname()
    make_server(
        host,
        port,
        moto_dynamodb.taking_turns(
            dynamodb=kept.items(dynamodb) if kept else dynamodb, others=kept.objects(others) if kept else others
        ),
        threaded=True,
        request_handler=werkzeug_app.MotoRequestHandler,
        fd=listener.fileno(),
    ).serve_forever()


def create(url: str, table: str, buckets: Sequence[str], queues: Sequence[str], region: str) -> None:
    """Make the sessions table, the buckets and the queues."""
    import boto3  # noqa: PLC0415 - takes a tenth of a second, and `running` does not need it

    dynamodb = boto3.client("dynamodb", endpoint_url=url, region_name=region)
    dynamodb.create_table(**sessions_table(table))
    dynamodb.update_time_to_live(
        TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    # In us-east-1, CreateBucket needs no location constraint, and bucket names are global anyway.
    s3 = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
    for bucket in buckets:
        s3.create_bucket(Bucket=bucket)
    if queues:
        sqs = boto3.client("sqs", endpoint_url=url, region_name=region)
        for queue in queues:
            sqs.create_queue(QueueName=queue)


def sessions_table(name: str) -> "CreateTableInputTypeDef":
    """The sessions table as CreateTable takes it; time to live is set afterwards."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in ("session_id", "record", "owner", "created_at")
        ],
        "KeySchema": [
            {"AttributeName": "session_id", "KeyType": "HASH"},
            {"AttributeName": "record", "KeyType": "RANGE"},
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "owner-created_at-index",
                "KeySchema": [
                    {"AttributeName": "owner", "KeyType": "HASH"},
                    {"AttributeName": "created_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": _SUMMARY},
            }
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
