"""The API's answers as values: AWSJSON in each of the forms that AppSync may deliver it in."""

import json
from typing import Any

import pytest
from checkout import DATA
from stacks.served_appsync import PROGRESS, initialized, served, signature, starting, told

from client import answers
from client.errors import RejectedError
from local.appsync import wire

UPDATE: dict[str, Any] = json.loads((DATA / "client" / "session.json").read_bytes())[-1]
WRITTEN: str = UPDATE["results"]["requirementsData"]
VALUE = json.loads(WRITTEN)


def with_requirements(value: object) -> dict[str, Any]:
    return UPDATE | {"results": UPDATE["results"] | {"requirementsData": value}}


@pytest.mark.parametrize("form", [VALUE, WRITTEN, json.dumps(WRITTEN), json.dumps(json.dumps(WRITTEN))])
def test_requirements_are_the_same_however_often_they_are_encoded(form: object) -> None:
    assert answers.progress(with_requirements(form)).state.results.requirements_data == VALUE


def test_no_requirements_are_none() -> None:
    for nothing in (None, "null"):
        assert answers.progress(with_requirements(nothing)).state.results.requirements_data is None


def test_text_that_is_no_json_is_a_form_that_the_client_does_not_know() -> None:
    with pytest.raises(RejectedError, match="Progress"):
        answers.progress(with_requirements("{not json"))


@pytest.mark.parametrize("twice", [False, True])
async def test_the_local_api_pushes_in_both_forms_and_answers_in_one(*, twice: bool) -> None:
    """The publisher, who gets an answer and no push, always gets the first."""
    once = wire.write_json({"scope": ["ü"]})
    async with served(encode_pushed_json_twice=twice) as (api, _), api.socket() as socket:
        await initialized(socket)
        query = 'subscription { onProgress(sessionId: "1") { results { requirementsData costData { currency } } } }'
        await socket.send_json(starting("1", query))
        assert (await told(socket))["type"] == "start_ack"
        selection = "{ sessionId results { requirementsData costData { currency } } }"
        mutation = f"mutation P($input: ProgressInput!) {{ publishProgress(input: $input) {selection} }}"
        update = PROGRESS | {"results": {"requirementsData": '{"scope": ["ü"]}'}}
        body = json.dumps({"query": mutation, "variables": {"input": update}})
        async with api.http.post(api.url, data=body, headers=signature(api.url, body)) as response:
            answer = await response.json()
        assert answer["data"]["publishProgress"]["results"]["requirementsData"] == once
        pushed = (await told(socket))["payload"]["data"]["onProgress"]["results"]
        assert pushed == {"requirementsData": wire.write_json(once) if twice else once, "costData": None}
