"""The GraphQL documents that this client sends, one operation in each file.

`document` adds to an operation only the fragments that it uses, because GraphQL refuses unused ones. `client.api` sends
the documents, and the tests validate each against the API's SDL.
"""

from functools import cache
from importlib.resources import files

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, Node, Visitor, parse, visit

OPERATIONS = (
    "submit",
    "session",
    "state",
    "sessions",
    "events",
    "proposal",
    "notes",
    "on_progress",
    "cancel",
    "retry",
    "review",
    "delete",
)


@cache
def document(name: str) -> DocumentNode:
    """The operation in `<name>.graphql`, with its fragments."""
    operation = parse(_text(name), no_location=True)
    fragments = _fragments()
    needed: dict[str, FragmentDefinitionNode] = {}
    wanted = _spreads(operation)
    while wanted:
        fragment = wanted.pop()
        if fragment not in needed:
            needed[fragment] = fragments[fragment]
            wanted |= _spreads(fragments[fragment])
    return DocumentNode(definitions=(*operation.definitions, *needed.values()))


@cache
def _fragments() -> dict[str, FragmentDefinitionNode]:
    definitions = parse(_text("fragments"), no_location=True).definitions
    return {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}


def _text(name: str) -> str:
    return files(__name__).joinpath(f"{name}.graphql").read_text(encoding="utf-8")


def _spreads(node: Node) -> set[str]:
    found = _Spreads()
    visit(node, found)
    return found.names


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.add(node.name.value)
