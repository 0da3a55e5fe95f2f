"""The printed SDL for a deployment: lists its root fields, and removes the API key's directives.

AppSync gets the same SDL that the local server runs. A deployment without an API key gets it without the directives of
that mode: they would allow nothing, and AppSync does not document how it treats them. `cdk.api` calls this module.
"""

from dataclasses import dataclass

from graphql import ConstDirectiveNode, ObjectTypeDefinitionNode, parse, print_ast
from graphql.language import REMOVE, Visitor, visit

ROOTS = ("Query", "Mutation", "Subscription")

_API_KEY = "aws_api_key"


@dataclass(frozen=True)
class RootField:
    """A field that needs a resolver."""

    type_name: str
    name: str


def root_fields(sdl: str) -> list[RootField]:
    """Every root field, also the subscription's, in the order of the SDL."""
    return [
        RootField(node.name.value, field.name.value)
        for node in parse(sdl).definitions
        if isinstance(node, ObjectTypeDefinitionNode) and node.name.value in ROOTS
        for field in node.fields or ()
    ]


def without_api_key(sdl: str) -> str:
    """The SDL for an API that accepts no API key."""
    return print_ast(visit(parse(sdl), _WithoutApiKey())) + "\n"


class _WithoutApiKey(Visitor):
    @staticmethod
    def enter_directive(node: ConstDirectiveNode, *_: object) -> object:
        return REMOVE if node.name.value == _API_KEY else None
