"""One update for many subscribers: what they share is made and written once, and no subscriber gets another's."""

import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from unittest.mock import patch

import pytest
from stacks.served_appsync import INIT, initialized, served, starting, subscribed, token, told, update

from local.appsync import wire
from local.appsync.execution import Execution
from local.appsync.realtime import frames


@pytest.fixture
def answers() -> Iterator[list[str]]:
    """The modes of the callers for whom an update was worked out."""
    modes: list[str] = []
    deliver = Execution.deliver

    def counted(self: Execution, subscription: object, payload: object) -> object:
        modes.append(subscription.request.caller.mode)  # type: ignore[attr-defined] # a Subscription
        return deliver(self, subscription, payload)  # type: ignore[arg-type] # likewise

    with patch.object(Execution, "deliver", counted):
        yield modes


async def test_subscribers_that_ask_alike_are_told_the_same_from_one_answer(answers: list[str]) -> None:
    """Over however many connections, each under its own id."""
    async with served() as (api, _), AsyncExitStack() as opened:
        sockets = [await opened.enter_async_context(api.socket()) for _ in range(3)]
        for socket in sockets:
            await initialized(socket)
            await subscribed(socket, "1", "two")

        await api.publish(progress=30, text="a")

        for socket in sockets:
            assert [await told(socket), await told(socket)] == [update("1", 30, "a"), update("two", 30, "a")]
        assert answers == ["aws_api_key"]


async def test_callers_that_may_read_different_things_are_answered_apart(answers: list[str]) -> None:
    async with served() as (api, _), api.socket() as socket:
        await initialized(socket)
        await subscribed(socket, "key")
        await socket.send_json(starting("user", authorization={"authorization": token()}))
        assert await told(socket) == {"type": "start_ack", "id": "user"}

        await api.publish(progress=30)

        assert {(await told(socket))["id"] for _ in range(2)} == {"key", "user"}
        assert sorted(answers) == ["aws_api_key", "aws_cognito_user_pools"]


async def test_one_may_leave_and_come_back_while_another_stays(answers: list[str]) -> None:
    async with served() as (api, _), api.socket() as staying, api.socket() as leaving:
        for socket in (staying, leaving):
            await socket.send_json(INIT)
            assert (await told(socket))["type"] == "connection_ack"
            await subscribed(socket, "1")

        await leaving.send_json({"id": "1", "type": "stop"})
        assert await told(leaving) == {"type": "complete", "id": "1"}
        await api.publish(progress=30)
        assert await told(staying) == update("1", 30)

        await staying.send_json({"id": "1", "type": "stop"})
        assert await told(staying) == {"type": "complete", "id": "1"}
        await api.publish(progress=50)
        await subscribed(leaving, "2")
        await api.publish(progress=60)

        assert await told(leaving) == update("2", 60)
        assert len(answers) == 2  # nobody was there for the second


@pytest.mark.parametrize("id_", ["1", 'a "quoted"\\ id', "\ud800"])
def test_a_payload_that_was_written_before_makes_the_same_frame(id_: str) -> None:
    payload = {"data": {"onProgress": {"progress": 5, "text": 'ünïcode, "quotes" and \n'}}}
    written = frames.text(frames.data(id_, wire.Written(payload)))
    assert written == frames.text(frames.data(id_, payload))
    assert json.loads(written) == frames.data(id_, payload)


async def test_a_document_is_refused_in_the_same_words_however_often_it_comes() -> None:
    """Only valid documents are kept."""
    async with served() as (api, _):
        answers = []
        for query in ("{ nobody }", "{ nobody }", "{ nob", "{ nob"):
            async with api.http.post(api.url, json={"query": query}, headers={"x-api-key": "da2-key"}) as response:
                answers.append((response.status, await response.json()))
        assert answers[0] == answers[1]
        assert answers[0][1]["data"] is None
        assert answers[0][1]["errors"]
        assert answers[2] == answers[3]
        assert answers[2][0] == 400
