"""The fields of an assessment: the API's types have the same ones, as the schema's one list says."""

import pytest
from graphql import InputObjectTypeDefinitionNode, ObjectTypeDefinitionNode, parse, print_ast

from schema import sdl
from schema.assessment import FIELDS, CurrencyCode, Day, Flag, Text, WholeNumber

TYPES = {
    node.name.value: {field.name.value: print_ast(field.type) for field in node.fields or ()}
    for node in parse(sdl.SDL.read_text(encoding="utf-8")).definitions
    if isinstance(node, (ObjectTypeDefinitionNode, InputObjectTypeDefinitionNode))
}

GRAPHQL = {Text: "String", WholeNumber: "Int", Day: "AWSDate", CurrencyCode: "String", Flag: "Boolean"}


@pytest.mark.parametrize(
    ("type_name", "besides"),
    [("Assessment", {"review": "Boolean!"}), ("AssessmentInput", {"clientRequestToken": "ID"})],
)
def test_the_apis_types_have_the_fields_of_an_assessment(type_name: str, besides: dict[str, str]) -> None:
    """A flag that a submit leaves out is false when it is read."""
    wanted = {field.api_name: GRAPHQL[type(field.holds)] + ("!" if field.required else "") for field in FIELDS}
    assert TYPES[type_name] == wanted | besides


def test_a_range_has_both_of_its_ends() -> None:
    assert list(WholeNumber(2, 4).allowed) == [2, 3, 4]
