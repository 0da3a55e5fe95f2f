"""The local DynamoDB with many callers at once: every transaction that can succeed does, and none undoes another's."""

import os
import threading
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.aws import moto_dynamodb
from local.aws import server as aws

SESSION = boto3.Session(region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
ONCE = Config(proxies={}, retries={"total_max_attempts": 1}, max_pool_connections=8)
TRANSACTIONS = 160
TAKEN = "taken"


def put(session_id: str, record: str, **condition: str) -> Any:  # noqa: ANN401 - as boto3 takes it
    item = {"session_id": {"S": session_id}, "record": {"S": record}, "owner": {"S": "o"}, "created_at": {"S": "2026"}}
    return {"Put": {"TableName": "sessions", "Item": item, **condition}}


@pytest.mark.slow
async def test_transactions_that_meet_neither_fail_nor_undo_each_other() -> None:
    """Each second transaction is cancelled; what the others wrote meanwhile is all there."""
    with Path(os.devnull).open("wb") as nothing:  # noqa: ASYNC230 - it never blocks
        cloud = aws.running(table="sessions", buckets=(), region="us-east-1", output=nothing.fileno())
        async with cloud as server:
            await server.ready()
            client = SESSION.client("dynamodb", endpoint_url=server.url, config=ONCE)
            client.transact_write_items(TransactItems=[put(TAKEN, "STATE")])

            def write(place: int) -> str | None:
                """The session that was written; None where the transaction was cancelled, as it must be."""
                session_id = str(uuid.uuid4())
                if place % 2 == 0:
                    client.transact_write_items(TransactItems=[put(session_id, "STATE"), put(session_id, "ASSESSMENT")])
                    return session_id
                free = {"ConditionExpression": "attribute_not_exists(session_id)"}
                try:
                    client.transact_write_items(TransactItems=[put(session_id, "STATE"), put(TAKEN, "STATE", **free)])
                except ClientError as error:
                    assert error.response["Error"]["Code"] == "TransactionCanceledException"  # noqa: PT017
                    return None
                raise AssertionError("the condition held for a session that is there")

            with ThreadPoolExecutor(8) as threads:
                written = {session_id for session_id in threads.map(write, range(TRANSACTIONS)) if session_id}
            pages = client.get_paginator("scan").paginate(TableName="sessions")
            found = [item["session_id"]["S"] for page in pages for item in page["Items"]]
            client.close()
    assert len(written) == TRANSACTIONS // 2
    assert sorted(found) == sorted([*written, *written, TAKEN])


async def test_a_cancelled_transaction_undoes_its_updates() -> None:
    """An update changes an item in place, and the transaction's other condition fails."""
    with Path(os.devnull).open("wb") as nothing:  # noqa: ASYNC230 - it never blocks
        cloud = aws.running(table="sessions", buckets=(), region="us-east-1", output=nothing.fileno())
        async with cloud as server:
            await server.ready()
            client = SESSION.client("dynamodb", endpoint_url=server.url, config=ONCE)
            key = {"session_id": {"S": "owner"}, "record": {"S": "ACTIVITY"}}

            def update(session_id: str) -> Any:  # noqa: ANN401 - as boto3 takes it
                values = {":id": {"SS": [session_id]}}
                how = {"UpdateExpression": "ADD active_sessions :id", "ExpressionAttributeValues": values}
                return {"Update": {"TableName": "sessions", "Key": key, **how}}

            client.transact_write_items(TransactItems=[put(TAKEN, "STATE"), update("first")])
            taken = put(TAKEN, "STATE", ConditionExpression="attribute_not_exists(session_id)")
            for items in ([taken, update("second")], [update("third"), taken]):
                with pytest.raises(ClientError, match="TransactionCanceledException"):
                    client.transact_write_items(TransactItems=items)
            found = client.get_item(TableName="sessions", Key=key)["Item"]
            client.close()
    assert found["active_sessions"] == {"SS": ["first"]}


def test_requests_to_dynamodb_take_turns_and_others_do_not_wait() -> None:
    """A queue's long poll must not hold up other requests."""
    inside, most, lock = 0, 0, threading.Lock()
    polling, answered = threading.Event(), threading.Event()

    def queues(_environ: dict[str, Any], _: object) -> Iterable[bytes]:
        polling.set()
        assert answered.wait(30)
        return []

    def dynamodb(_environ: dict[str, Any], _: object) -> Iterable[bytes]:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        threading.Event().wait(0.01)
        with lock:
            inside -= 1
        return []

    def ask(target: str) -> None:
        served({"HTTP_X_AMZ_TARGET": target}, lambda *_: lambda _: None)

    served = moto_dynamodb.taking_turns(dynamodb, queues)
    with ThreadPoolExecutor(9) as threads:
        poll = threads.submit(ask, "AmazonSQS.ReceiveMessage")
        assert polling.wait(30)
        list(threads.map(ask, ["DynamoDB_20120810.PutItem"] * 16))
        answered.set()
        poll.result(30)
    assert most == 1


async def test_a_query_finds_its_session_among_many_and_an_index_all_of_an_owner() -> None:
    """In order, forwards and backwards, page by page; and it never meets another session's records."""
    with Path(os.devnull).open("wb") as nothing:  # noqa: ASYNC230 - it never blocks
        cloud = aws.running(table="sessions", buckets=(), region="us-east-1", output=nothing.fileno())
        async with cloud as server:
            await server.ready()
            client = SESSION.client("dynamodb", endpoint_url=server.url, config=ONCE)
            for session_id in ("a", "b", "c"):
                for record in ("STATE", "EVENTS#2", "EVENTS#1"):
                    client.transact_write_items(TransactItems=[put(session_id, record)])

            def records(session_id: str, to: str = "~", **how: Any) -> list[str]:  # noqa: ANN401 - as boto3 takes it
                condition = "session_id = :id AND record BETWEEN :from AND :to"
                values = {":id": {"S": session_id}, ":from": {"S": "EVENTS#"}, ":to": {"S": to}}
                pages = client.get_paginator("query").paginate(
                    TableName="sessions", KeyConditionExpression=condition, ExpressionAttributeValues=values, **how
                )
                return [item["session_id"]["S"] + item["record"]["S"] for page in pages for item in page["Items"]]

            assert records("b") == ["bEVENTS#1", "bEVENTS#2", "bSTATE"]
            assert records("b", ScanIndexForward=False, ConsistentRead=True) == ["bSTATE", "bEVENTS#2", "bEVENTS#1"]
            assert records("b", PaginationConfig={"PageSize": 1}) == records("b")
            assert records("b", "EVENTS#2", PaginationConfig={"PageSize": 1}) == ["bEVENTS#1", "bEVENTS#2"]
            assert records("nobody") == []
            [index] = aws.sessions_table("sessions")["GlobalSecondaryIndexes"]
            owned = client.query(
                TableName="sessions",
                IndexName=index["IndexName"],
                KeyConditionExpression="#owner = :owner",
                ExpressionAttributeNames={"#owner": index["KeySchema"][0]["AttributeName"]},
                ExpressionAttributeValues={":owner": {"S": "o"}},
            )
            client.close()
    assert {item["session_id"]["S"] for item in owned["Items"]} == {"a", "b", "c"}
