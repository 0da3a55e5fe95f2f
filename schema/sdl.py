"""Prints what is generated from the schema: the API's SDL, the documents that publish, and the words.

`python -m schema.sdl` writes them beside this file, and the words also where the clients ship them. `--check` writes
nothing and fails when a file is stale. AppSync's dialect is narrower than GraphQL's: no descriptions, no directive or
built-in scalar definitions, no `= null`. All files are committed, so that neither a Lambda nor a deployment needs
Strawberry.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import strawberry
from graphql import (
    DocumentNode,
    GraphQLObjectType,
    ScalarTypeDefinitionNode,
    get_named_type,
    parse,
    print_ast,
)
from strawberry.schema.config import StrawberryConfig

from schema import types
from schema.words import print_words

SDL = Path(__file__).with_name("schema.graphql")
PUBLISH_DOCUMENT = Path(__file__).with_name("publish_progress.graphql")
ANNOUNCE_DOCUMENT = Path(__file__).with_name("announce_progress.graphql")
WORDS = Path(__file__).with_name("words.json")
CLIENT_WORDS = Path(__file__).parents[1] / "client" / "web" / "words.json"
"""The clients' copy. They import no other room, and the page can read only its own files."""


def build() -> strawberry.Schema:
    """The API as a Strawberry schema."""
    return strawberry.Schema(
        query=types.Query,
        mutation=types.Mutation,
        subscription=types.Subscription,
        config=StrawberryConfig(scalar_map=types.SCALARS),
    )


def print_sdl(schema: strawberry.Schema) -> str:
    """The SDL that AppSync, the local server and the tests run."""
    document = parse(schema.as_str())
    kept = tuple(node for node in document.definitions if not isinstance(node, ScalarTypeDefinitionNode))
    return print_ast(DocumentNode(definitions=kept)) + "\n"


def print_publish_document(schema: strawberry.Schema) -> str:
    """The worker's mutation."""
    return _print_mutation(schema, "publishProgress", "input", "ProgressInput!")


def print_announce_document(schema: strawberry.Schema) -> str:
    """The resolvers' mutation."""
    return _print_mutation(schema, "announceProgress", "progress", "AWSJSON!")


def _print_mutation(schema: strawberry.Schema, field: str, argument: str, type_: str) -> str:
    """A mutation that selects every field of `Progress`.

    A subscriber receives only what this selection set asks for, so it is printed rather than typed.
    """
    progress = schema._schema.get_type("Progress")  # noqa: SLF001 - Strawberry has no public way to the graphql-core schema
    if not isinstance(progress, GraphQLObjectType):
        raise TypeError(f"Progress is not an object type: {progress!r}")
    selection = "\n".join(_selection(progress, depth=2))
    return (
        f"mutation {field[0].upper()}{field[1:]}(${argument}: {type_}) {{\n"
        f"  {field}({argument}: ${argument}) {{\n"
        f"{selection}\n"
        "  }\n"
        "}\n"
    )


def _selection(type_: GraphQLObjectType, depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLObjectType):
            lines += [f"{indent}{name} {{", *_selection(inner, depth + 1), f"{indent}}}"]
        else:
            lines.append(f"{indent}{name}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with `--check` compare them; 1 when one is stale."""
    parser = argparse.ArgumentParser(prog="python -m schema.sdl", description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is stale")
    check = parser.parse_args(arguments).check
    stale = False
    for path, text in _printed().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            print(f"{path.parent.name}/{path.name} is stale: run `uv run python -m schema.sdl`", file=sys.stderr)
            stale = True
        else:
            path.write_text(text, encoding="utf-8")
    return int(stale)


def _printed() -> Mapping[Path, str]:
    schema, words = build(), print_words()
    return {
        SDL: print_sdl(schema),
        PUBLISH_DOCUMENT: print_publish_document(schema),
        ANNOUNCE_DOCUMENT: print_announce_document(schema),
        WORDS: words,
        CLIENT_WORDS: words,
    }


if __name__ == "__main__":
    sys.exit(main())
