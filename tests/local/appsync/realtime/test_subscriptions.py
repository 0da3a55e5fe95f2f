"""Who gets what when a mutation publishes: arguments, selection sets, directives, sizes."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import GraphQLError

from local.appsync import schema
from local.appsync.authorization.callers import AuthMode, Caller
from local.appsync.execution import Execution, RefusedError
from local.appsync.lambda_resolver import LambdaAnswer, LambdaResolver
from local.appsync.realtime.hub import PAYLOAD_LIMIT, Hub
from local.appsync.requests import GraphQLRequest

ALL = "@aws_cognito_user_pools @aws_api_key @aws_iam"
SDL = f"""
type Query {{ unused: String }}
type Mutation {{
  move(id: ID!): Move {ALL}
  shift(id: ID!): Move {ALL}
}}
type Subscription {{
  onMove(id: ID, floor: Int, kind: Kind, note: String, weather: String): Move
    @aws_subscribe(mutations: ["move"]) {ALL}
  onBoth: Move @aws_subscribe(mutations: ["move", "shift"]) {ALL}
}}
enum Kind {{ UP DOWN }}
type Move {ALL} {{
  id: ID!
  floor: Int
  kind: Kind
  note: String
  payload: AWSJSON
  stops: [Stop!]
}}
type Stop {ALL} {{ name: String! at: String }}
"""
MOVE: Mapping[str, object] = {
    "id": 7,
    "floor": 3,
    "kind": "UP",
    "note": None,
    "payload": {"a": 1},
    "stops": [{"name": "lobby", "at": "10:00"}],
}
NO_VARIABLES: Mapping[str, object] = {}
EVERYTHING = "id floor kind note payload stops { name at }"

API_KEY, IAM, USER = Caller(AuthMode.API_KEY), Caller(AuthMode.IAM), Caller(AuthMode.USER_POOLS)


class World:
    """An API, one publisher's result, and what each subscriber received."""

    def __init__(self, sdl: str = SDL, result: object = MOVE) -> None:
        self.result = result
        self.invoked: list[str] = []
        api = schema.load(sdl)
        self.execution = Execution(api, LambdaResolver(self._invoke, time_limit=5.0))
        self.hub = Hub(api, self.execution)

    async def _invoke(self, event: dict[str, Any]) -> LambdaAnswer:
        self.invoked.append(event["info"]["fieldName"])
        return LambdaAnswer(self.result if event["info"]["parentTypeName"] == "Mutation" else None)

    async def subscribe(
        self, query: str, caller: Caller = API_KEY, variables: Mapping[str, object] = NO_VARIABLES
    ) -> list[dict[str, Any]]:
        """A subscription; its inbox fills as updates are published."""
        inbox: list[dict[str, Any]] = []
        subscription = await self.execution.start(GraphQLRequest(query, variables, None, caller))
        self.hub.subscribe(subscription, inbox.append)
        return inbox

    async def publish(self, selection: str = EVERYTHING, caller: Caller = IAM, field: str = "move") -> dict[str, Any]:
        """A mutation; what comes back is the publisher's response."""
        query = f'mutation {{ {field}(id: "7") {{ {selection} }} }}'
        return await self.publish_by(query, caller)

    async def publish_by(self, query: str, caller: Caller = IAM) -> dict[str, Any]:
        outcome = await self.execution.run(GraphQLRequest(query, {}, None, caller))
        return outcome.response(self.hub.publish(outcome))


async def test_a_subscriber_receives_what_it_selects_under_its_own_names() -> None:
    world = World()
    inbox = await world.subscribe("subscription { m: onMove { key: id payload stops { name } } }")

    response = await world.publish()

    assert "errors" not in response
    assert inbox == [{"data": {"m": {"key": "7", "payload": '{"a":1}', "stops": [{"name": "lobby"}]}}}]


async def test_a_subscriber_that_came_late_or_left_receives_nothing() -> None:
    world = World()
    await world.publish()
    inbox: list[dict[str, Any]] = []
    subscription = await world.execution.start(GraphQLRequest("subscription { onBoth { id } }", {}, None, API_KEY))
    unsubscribe = world.hub.subscribe(subscription, inbox.append)
    assert inbox == []

    await world.publish(field="shift")
    unsubscribe()
    unsubscribe()
    await world.publish()

    assert inbox == [{"data": {"onBoth": {"id": "7"}}}]


async def test_only_the_named_mutations_publish() -> None:
    world = World()
    inbox = await world.subscribe("subscription { onMove { id } }")

    await world.publish(field="shift")

    assert inbox == []


async def test_each_mutation_of_a_request_publishes_in_order() -> None:
    world = World()
    inbox = await world.subscribe("subscription { onBoth { id floor } }")

    await world.publish_by('mutation { b: shift(id: "1") { id } a: move(id: "2") { id floor } }')

    assert inbox == [{"data": {"onBoth": {"id": "7", "floor": None}}}, {"data": {"onBoth": {"id": "7", "floor": 3}}}]


