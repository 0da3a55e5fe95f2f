"""The unit resolver that all root fields share: `resolver.js` in Python.

Its request sends AppSync's context to the Lambda as the event. Its response turns a failed invocation, or a result with
`error`, into what `util.error` makes of it. The time limit of a resolver is enforced here too.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from local.appsync import selection
from local.appsync.errors import FieldError
from local.appsync.requests import GraphQLRequest

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LambdaError:
    """A FunctionError: the handler raised, timed out or could not be loaded."""

    type: str
    message: str


@dataclass(frozen=True)
class LambdaAnswer:
    """The answer of an invocation."""

    payload: object
    error: LambdaError | None = None


UNEXPLAINED = "Internal error: try again."

ECHOED: Mapping[str, str] = {"announceProgress": "progress"}
"""The root fields that AppSync answers without the Lambda, and the argument that each answers: `announce.js`."""

Invoke = Callable[[dict[str, object]], Awaitable[LambdaAnswer]]
"""Invokes the resolvers' Lambda with an AppSync event and waits for its answer."""


def event(request: GraphQLRequest, info: GraphQLResolveInfo[Any], arguments: Mapping[str, object]) -> dict[str, object]:
    """The Lambda's event: the parts of AppSync's context that `resolver.js` passes on."""
    return {
        "arguments": dict(arguments),
        "identity": request.caller.identity,
        "info": {
            "fieldName": info.field_name,
            "parentTypeName": info.parent_type.name,
            "selectionSetList": selection.paths(selection.below(info)),
        },
    }


@dataclass(frozen=True)
class LambdaResolver:
    """The unit resolver of every root field."""

    invoke: Invoke
    time_limit: float
    """In seconds. AppSync allows 30 for a request."""

    async def resolve(self, event: dict[str, object]) -> object:
        """The field's result.

        Raises:
            FieldError: the invocation failed, or the Lambda answered with an error.
        """
        try:
            async with asyncio.timeout(self.time_limit):
                answer = await self.invoke(event)
        except TimeoutError as error:
            raise FieldError("Execution timed out.", error_type="ExecutionTimeout") from error
        except Exception as error:
            _log.exception("The resolvers' Lambda could not be invoked")
            raise FieldError(UNEXPLAINED, error_type="Internal") from error
        return respond(answer)


def respond(answer: LambdaAnswer) -> object:
    """The response half of `resolver.js`: returns the result or raises its error."""
    if answer.error is not None:
        _log.error("The resolvers' Lambda failed: %s: %s", answer.error.type, answer.error.message)
        # The Lambda's own message is meant for clients. One from the runtime could reveal details.
        own = answer.error.message.startswith("Internal error")
        raise FieldError(answer.error.message if own else UNEXPLAINED, error_type="Internal")
    error = answer.payload.get("error") if isinstance(answer.payload, Mapping) else None
    if isinstance(error, Mapping):
        raise FieldError(str(error.get("message")), error_type=str(error.get("type")), info=error.get("info"))
    return answer.payload
