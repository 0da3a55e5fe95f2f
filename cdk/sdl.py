"""The printed SDL as a deployment needs it: its root fields, and without the directives of a mode that it has not.

AppSync is given the one SDL that the local server runs. Where a deployment has no API key, the key's directives go:
they would grant nothing, and a type that carries one must not depend on how AppSync takes that.
"""

from dataclasses import dataclass

from graphql import ConstDirectiveNode, ObjectTypeDefinitionNode, parse, print_ast
from graphql.language import REMOVE, Visitor, visit

ROOTS = ("Query", "Mutation", "Subscription")

_API_KEY = "aws_api_key"


@dataclass(frozen=True)
class RootField:
    """A field that has a resolver."""

    type_name: str
    name: str


def root_fields(sdl: str) -> list[RootField]:
    """Every root field, the subscription's too, in the order of the SDL."""
    return [
        RootField(node.name.value, field.name.value)
        for node in parse(sdl).definitions
        if isinstance(node, ObjectTypeDefinitionNode) and node.name.value in ROOTS
        for field in node.fields or ()
    ]


def without_api_key(sdl: str) -> str:
    """The SDL for an API that takes no key."""
    return print_ast(visit(parse(sdl), _WithoutApiKey())) + "\n"


class _WithoutApiKey(Visitor):
    @staticmethod
    def enter_directive(node: ConstDirectiveNode, *_: object) -> object:
        return REMOVE if node.name.value == _API_KEY else None