@pytest.mark.parametrize(
    ("arguments", "matches"),
    [
        ("", True),
        ('(id: "7")', True),
        ("(id: 7)", True),
        ('(id: "8")', False),
        ('(id: "7", floor: 3, kind: UP)', True),
        ('(id: "7", floor: 4)', False),
        ("(kind: DOWN)", False),
        ("(note: null)", True),
        ('(note: "x")', False),
        ("(floor: null)", False),
        ('(weather: "fine")', False),
        ("(weather: null)", True),
    ],
)
async def test_an_argument_filters_by_equality_and_null_asks_for_null(arguments: str, *, matches: bool) -> None:
    world = World()
    inbox = await world.subscribe(f"subscription {{ onMove{arguments} {{ id }} }}")

    await world.publish()

    assert bool(inbox) is matches


@pytest.mark.parametrize(
    ("variables", "matches"),
    [({}, True), ({"floor": 3}, True), ({"floor": 4}, False), ({"floor": None}, False)],
)
async def test_an_omitted_variable_is_no_filter_and_a_null_one_is(
    variables: dict[str, object], *, matches: bool
) -> None:
    world = World()
    inbox = await world.subscribe("subscription S($floor: Int) { onMove(floor: $floor) { id } }", variables=variables)

    await world.publish()

    assert bool(inbox) is matches


async def test_an_argument_that_the_mutation_did_not_select_matches_null_alone() -> None:
    world = World()
    three = await world.subscribe("subscription { onMove(floor: 3) { id } }")
    null = await world.subscribe("subscription { onMove(floor: null) { id } }")

    await world.publish("id")

    assert (three, len(null)) == ([], 1)


async def test_a_nullable_field_that_the_mutation_left_out_arrives_as_null() -> None:
    world = World()
    inbox = await world.subscribe(f"subscription {{ onMove {{ {EVERYTHING} }} }}")

    await world.publish("id stops { name }")

    assert inbox == [
        {
            "data": {
                "onMove": {
                    "id": "7",
                    "floor": None,
                    "kind": None,
                    "note": None,
                    "payload": None,
                    "stops": [{"name": "lobby", "at": None}],
                }
            }
        }
    ]


async def test_a_non_null_field_that_the_mutation_left_out_arrives_as_an_error() -> None:
    world = World()
    inbox = await world.subscribe("subscription { onMove { floor stops { name } } }")

    response = await world.publish("floor stops { at }")

    assert "errors" not in response
    [update] = inbox
    assert update["data"] == {"onMove": {"floor": 3, "stops": None}}
    assert update["errors"][0]["path"] == ["onMove", "stops", 0, "name"]


async def test_aliases_of_the_mutation_do_not_matter() -> None:
    world = World()
    inbox = await world.subscribe('subscription { onMove(id: "7") { id floor stops { name at } } }')

    await world.publish_by(
        'mutation { x: move(id: "7") { key: id id: floor a: stops { name } b: stops { t: at } ... on Move { floor } } }'
    )

    assert inbox == [{"data": {"onMove": {"id": "7", "floor": 3, "stops": [{"name": "lobby", "at": "10:00"}]}}}]


@pytest.mark.parametrize("result", [None, {"error": {"type": "Conflict", "message": "Too late."}}, {"id": None}])
async def test_a_mutation_that_did_not_succeed_publishes_nothing(result: object) -> None:
    world = World(result=result)
    inbox = await world.subscribe("subscription { onMove { id } }")

    response = await world.publish()

    assert response["data"] == {"move": None}
    assert inbox == []


