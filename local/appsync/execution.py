"""Executes operations. The Lambda answers root fields, the fields below come from its answer, and grants limit both.

It does three things: it runs a query or mutation, starts a subscription, and later resolves a published result against
a subscription. `realtime.hub` decides which subscriber gets which result. Nothing here knows about transports.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    OperationType,
    execute,
    execute_sync,
    get_operation_ast,
    subscribe,
)

from local.appsync import selection
from local.appsync.authorization.callers import Caller
from local.appsync.documents import Documents
from local.appsync.errors import (
    NO_SUBSCRIPTIONS_HERE,
    ErrorEntry,
    RejectedError,
    entry,
    is_unauthorized,
    unsupported,
)
from local.appsync.lambda_resolver import ECHOED, LambdaResolver, event
from local.appsync.limits import NO_LIMITS, QueryLimits, ResolverCount
from local.appsync.requests import GraphQLRequest
from local.appsync.schema import Api
from local.appsync.wire import write_json

_Root = Callable[[GraphQLResolveInfo[Any], dict[str, object]], object]


@dataclass(frozen=True)
class _Call:
    """graphql-core's context: the caller, and the function that answers a root field."""

    caller: Caller
    root: _Root


@dataclass(frozen=True)
class Publication:
    """A mutation's result, cut to its own selection set. Subscribers see no other fields of it."""

    mutation: str
    key: str
    """The mutation's key in its own response: its alias or its name."""
    payload: object


@dataclass(frozen=True)
class Outcome:
    """The result of a query or mutation."""

    data: dict[str, Any] | None
    errors: tuple[ErrorEntry, ...] = ()
    publications: tuple[Publication, ...] = ()

    def response(self, more_errors: tuple[ErrorEntry, ...] = ()) -> dict[str, object]:
        """The response body; `more_errors` are the errors of publishing the result."""
        errors = [*self.errors, *more_errors]
        return {"data": self.data} | ({"errors": errors} if errors else {})


@dataclass(frozen=True)
class Subscription:
    """A subscription that was accepted."""

    field: str
    filters: Mapping[str, object]
    """The arguments that were given, including an explicit null."""
    request: GraphQLRequest
    document: DocumentNode

    @property
    def likeness(self) -> Hashable:
        """Equal for two subscriptions that always get the same payloads: same request, same authorization."""
        asked, caller = self.request, self.request.caller
        return self.field, asked.query, asked.operation_name, write_json(asked.variables), caller.mode, caller.groups


class RefusedError(Exception):
    """A subscription was not accepted; `errors` go into the error frame."""

    def __init__(self, *errors: ErrorEntry) -> None:
        super().__init__(errors)
        self.errors = list(errors)


class Execution:
    """Executes the operations of one API."""

    def __init__(self, api: Api, resolver: LambdaResolver, limits: QueryLimits = NO_LIMITS) -> None:
        self._api = api
        self._resolver = resolver
        self._documents = Documents(api.schema)
        self._limits = limits

    async def run(self, request: GraphQLRequest) -> Outcome:
        """Run a query or mutation.

        Raises:
            RejectedError: the text is not GraphQL, or it is a subscription.
        """
        document, invalid = await self._documents.read(request.query)
        if invalid:
            return Outcome(data=None, errors=tuple(map(entry, invalid)))
        operation = get_operation_ast(document, request.operation_name)
        if operation and operation.operation is OperationType.SUBSCRIPTION:
            raise RejectedError(NO_SUBSCRIPTIONS_HERE)
        published: list[Publication] = []
        count = ResolverCount(self._limits)

        async def root(info: GraphQLResolveInfo[Any], arguments: dict[str, object]) -> object:
            count.one_more()
            echoed = ECHOED.get(info.field_name)
            result = arguments[echoed] if echoed else await self._resolver.resolve(event(request, info, arguments))
            if info.parent_type is self._api.schema.mutation_type:
                payload = selection.cut(result, selection.below(info))
                published.append(Publication(info.field_name, str(info.path.key), payload))
            return result

        result = execute(
            self._api.schema,
            document,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
            field_resolver=self._field,
            context_value=_Call(request.caller, root),
        )
        done = result if isinstance(result, ExecutionResult) else await result
        errors = done.errors or []
        return Outcome(
            data=done.data,
            errors=tuple(map(entry, errors)),
            publications=tuple(p for p in published if _is_whole(p, done.data, errors)),
        )

    async def start(self, request: GraphQLRequest) -> Subscription:
        """Validate a subscription and call its resolver, which may refuse it.

        Raises:
            RefusedError: the subscription is invalid, or its resolver refused it.
        """
        try:
            return await self._started(request)
        except RejectedError as error:
            raise RefusedError(error.rejection.entry) from error

    async def _started(self, request: GraphQLRequest) -> Subscription:
        document, invalid = await self._documents.read(request.query)
        operation = get_operation_ast(document, request.operation_name)
        if operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            raise RefusedError(unsupported(operation.operation.value if operation else "unknown").entry)
        if invalid:
            raise RefusedError(*map(entry, invalid))
        accepted: list[Subscription] = []

        async def source(_: object, info: GraphQLResolveInfo[Any], /, **arguments: object) -> AsyncIterator[object]:
            self._api.grants.check(request.caller, info.parent_type.name, info.field_name)
            await self._resolver.resolve(event(request, info, arguments))  # it may refuse; what it returns is ignored
            accepted.append(Subscription(info.field_name, arguments, request, document))
            return _nothing()

        started = subscribe(
            self._api.schema,
            document,
            variable_values=dict(request.variables),
            operation_name=request.operation_name,
            subscribe_field_resolver=source,
        )
        result = await started if isinstance(started, Awaitable) else started
        if isinstance(result, ExecutionResult):
            raise RefusedError(*map(entry, result.errors or ()))
        return accepted[0]

    def deliver(self, subscription: Subscription, payload: object) -> ExecutionResult:
        """A published payload, cut to the subscription's own selection set and its caller's grants."""
        return execute_sync(
            self._api.schema,
            subscription.document,
            variable_values=dict(subscription.request.variables),
            operation_name=subscription.request.operation_name,
            field_resolver=self._field,
            context_value=_Call(subscription.request.caller, lambda _info, _arguments: payload),
        )

    def _field(self, source: object, info: GraphQLResolveInfo[Any], /, **arguments: object) -> object:
        call: _Call = info.context
        self._limits.check_depth(info.path)
        self._api.grants.check(call.caller, info.parent_type.name, info.field_name)
        if info.path.prev is None:
            return call.root(info, arguments)
        return source.get(info.field_name) if isinstance(source, Mapping) else None


def _is_whole(publication: Publication, data: dict[str, Any] | None, errors: list[GraphQLError]) -> bool:
    """Whether the mutation succeeded and its caller was allowed to read everything that it selected."""
    if data is None or data.get(publication.key) is None:
        return False
    return not any(is_unauthorized(error) and error.path and error.path[0] == publication.key for error in errors)


async def _nothing() -> AsyncIterator[object]:
    """An empty event stream, because graphql-core wants one for a subscription. `hub` delivers the payloads instead."""
    nothing: tuple[object, ...] = ()
    for event_ in nothing:
        yield event_
