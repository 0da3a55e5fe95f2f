"""Reads the SDL that AppSync runs into a schema that graphql-core can execute.

AppSync's SDL uses scalars and directives that it does not declare. This module declares them, gives the scalars
AppSync's coercions, and reads `@aws_subscribe` into a table. It adds no resolvers: `execution` resolves every field.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_ast_schema,
    concat_ast,
    get_directive_values,
    parse,
)

from local.appsync.authorization.grants import Grants
from local.appsync.scalars import SCALARS

_DIRECTIVES = """
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_api_key on OBJECT | FIELD_DEFINITION
"""
_PRELUDE = "".join(f"scalar {name}\n" for name in SCALARS) + _DIRECTIVES


class SchemaError(ValueError):
    """AppSync would refuse this SDL."""


@dataclass(frozen=True)
class Api:
    """An API as its SDL describes it."""

    schema: GraphQLSchema
    grants: Grants
    subscribers: Mapping[str, tuple[str, ...]]
    """By mutation: the subscription fields that deliver its result."""


def load(sdl: str) -> Api:
    """The API that the SDL describes.

    Raises:
        TypeError, GraphQLError: the SDL is not valid.
        SchemaError: `@aws_subscribe` names a mutation that does not exist, or one of another type.
    """
    schema = build_ast_schema(concat_ast([parse(_PRELUDE), parse(sdl)]))
    for name, scalar in SCALARS.items():
        type_ = schema.type_map[name]
        if isinstance(type_, GraphQLScalarType):
            type_.coerce_input_value = scalar.read
            type_.coerce_output_value = scalar.write
    return Api(schema=schema, grants=Grants.of(schema), subscribers=_subscribers(schema))


def _subscribers(schema: GraphQLSchema) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    directive = schema.get_directive("aws_subscribe")
    subscription, mutation = schema.subscription_type, schema.mutation_type
    if directive is None or subscription is None:
        return table
    for name, field in subscription.fields.items():
        values = get_directive_values(directive, field.ast_node) if field.ast_node else None
        for mutation_name in (values or {}).get("mutations", ()):
            _must_match(mutation, mutation_name, name, str(field.type))
            table[mutation_name] = (*table.get(mutation_name, ()), name)
    return table


def _must_match(mutation: GraphQLObjectType | None, mutation_name: str, name: str, type_name: str) -> None:
    published = mutation.fields.get(mutation_name) if mutation else None
    if published is None:
        raise SchemaError(f"Subscription.{name} subscribes to {mutation_name}: name a field of Mutation")
    if str(published.type) != type_name:
        raise SchemaError(
            f"Subscription.{name} is a {type_name}, but {mutation_name} answers {published.type}: give both one type"
        )
