"""A GraphQL request as both doors read it: the JSON that came, and who sent it.

The one place where a request's JSON is checked; inside, a request is a typed value.
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
    """As they were sent, not yet coerced."""
    operation_name: str | None
    caller: Caller


def read_request(value: object, caller: Caller) -> GraphQLRequest:
    """The request that a JSON value holds; RejectedError when it holds none, or a batch of them."""
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
