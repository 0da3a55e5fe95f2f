"""What an operation selects below one field, as a tree. The event's `info` and the cut of a published result need it.

Fragments are expanded, and `@skip` and `@include` are applied, so the tree has exactly the fields that are executed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)


@dataclass(frozen=True)
class Selected:
    """One selected field and what is selected below it."""

    key: str
    """Its name in the response: the alias, if there is one."""
    name: str
    below: tuple["Selected", ...]


def below(info: GraphQLResolveInfo[Any]) -> tuple[Selected, ...]:
    """What the operation selects below the field that is being resolved."""
    return _Walk(info).merged(node.selection_set for node in info.field_nodes)


def paths(selected: Iterable[Selected], prefix: str = "") -> list[str]:
    """AppSync's `selectionSetList`: the path of every selected field, with slashes, parents before their children."""
    found: list[str] = []
    for field in selected:
        found += [prefix + field.key, *paths(field.below, f"{prefix}{field.key}/")]
    return found


def cut(value: object, selected: Iterable[Selected]) -> object:
    """The value with only the selected fields, by name; a missing field becomes null."""
    if isinstance(value, list):
        return [cut(item, selected) for item in value]
    by_name: dict[str, list[Selected]] = {}
    for field in selected:
        by_name.setdefault(field.name, []).extend(field.below)
    if not by_name or not isinstance(value, Mapping):
        return value
    # Needed even if it is not selected: it tells the type of a union's or an interface's value.
    typename = {"__typename": value["__typename"]} if "__typename" in value else {}
    return typename | {name: cut(value.get(name), fields) for name, fields in by_name.items() if name != "__typename"}


class _Walk:
    def __init__(self, info: GraphQLResolveInfo[Any]) -> None:
        self._fragments: Mapping[str, FragmentDefinitionNode] = info.fragments
        self._variables = info.variable_values

    def merged(self, selection_sets: Iterable[SelectionSetNode | None]) -> tuple[Selected, ...]:
        nodes: dict[str, list[FieldNode]] = {}
        opened: set[str] = set()  # expand each fragment once: two spreads in each of 30 fragments would make a billion
        for selection_set in selection_sets:
            for node in self._fields(selection_set, opened):
                nodes.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return tuple(
            Selected(key, same[0].name.value, self.merged(node.selection_set for node in same))
            for key, same in nodes.items()
        )

    def _fields(self, selection_set: SelectionSetNode | None, opened: set[str]) -> Iterable[FieldNode]:
        for node in selection_set.selections if selection_set else ():
            if not self._is_wanted(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set, opened)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in opened:
                opened.add(node.name.value)
                yield from self._fields(self._fragments[node.name.value].selection_set, opened)

    def _is_wanted(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])
