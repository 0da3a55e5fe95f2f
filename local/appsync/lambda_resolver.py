"""What stands between a root field and its Lambda: the event in AppSync's form, and `resolver.js` in Python.

Every root field shares one unit resolver. Its request sends the context as the Lambda's event; its response turns
a failed invocation, or a result that holds `error`, into `util.error`. Here are both halves and the time limit.
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
    """What came of an invocation."""

    payload: object
    error: LambdaError | None = None


UNEXPLAINED = "Internal error: try again."

Invoke = Callable[[dict[str, object]], Awaitable[LambdaAnswer]]
"""Invokes the resolvers' Lambda with an AppSync event and waits for its answer."""


def event(request: GraphQLRequest, info: GraphQLResolveInfo[Any], arguments: Mapping[str, object]) -> dict[str, object]:
    """The Lambda's event: what `resolver.js` passes on of AppSync's context."""
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
    """Seconds; AppSync gives a request 30."""

    async def resolve(self, event: dict[str, object]) -> object:
        """The field's result; FieldError when the invocation failed or the Lambda answered with an error."""
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
    """`resolver.js`'s response: the result, or the error it stands for."""
    if answer.error is not None:
        _log.error("The resolvers' Lambda failed: %s: %s", answer.error.type, answer.error.message)
        # The Lambda's own words may be told; the runtime's could carry details.
        own = answer.error.message.startswith("Internal error")
        raise FieldError(answer.error.message if own else UNEXPLAINED, error_type="Internal")
    error = answer.payload.get("error") if isinstance(answer.payload, Mapping) else None
    if isinstance(error, Mapping):
        raise FieldError(str(error.get("message")), error_type=str(error.get("type")), info=error.get("info"))
    return answer.payload
