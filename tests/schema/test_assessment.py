"""The fields of an assessment: the API's types have the same ones, as the schema's one list says."""

import pytest
from graphql import InputObjectTypeDefinitionNode, ObjectTypeDefinitionNode, parse, print_ast

from schema import sdl
from schema.assessment import FIELDS, WholeNumber

TYPES = {
    node.name.value: {field.name.value: print_ast(field.type) for field in node.fields or ()}
    for node in parse(sdl.SDL.read_text(encoding="utf-8")).definitions
    if isinstance(node, (ObjectTypeDefinitionNode, InputObjectTypeDefinitionNode))
}


@pytest.mark.parametrize(
    ("type_name", "besides"),
    [("Assessment", {}), ("AssessmentInput", {"clientRequestToken": "ID"})],
)
def test_the_apis_types_have_the_fields_of_an_assessment(type_name: str, besides: dict[str, str]) -> None:
    wanted = {
        field.api_name: ("Int" if isinstance(field.holds, WholeNumber) else "String") + ("!" if field.required else "")
        for field in FIELDS
    }
    assert TYPES[type_name] == wanted | besides


def test_a_range_has_both_of_its_ends() -> None:
    assert list(WholeNumber(2, 4).allowed) == [2, 3, 4]
