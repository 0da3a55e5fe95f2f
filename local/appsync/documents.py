"""Reads the text of an operation: a parsed document and what is wrong with it, or why it is none.

Validating compares every field with every other of its name, and so a page of text can take a second, and a long one
ten: it is done in a thread, lest one client's document hold up everybody's updates. Clients send the same few again and
again: those are kept. `execution` calls it; it runs nothing.
"""

import asyncio

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, parse, validate

from local.appsync.errors import UNPARSABLE, RejectedError

MAX_TOKENS = 15_000
"""A document's size in tokens: graphql-java's own limit. Validating a larger one could take minutes."""
_KEPT = 16
"""How many valid documents are kept once they are read, and how long one may be in characters: its nodes and tokens
take some 400 times that in bytes.
"""
_KEPT_LENGTH = 4_096


class Documents:
    """What clients send to one API."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._valid: dict[str, DocumentNode] = {}

    async def read(self, text: str) -> tuple[DocumentNode, list[GraphQLError]]:
        """The document and what the schema has against it; nothing when it is valid.

        RejectedError when the text is no GraphQL, is too large or nests too deeply.
        """
        known = self._valid.get(text)
        if known is not None:
            return known, []
        try:
            document, problems = await asyncio.to_thread(self._read, text)
        except (GraphQLSyntaxError, RecursionError) as error:
            raise RejectedError(UNPARSABLE) from error
        if not problems and len(text) <= _KEPT_LENGTH:
            if len(self._valid) >= _KEPT:
                del self._valid[next(iter(self._valid))]  # the one that has been here longest
            self._valid[text] = document
        return document, problems

    def _read(self, text: str) -> tuple[DocumentNode, list[GraphQLError]]:
        document = parse(text, max_tokens=MAX_TOKENS)
        return document, validate(self._schema, document)
