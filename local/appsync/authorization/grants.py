"""Which authorization modes may use which field, according to the SDL's directives.

A field's own directives replace those of its type. A type without directives allows only the API's default mode, user
pools. Every field of every type is checked, not only root fields: if an object's type does not list the caller's mode,
the caller gets nulls and errors for its fields.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graphql import (
    ConstDirectiveNode,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    StringValueNode,
)

from local.appsync.authorization.callers import AuthMode, Caller
from local.appsync.errors import not_authorized

Rule = Mapping[AuthMode, frozenset[str] | None]
"""The allowed modes, each with the user pool groups that it is limited to (None: all)."""

DEFAULT_RULE: Rule = MappingProxyType({AuthMode.USER_POOLS: None})


class Grants:
    """The rule for every field of every object type."""

    def __init__(self, rules: Mapping[tuple[str, str], Rule]) -> None:
        self._rules = rules

    @classmethod
    def of(cls, schema: GraphQLSchema) -> "Grants":
        """Reads the directives of a schema that was built from SDL."""
        rules: dict[tuple[str, str], Rule] = {}
        for type_ in schema.type_map.values():
            if not isinstance(type_, GraphQLObjectType) or type_.ast_node is None:
                continue  # introspection types have no directives, and every caller may read them
            of_type = _rule(type_.ast_node.directives) or DEFAULT_RULE
            for name, field in type_.fields.items():
                own = _rule(field.ast_node.directives) if field.ast_node else None
                rules[type_.name, name] = own or of_type
        return cls(rules)

    def check(self, caller: Caller, type_name: str, field_name: str) -> None:
        """Raise FieldError (Unauthorized) if the caller may not use the field."""
        rule = self._rules.get((type_name, field_name), DEFAULT_RULE)
        if caller.mode in rule:
            groups = rule[caller.mode]
            if groups is None or groups & caller.groups:
                return
        raise not_authorized(type_name, field_name)


def _rule(directives: Iterable[ConstDirectiveNode] | None) -> Rule | None:
    modes = {mode.value: mode for mode in AuthMode}
    rule = {
        modes[directive.name.value]: _groups(directive)
        for directive in directives or ()
        if directive.name.value in modes
    }
    return rule or None


def _groups(directive: ConstDirectiveNode) -> frozenset[str] | None:
    for argument in directive.arguments or ():
        if argument.name.value == "cognito_groups" and isinstance(argument.value, ListValueNode):
            return frozenset(value.value for value in argument.value.values if isinstance(value, StringValueNode))
    return None
