"""Reads the text of an operation: a parsed document, or why it is none, or what is wrong with it.

Validating compares every field with every other of its name, so a long document takes seconds: those are worked on
in a thread, lest one client's document hold up everybody's updates. `execution` calls it; it runs nothing.
"""

import asyncio
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, parse, validate

from local.appsync.errors import UNPARSABLE, RejectedError

_T = TypeVar("_T")

MAX_TOKENS = 15_000
"""A document's size in tokens: graphql-java's own limit. Validating a larger one could take minutes."""
LONG = 4_096
"""Characters; a document up to this length is validated within some 20 ms, whatever it says."""
_KEPT = 64
"""Documents that are kept once read: clients send the same few again and again. Long ones never are."""


async def parsed(text: str) -> DocumentNode:
    """The document; RejectedError when the text is no GraphQL, is too large or nests too deeply."""
    try:
        return await _beside(text, lambda: _parsed(text), lambda: parse(text, max_tokens=MAX_TOKENS))
    except (GraphQLSyntaxError, RecursionError) as error:
        raise RejectedError(UNPARSABLE) from error


async def problems(schema: GraphQLSchema, document: DocumentNode, text: str) -> list[GraphQLError]:
    """What the schema has against the document; empty when it is valid."""
    try:
        return await _beside(text, lambda: _problems(schema, text), lambda: validate(schema, document))
    except RecursionError as error:
        raise RejectedError(UNPARSABLE) from error


async def _beside(text: str, short: Callable[[], _T], long: Callable[[], _T]) -> _T:
    return short() if len(text) <= LONG else await asyncio.to_thread(long)


@lru_cache(_KEPT)
def _parsed(text: str) -> DocumentNode:
    return parse(text, max_tokens=MAX_TOKENS)


@lru_cache(_KEPT)
def _problems(schema: GraphQLSchema, text: str) -> list[GraphQLError]:
    return validate(schema, _parsed(text))
