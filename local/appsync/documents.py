"""Parses and validates the text of an operation. `execution` calls it; it executes nothing.

Validation compares every field with every other field of the same name, so one page of text can take a second, and a
long document ten. It runs in a thread, so that one client's document does not delay the updates of all others. Clients
send the same few documents again and again, so valid ones are cached.
"""

import asyncio

from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, parse, validate

from local.appsync.errors import UNPARSABLE, RejectedError

MAX_TOKENS = 15_000
"""The largest document, in tokens. It is graphql-java's limit; validating a larger document could take minutes."""
_KEPT = 16
"""How many valid documents are cached."""
_KEPT_LENGTH = 4_096
"""The longest document that is cached, in characters. Its nodes and tokens take about 400 bytes a character."""


class Documents:
    """The documents that clients send to one API."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._valid: dict[str, DocumentNode] = {}

    async def read(self, text: str) -> tuple[DocumentNode, list[GraphQLError]]:
        """The document and its validation errors, none if it is valid.

        Raises:
            RejectedError: the text is not GraphQL, is too large, or nests too deeply.
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
                del self._valid[next(iter(self._valid))]  # the oldest
            self._valid[text] = document
        return document, problems

    def _read(self, text: str) -> tuple[DocumentNode, list[GraphQLError]]:
        document = parse(text, max_tokens=MAX_TOKENS)
        return document, validate(self._schema, document)
