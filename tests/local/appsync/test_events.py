"""The Lambda events of root fields, compared with recorded AppSync events, and what the Lambda's answers become."""

import asyncio
import json
from typing import Any

import checkout
import pytest

from local.appsync import schema
from local.appsync.authorization.callers import AuthMode, Caller
from local.appsync.execution import Execution, Outcome, RefusedError
from local.appsync.lambda_resolver import Invoke, LambdaAnswer, LambdaError, LambdaResolver
from local.appsync.requests import GraphQLRequest, read_request

SDL = checkout.SDL.read_text(encoding="utf-8")
API_KEY = Caller(AuthMode.API_KEY)


class FakeLambda:
    """Answers every invocation alike and remembers the events."""

    def __init__(self, payload: object = None, error: LambdaError | None = None) -> None:
        self.answer = LambdaAnswer(payload, error)
        self.events: list[dict[str, Any]] = []

    async def __call__(self, event: dict[str, object]) -> LambdaAnswer:
        self.events.append(event)
        return self.answer


def execution(invoke: Invoke, time_limit: float = 5.0) -> Execution:
    return Execution(schema.load(SDL), LambdaResolver(invoke, time_limit))


def recorded(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((checkout.DATA / "appsync" / f"{name}.json").read_text(encoding="utf-8"))
    return event


def passed_on(context: dict[str, Any]) -> dict[str, Any]:
    """What resolver.js hands on of AppSync's context."""
    kept = ("fieldName", "parentTypeName", "selectionSetList")
    info = {name: context["info"][name] for name in kept}
    return {"arguments": context["arguments"], "identity": context["identity"], "info": info}


def as_recorded(event: dict[str, Any], query: str) -> GraphQLRequest:
    """The request that led to a recorded event."""
    caller = Caller(AuthMode.IAM, event["identity"]) if event["identity"] else API_KEY
    return read_request({"query": query, "variables": event["info"]["variables"]}, caller)


def request(query: str, **variables: object) -> GraphQLRequest:
    return GraphQLRequest(query, variables, None, API_KEY)


async def session(answer: Invoke, selection: str = "id", time_limit: float = 5.0) -> Outcome:
    """What a query for a session comes to when the Lambda gives this answer."""
    query = request(f'{{ session(id: "1") {{ {selection} }} }}')
    return await execution(answer, time_limit).run(query)


async def test_a_query_with_an_api_key_is_the_recorded_event() -> None:
    """Aliases, fragments and a skipped field: the list is what will be read, the text is what was written."""
    event = recorded("event_session_api_key")
    fake = FakeLambda()
    query = """
        query Read($id: ID!, $brief: Boolean!) {
          session(id: $id) {
            id
            state: status
            ...About
            results { ... on Results { costData { totalCost } } }
            errorMessage @skip(if: $brief)
          }
        }
        fragment About on Session { assessment { clientName } }
    """

    await execution(fake).run(as_recorded(event, query))

    assert fake.events == [passed_on(event)]


async def test_a_mutation_with_iam_is_the_recorded_event() -> None:
    """AWSJSON arrives parsed in `arguments` and as it was sent in `info.variables`."""
    event = recorded("event_publish_iam")
    fake = FakeLambda()
    query = "mutation P($input: ProgressInput!) { publishProgress(input: $input) { sessionId revision } }"

    await execution(fake).run(as_recorded(event, query))

    assert fake.events == [passed_on(event)]


async def test_a_subscription_that_starts_is_the_recorded_event() -> None:
    event = recorded("event_subscribe_api_key")
    fake = FakeLambda()
    query = 'subscription { onProgress(sessionId: "f5b1d6a0") { sessionId status } }'

    await execution(fake).start(as_recorded(event, query))

    assert fake.events == [passed_on(event)]


async def test_omitted_arguments_are_left_out_and_null_ones_are_sent() -> None:
    fake = FakeLambda()

    await execution(fake).run(request("query Q($n: String) { sessions(limit: 3, nextToken: $n) { nextToken } }"))
    await execution(fake).run(request("{ sessions(nextToken: null) { nextToken } }"))

    assert [event["arguments"] for event in fake.events] == [{"limit": 3}, {"nextToken": None}]


async def test_every_root_field_of_a_request_is_one_invocation() -> None:
    fake = FakeLambda()

    outcome = await execution(fake).run(request('{ a: session(id: "1") { id } b: session(id: "2") { id } __typename }'))

    assert outcome.response() == {"data": {"a": None, "b": None, "__typename": "Query"}}
    assert [event["arguments"]["id"] for event in fake.events] == ["1", "2"]


async def test_an_error_in_the_result_has_its_type_and_info_at_the_top() -> None:
    error = {"type": "InvalidInput", "message": "Too long.", "info": [{"field": "clientName", "message": "Too long."}]}

    outcome = await session(FakeLambda({"error": error}))

    assert outcome.response() == {
        "data": {"session": None},
        "errors": [
            {
                "path": ["session"],
                "data": None,
                "errorType": "InvalidInput",
                "errorInfo": [{"field": "clientName", "message": "Too long."}],
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "Too long.",
            }
        ],
    }


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LambdaError("RuntimeError", "Internal error: quote request 7."), "Internal error: quote request 7."),
        (LambdaError("KeyError", "'SESSIONS_TABLE_NAME'"), "Internal error: try again."),
    ],
)
async def test_a_failed_invocation_is_internal_and_tells_no_detail(error: LambdaError, told: str) -> None:
    outcome = await session(FakeLambda(error=error))

    [entry] = outcome.errors
    assert (entry["errorType"], entry["message"], entry["path"]) == ("Internal", told, ["session"])
    assert outcome.data == {"session": None}


