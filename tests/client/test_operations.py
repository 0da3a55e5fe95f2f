"""The documents that the command line, the page and the playground share, against the API's SDL."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from checkout import PUBLISH_DOCUMENT, ROOT, SDL
from clients import node_programs
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    parse,
    print_ast,
    validate,
)

from client import operations

# AppSync knows these without being told; graphql-core must be.
APPSYNC = """
scalar AWSDate
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
    [
        ("ProgressFields", "Progress"),
        ("EventFields", "AgentEvent"),
        ("ResultFields", "Results"),
        ("UsageFields", "Usage"),
    ],
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


def paths(document: DocumentNode) -> set[str]:
    """The dotted paths of all that the document's operation selects, below its root field."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def below(selected: SelectionSetNode | None, path: str) -> Iterator[str]:
        for node in selected.selections if selected else ():
            if isinstance(node, FragmentSpreadNode):
                yield from below(fragments[node.name.value].selection_set, path)
            elif isinstance(node, FieldNode):
                yield f"{path}{node.name.value}"
                yield from below(node.selection_set, f"{path}{node.name.value}.")

    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    [root] = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    return set(below(root.selection_set, ""))


def test_the_subscription_asks_for_what_the_worker_publishes_and_nothing_else() -> None:
    """A field that the mutation left out would arrive as null."""
    published = paths(parse(PUBLISH_DOCUMENT.read_text(encoding="utf-8")))
    assert paths(operations.document("on_progress")) == published


def test_there_is_an_operation_for_every_field_that_a_user_may_ask(api: GraphQLSchema) -> None:
    roots = [api.query_type, api.mutation_type, api.subscription_type]
    fields = {name for root in roots if root is not None for name in root.fields}
    used = {
        node.name.value
        for name in operations.OPERATIONS
        for definition in operations.document(name).definitions
        if isinstance(definition, OperationDefinitionNode)
        for node in definition.selection_set.selections
        if isinstance(node, FieldNode)
    }
    assert fields - used == {"publishProgress", "announceProgress"}, "no user publishes"


async def test_the_page_puts_the_same_documents_together(tmp_path: Path) -> None:
    module = (ROOT / "client" / "web" / "api" / "documents.js").as_uri()
    script = tmp_path / "assemble.mjs"
    script.write_text(f"""
        const {{ assembled }} = await import({module!r});
        const {{ fragments, ...all }} = JSON.parse(process.argv[2]);
        const documents = Object.entries(all).map(([name, text]) => [name, assembled(text, fragments)]);
        console.log(JSON.stringify(Object.fromEntries(documents)));
    """)
    names = [*operations.OPERATIONS, "fragments"]
    texts = {name: files(operations).joinpath(f"{name}.graphql").read_text(encoding="utf-8") for name in names}
    assembled = await node_programs.told(script, texts)
    for name in operations.OPERATIONS:
        ours = {print_ast(node) for node in operations.document(name).definitions}
        assert {print_ast(node) for node in parse(assembled[name]).definitions} == ours
