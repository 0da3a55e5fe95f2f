"""The printed SDL: what AppSync accepts, and that it is what the types say."""

import re
from pathlib import Path

import pytest
from graphql import (
    DirectiveDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeExtensionNode,
    build_schema,
    parse,
    print_ast,
    validate,
)

from schema import sdl

TEXT = sdl.SDL.read_text(encoding="utf-8")
DOCUMENT = parse(TEXT)
TYPES = {node.name.value: node for node in DOCUMENT.definitions if isinstance(node, ObjectTypeDefinitionNode)}

Tree = dict[str, "Tree"]
PREAMBLE = "scalar AWSDate scalar AWSDateTime scalar AWSJSON scalar AWSURL"

USERS = {"aws_cognito_user_pools", "aws_api_key"}
EVERYBODY = USERS | {"aws_iam"}


def directives(node: ObjectTypeDefinitionNode | FieldDefinitionNode) -> set[str]:
    return {directive.name.value for directive in node.directives or ()}


def field(type_name: str, name: str) -> FieldDefinitionNode:
    return next(field for field in TYPES[type_name].fields or () if field.name.value == name)


def test_the_committed_files_are_what_the_types_print() -> None:
    assert sdl.main(["--check"]) == 0


def test_a_stale_file_fails_the_check_and_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "schema.graphql"
    copy.write_text(TEXT + "# edited by hand\n", encoding="utf-8")
    monkeypatch.setattr(sdl, "SDL", copy)
    assert sdl.main(["--check"]) == 1
    assert "schema.graphql is stale" in capsys.readouterr().err
    assert sdl.main([]) == 0
    assert copy.read_text(encoding="utf-8") == TEXT


def test_the_dialect_is_appsyncs() -> None:
    """No descriptions, definitions of directives or scalars, extensions, interfaces, or `= null`."""
    refused = (DirectiveDefinitionNode, ScalarTypeDefinitionNode, TypeExtensionNode, InterfaceTypeDefinitionNode)
    assert not [node for node in DOCUMENT.definitions if isinstance(node, refused)]
    assert '"""' not in TEXT
    assert "#" not in TEXT
    assert not re.search(r"=\s*null", TEXT)
    assert len(TEXT.encode()) < 1_000_000


@pytest.mark.parametrize(
    ("type_name", "name", "modes"),
    [
        ("Query", "session", EVERYBODY),
        ("Query", "sessions", USERS),
        ("Query", "events", EVERYBODY),
        ("Query", "proposal", EVERYBODY),
        ("Mutation", "submitAssessment", USERS),
        ("Mutation", "cancelSession", USERS),
        ("Mutation", "retrySession", USERS),
        ("Mutation", "reviewSession", USERS),
        ("Mutation", "deleteSession", USERS),
        ("Mutation", "publishProgress", {"aws_iam"}),
        ("Mutation", "announceProgress", {"aws_iam"}),
        ("Subscription", "onProgress", EVERYBODY | {"aws_subscribe"}),
    ],
)
def test_every_root_field_names_the_modes_that_may_use_it(type_name: str, name: str, modes: set[str]) -> None:
    assert directives(field(type_name, name)) == modes


def test_every_type_that_a_subscriber_reads_carries_every_mode() -> None:
    """A type without a mode's directive makes AppSync acknowledge a subscription and then stay silent."""
    reached = {"Progress"}
    while True:
        named = {
            match
            for name in reached
            for field in TYPES[name].fields or ()
            for match in re.findall(r"\w+", field.type.loc.source.body[field.type.loc.start : field.type.loc.end])  # type: ignore[union-attr]
            if match in TYPES
        }
        if named <= reached:
            break
        reached |= named
    assert reached == {"Progress", "Results", "CostData", "CostLine", "AgentEvent", "Usage"}
    for name in reached:
        assert directives(TYPES[name]) == EVERYBODY, name


def test_root_fields_are_nullable() -> None:
    """AppSync answers a failed root field with null; a non-null one would void its siblings."""
    for root in ("Query", "Mutation", "Subscription"):
        for root_field in TYPES[root].fields or ():
            assert root_field.type.kind != "non_null_type", root_field.name.value


@pytest.mark.parametrize("path", [sdl.PUBLISH_DOCUMENT, sdl.ANNOUNCE_DOCUMENT], ids=["publish", "announce"])
def test_what_publishes_selects_every_field_of_progress(path: Path) -> None:
    """A subscriber receives only what the mutation selected."""
    schema = build_schema(f"{PREAMBLE}\n{TEXT}", assume_valid_sdl=True)
    document = parse(path.read_text(encoding="utf-8"))
    assert validate(schema, document) == []
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    [publish] = operation.selection_set.selections
    assert isinstance(publish, FieldNode)
    assert selected(publish) == declared("Progress")


def selected(node: FieldNode) -> Tree:
    fields = node.selection_set.selections if node.selection_set else ()
    return {field.name.value: selected(field) for field in fields if isinstance(field, FieldNode)}


def declared(type_name: str) -> Tree:
    fields = TYPES[type_name].fields or () if type_name in TYPES else ()
    return {field.name.value: declared(re.sub(r"\W", "", print_ast(field.type))) for field in fields}
