"""A GraphQL request, as HTTP and the WebSocket both read it: the operation, and its caller.

A request's JSON is checked only here. The rest of the package works with the typed value.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from local.appsync.authorization.callers import Caller
from local.appsync.errors import UNPARSABLE, RejectedError


@dataclass(frozen=True)
class GraphQLRequest:
    """One operation that a caller asks for, over either transport."""

    query: str
    variables: Mapping[str, object]
    """As the client sent them, not yet coerced."""
    operation_name: str | None
    caller: Caller


def read_request(value: object, caller: Caller) -> GraphQLRequest:
    """The request in a JSON value.

    Raises:
        RejectedError: the value is not a request, or is a batch of requests.
    """
    if not isinstance(value, dict):
        raise RejectedError(UNPARSABLE)
    query, name = value.get("query"), value.get("operationName")
    variables = value.get("variables")
    if variables is None:
        variables = {}
    if not isinstance(query, str) or not query or not isinstance(variables, dict):
        raise RejectedError(UNPARSABLE)
    if name is not None and not isinstance(name, str):
        raise RejectedError(UNPARSABLE)
    return GraphQLRequest(query, variables, name or None, caller)