async def test_an_invocation_that_never_happens_is_internal() -> None:
    async def unreachable(_event: dict[str, object]) -> LambdaAnswer:
        raise ConnectionRefusedError("secret host")

    outcome = await session(unreachable)

    [entry] = outcome.errors
    assert (entry["errorType"], entry["message"]) == ("Internal", "Internal error: try again.")


async def test_a_resolver_has_a_time_limit() -> None:
    async def silent(_event: dict[str, object]) -> LambdaAnswer:
        await asyncio.Event().wait()
        raise AssertionError("never reached")

    outcome = await session(silent, time_limit=0.01)

    [entry] = outcome.errors
    assert (entry["errorType"], entry["message"]) == ("ExecutionTimeout", "Execution timed out.")


async def test_nested_fields_come_from_the_result() -> None:
    result = {
        "id": 5,
        "results": {"requirementsData": {"a": [1, "ü"]}, "templatePaths": ["t"], "costData": None},
        "createdAt": "2026-11-22T10:30:00.000Z",
    }

    outcome = await session(
        FakeLambda(result), "id createdAt results { requirementsData templatePaths costData { totalCost } }"
    )

    assert outcome.response() == {
        "data": {
            "session": {
                "id": "5",
                "createdAt": "2026-11-22T10:30:00.000Z",
                "results": {"requirementsData": '{"a":[1,"\\u00fc"]}', "templatePaths": ["t"], "costData": None},
            }
        }
    }


@pytest.mark.parametrize(
    ("result", "selection", "path"),
    [
        ({"id": None}, "id", ["session", "id"]),
        ({}, "id", ["session", "id"]),
        ("text", "id", ["session", "id"]),
        ({"createdAt": "2026-11-22T10:30:00"}, "createdAt", ["session", "createdAt"]),
        ({"status": "DONE"}, "status", ["session", "status"]),
        ({"progress": "many"}, "progress", ["session", "progress"]),
        (
            {"results": {"templatePaths": ["a", None]}},
            "results { templatePaths }",
            ["session", "results", "templatePaths", 1],
        ),
    ],
)
async def test_a_result_that_its_type_does_not_take_is_an_error_without_a_location(
    result: object, selection: str, path: list[object]
) -> None:
    outcome = await session(FakeLambda(result), selection)

    [entry] = outcome.errors
    assert (entry["path"], entry["locations"]) == (path, None)
    assert outcome.data == {"session": None}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ weather }", {}),
        ("{ session { id } }", {}),
        ('{ session(id: "1") }', {}),
        ("query A { __typename } query A { __typename }", {}),
        ("query Q($id: ID!) { session(id: $id) { id } }", {}),
        ("query Q($id: ID!) { session(id: $id) { id } }", {"id": {"a": 1}}),
        ("query Q($n: Int) { sessions(limit: $n) { nextToken } }", {"n": float("inf")}),
        ("query A { __typename } query B { __typename }", {}),
    ],
)
async def test_an_invalid_operation_is_answered_without_data_and_never_invokes(
    query: str, variables: dict[str, object]
) -> None:
    fake = FakeLambda()

    response = (await execution(fake).run(request(query, **variables))).response()

    assert response["data"] is None
    errors = response["errors"]
    assert isinstance(errors, list)
    assert errors
    for entry in errors:
        assert entry.keys() == {"path", "locations", "message"}
        assert all(location["sourceName"] is None for location in entry["locations"])
    assert fake.events == []