async def test_an_update_over_240_kb_is_dropped_and_its_publisher_sees_success() -> None:
    selection = "id note"
    frame_of_note = len('{"id":"7","note":""}')
    world = World(result={"id": 7, "note": "ü" * ((PAYLOAD_LIMIT - frame_of_note) // 2)})
    inbox = await world.subscribe("subscription { onMove { id } }")

    await world.publish(selection)
    assert len(inbox) == 1

    world.result = {"id": 7, "note": "ü" * (PAYLOAD_LIMIT // 2)}
    response = await world.publish(selection)

    assert response["data"]["move"]["id"] == "7"
    assert "errors" not in response
    assert len(inbox) == 1


def narrowed(type_name: str, directives: str) -> str:
    """The SDL with one type's directives replaced."""
    changed = SDL.replace(f"type {type_name} {ALL}", f"type {type_name} {directives}")
    assert changed != SDL
    return changed


async def test_a_type_without_the_subscribers_mode_is_silence_for_it_and_errors_for_the_publisher() -> None:
    world = World(narrowed("Stop", "@aws_iam"))
    inbox = await world.subscribe("subscription { onMove { id stops { name } } }", API_KEY)
    another = await world.subscribe("subscription { onMove { id } }", API_KEY)
    worker = await world.subscribe("subscription { onMove { stops { name } } }", IAM)

    response = await world.publish(caller=IAM)

    assert inbox == []
    assert (len(another), len(worker)) == (1, 1)
    assert response["data"]["move"]["id"] == "7"
    [error] = response["errors"]
    assert error["errorType"] == "Unauthorized"
    assert error["message"] == "Not Authorized to access name on type Stop"


async def test_what_many_subscribers_may_not_read_is_reported_once() -> None:
    world = World(narrowed("Stop", "@aws_iam"))
    for _ in range(3):
        await world.subscribe("subscription { onMove { id stops { name } } }", API_KEY)

    assert len((await world.publish())["errors"]) == 1


async def test_a_type_without_the_publishers_mode_is_errors_for_it_and_silence_for_all() -> None:
    world = World(narrowed("Stop", "@aws_api_key"))
    inbox = await world.subscribe("subscription { onMove { id } }", API_KEY)

    response = await world.publish(caller=IAM)

    assert inbox == []
    assert response["data"]["move"]["stops"] is None
    assert [error["message"] for error in response["errors"]] == ["Not Authorized to access name on type Stop"]


RULES = """
type Query {
  open: String @aws_api_key
  own: String
  both: String @aws_api_key @aws_iam
  team: String @aws_cognito_user_pools(cognito_groups: ["Team"])
  thing: Thing @aws_api_key @aws_iam @aws_cognito_user_pools
}
type Thing @aws_iam {
  inherited: String
  overridden: String @aws_api_key
}
type Subscription { on: String @aws_iam }
"""
TEAM = Caller(AuthMode.USER_POOLS, groups=frozenset({"Team", "Other"}))


@pytest.mark.parametrize(
    ("query", "type_name", "allowed"),
    [
        ("open", "Query", [API_KEY]),
        ("own", "Query", [USER, TEAM]),
        ("both", "Query", [API_KEY, IAM]),
        ("team", "Query", [TEAM]),
        ("thing { inherited }", "Thing", [IAM]),
        ("thing { overridden }", "Thing", [API_KEY]),
    ],
)
@pytest.mark.parametrize("caller", [API_KEY, IAM, USER, TEAM])
async def test_directives_decide_for_each_field_of_each_type(
    query: str, type_name: str, allowed: list[Caller], caller: Caller
) -> None:
    """Without a directive only the default mode counts; a field's own replace its type's; several are alternatives."""
    world = World(RULES)

    outcome = await world.execution.run(GraphQLRequest(f"{{ {query} }}", {}, None, caller))

    if caller in allowed:
        assert outcome.errors == ()
    elif type_name == "Query":
        [error] = outcome.errors
        assert (error["errorType"], error["message"]) == (
            "Unauthorized",
            f"Not Authorized to access {query} on type Query",
        )
        assert error.keys() == {"path", "data", "errorType", "errorInfo", "locations", "message"}
        assert world.invoked == []


async def test_a_nested_type_without_the_mode_reads_as_null_and_an_error() -> None:
    sdl = RULES.replace("type Subscription { on: String @aws_iam }", "")
    world = World(sdl)

    async def thing(_event: dict[str, object]) -> LambdaAnswer:
        return LambdaAnswer({"inherited": "secret", "overridden": "told"})

    execution = Execution(schema.load(sdl), LambdaResolver(thing, time_limit=5.0))
    outcome = await execution.run(GraphQLRequest("{ thing { inherited overridden } }", {}, None, API_KEY))

    assert outcome.data == {"thing": {"inherited": None, "overridden": "told"}}
    assert [error["message"] for error in outcome.errors] == ["Not Authorized to access inherited on type Thing"]
    assert world.invoked == []


async def test_a_subscription_that_the_mode_may_not_use_is_refused_without_its_resolver() -> None:
    world = World(RULES)

    with pytest.raises(RefusedError) as refused:
        await world.subscribe("subscription { on }", API_KEY)

    [error] = refused.value.errors
    assert (error["errorType"], error["message"]) == (
        "Unauthorized",
        "Not Authorized to access on on type Subscription",
    )
    assert world.invoked == []


ON_M = 'type Subscription { s: Int @aws_subscribe(mutations: ["m"]) }'


@pytest.mark.parametrize(
    ("sdl", "reason"),
    [
        (f"type Query {{ a: Int }} {ON_M}", "name a field"),
        (f"type Query {{ a: Int }} type Mutation {{ other: Int }} {ON_M}", "name a field"),
        (f"type Query {{ a: Int }} type Mutation {{ m: Int! }} {ON_M}", "one type"),
        ("type Query { a: AWSPhone }", "AWSPhone"),
        ("type Query { a: Int @aws_auth }", "aws_auth"),
        ("scalar AWSJSON type Query { a: AWSJSON }", "AWSJSON"),
        ("directive @aws_iam on OBJECT type Query { a: Int }", "aws_iam"),
        ("type Query {", "Syntax Error"),
    ],
)
def test_an_sdl_that_appsync_would_not_take_is_refused(sdl: str, reason: str) -> None:
    with pytest.raises((schema.SchemaError, TypeError, GraphQLError), match=reason):
        schema.load(sdl)
