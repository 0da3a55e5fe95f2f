"""The client's documents against the API's SDL."""

from importlib.resources import files
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    parse,
    print_ast,
    validate,
)

from client import operations

SDL = Path(__file__).parents[1] / "schema" / "schema.graphql"

# AppSync knows these without being told; graphql-core must be.
APPSYNC = """
scalar AWSDateTime
scalar AWSJSON
scalar AWSURL
directive @aws_cognito_user_pools on OBJECT | FIELD_DEFINITION
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
"""


@pytest.fixture(scope="module")
def api() -> GraphQLSchema:
    return build_schema(APPSYNC + SDL.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", operations.OPERATIONS)
def test_every_document_is_valid_against_the_api(api: GraphQLSchema, name: str) -> None:
    assert validate(api, operations.document(name)) == []


def test_every_file_is_an_operation_or_the_fragments() -> None:
    names = {file.name.removesuffix(".graphql") for file in files(operations).iterdir() if "graphql" in file.name}
    assert names == {*operations.OPERATIONS, "fragments"}


def test_a_document_carries_only_the_fragments_it_spreads() -> None:
    text = print_ast(operations.document("events"))
    assert "fragment EventFields" in text
    assert "fragment ResultFields" not in text
    assert "fragment ResultFields" in print_ast(operations.document("session")), "also through another fragment"


@pytest.mark.parametrize(
    ("fragment", "type_name"),
    [("ProgressFields", "Progress"), ("EventFields", "AgentEvent"), ("ResultFields", "Results")],
)
def test_nothing_that_is_pushed_is_left_out(api: GraphQLSchema, fragment: str, type_name: str) -> None:
    (node,) = (
        node
        for node in parse(files(operations).joinpath("fragments.graphql").read_text(encoding="utf-8")).definitions
        if isinstance(node, FragmentDefinitionNode) and node.name.value == fragment
    )
    described = api.get_type(type_name)
    assert isinstance(described, GraphQLObjectType)
    assert {field.name.value for field in node.selection_set.selections if isinstance(field, FieldNode)} == set(
        described.fields
    )