@pytest.mark.parametrize(
    "bad",
    [
        {"timestamp": "2026-11-22T10:30:00.000"},
        {"timestamp": "2026-02-30T10:30:00Z"},
        {"timestamp": "yesterday"},
        {"timestamp": 5},
    ],
)
async def test_a_date_without_offset_or_calendar_is_refused(bad: dict[str, object]) -> None:
    fake = FakeLambda()
    event = recorded("event_publish_iam")
    event["info"]["variables"]["input"]["events"][0] |= bad
    query = "mutation P($input: ProgressInput!) { publishProgress(input: $input) { sessionId } }"

    outcome = await execution(fake).run(as_recorded(event, query))

    assert (outcome.data, len(outcome.errors), fake.events) == (None, 1, [])


@pytest.mark.parametrize("json_text", ["{", "NaN", '{"a": Infinity}', {"already": "parsed"}, "plain text"])
async def test_awsjson_that_is_no_string_of_json_is_refused(json_text: object) -> None:
    fake = FakeLambda()
    event = recorded("event_publish_iam")
    event["info"]["variables"]["input"]["results"] = {"requirementsData": json_text}
    query = "mutation P($input: ProgressInput!) { publishProgress(input: $input) { sessionId } }"

    outcome = await execution(fake).run(as_recorded(event, query))

    assert (outcome.data, len(outcome.errors), fake.events) == (None, 1, [])


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://host/bucket/key?X-Amz-Signature=a//b", True),
        ("http://127.0.0.1:5000/a/b.pptx", True),
        ("mailto:a@example.com", True),
        ("https://host/bucket//key", False),
        ("/bucket/key", False),
        ("https://[", False),
    ],
)
async def test_a_url_has_a_scheme_and_no_empty_segment(url: str, *, taken: bool) -> None:
    outcome = await session(FakeLambda({"results": {"powerpointUrl": url}}), "results { powerpointUrl }")

    assert outcome.data == {"session": {"results": {"powerpointUrl": url if taken else None}}}
    assert bool(outcome.errors) is not taken


async def test_introspection_is_answered_without_the_lambda() -> None:
    fake = FakeLambda()

    outcome = await execution(fake).run(request('{ __type(name: "Progress") { name fields { name } } }'))

    assert outcome.data
    assert outcome.data["__type"]["name"] == "Progress"
    assert fake.events == []


@pytest.mark.parametrize(
    ("query", "error_type"),
    [
        ("{ __typename }", "UnsupportedOperation"),
        ('mutation { cancelSession(id: "1") { id } }', "UnsupportedOperation"),
        ("fragment F on Query { __typename }", "UnsupportedOperation"),
        ("subscription {", "MalformedHttpRequestException"),
        ("subscription { onProgress { status } }", None),
        ('subscription { onProgress(sessionId: "1") { weather } }', None),
        ('subscription { a: onProgress(sessionId: "1") { status } b: onProgress(sessionId: "2") { status } }', None),
        ("subscription S($id: ID!) { onProgress(sessionId: $id) { status } }", None),
    ],
)
async def test_only_a_valid_subscription_starts(query: str, error_type: str | None) -> None:
    fake = FakeLambda()

    with pytest.raises(RefusedError) as refused:
        await execution(fake).start(request(query))

    assert refused.value.errors[0].get("errorType") == error_type
    assert fake.events == []


async def test_a_subscription_is_refused_by_its_resolvers_error() -> None:
    fake = FakeLambda({"error": {"type": "NotFound", "message": "No such session.", "info": None}})

    with pytest.raises(RefusedError) as refused:
        await execution(fake).start(request('subscription { onProgress(sessionId: "1") { status } }'))

    [entry] = refused.value.errors
    assert (entry["errorType"], entry["message"], entry["path"]) == ("NotFound", "No such session.", ["onProgress"])


async def test_what_a_subscriptions_resolver_returns_is_ignored() -> None:
    subscription = await execution(FakeLambda({"status": "COMPLETED"})).start(
        request("subscription S($id: ID!) { onProgress(sessionId: $id) { status } }", id=7)
    )

    assert (subscription.field, subscription.filters) == ("onProgress", {"sessionId": "7"})
