"""Delivers a mutation's result to the subscriptions that `@aws_subscribe` connects to it.

A subscriber gets the payload if each of its arguments equals the payload's field of that name. The payload is resolved
against the subscriber's own selection set, once for all subscriptions with the same request. The hub never waits: a
receiver takes an update at once or disconnects itself, so a slow socket can't delay the publisher. It keeps no history:
a client that was not subscribed has missed the update.
"""

import itertools
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

from graphql import GraphQLError, GraphQLLeafType, get_named_type, get_nullable_type, is_leaf_type

from local.appsync import wire
from local.appsync.errors import ErrorEntry, entry, is_unauthorized
from local.appsync.execution import Execution, Outcome, Publication, Subscription
from local.appsync.schema import Api

Receive = Callable[[dict[str, object]], None]
"""Takes a data frame's payload. Must return at once and raise nothing."""

PAYLOAD_LIMIT = 245_760
"""In bytes. AppSync drops a larger payload without an error."""


@dataclass(frozen=True)
class _Audience:
    """Subscribers that always get the same payload."""

    subscription: Subscription
    """The subscription of one of them."""
    receivers: dict[int, Receive] = field(default_factory=dict)


class Hub:
    """The subscriptions of one API."""

    def __init__(self, api: Api, execution: Execution, payload_limit: int = PAYLOAD_LIMIT) -> None:
        self._api = api
        self._execution = execution
        self._payload_limit = payload_limit
        self._numbers = itertools.count()
        self._audiences: dict[str, dict[Hashable, _Audience]] = {}

    def subscribe(self, subscription: Subscription, receive: Receive) -> Callable[[], None]:
        """Deliver to `receive` from now on. Call the returned function to stop."""
        number, likeness = next(self._numbers), subscription.likeness
        audiences = self._audiences.setdefault(subscription.field, {})
        audience = audiences.setdefault(likeness, _Audience(subscription))
        audience.receivers[number] = receive

        def unsubscribe() -> None:
            audience.receivers.pop(number, None)
            if not audience.receivers and audiences.get(likeness) is audience:
                del audiences[likeness]

        return unsubscribe

    def publish(self, outcome: Outcome) -> tuple[ErrorEntry, ...]:
        """Deliver what an operation published; returns errors for the publisher's own response."""
        errors: list[ErrorEntry] = []
        for publication in outcome.publications:
            if outcome.data is None or wire.size(outcome.data[publication.key]) > self._payload_limit:
                continue
            for name in self._api.subscribers.get(publication.mutation, ()):
                errors += self._fan_out(name, publication)
        return tuple(error for number, error in enumerate(errors) if error not in errors[:number])

    def _fan_out(self, name: str, publication: Publication) -> list[ErrorEntry]:
        errors: list[ErrorEntry] = []
        for audience in tuple(self._audiences.get(name, {}).values()):
            if not self._matches(audience.subscription, publication.payload):
                continue
            result = self._execution.deliver(audience.subscription, publication.payload)
            forbidden = [entry(error) for error in result.errors or () if is_unauthorized(error)]
            if forbidden:  # a type does not allow the subscriber's mode: AppSync reports it only to the publisher
                errors += forbidden
                continue
            if wire.exceeds(result.data, self._payload_limit):  # its aliases made a small update large
                continue
            failed = [entry(error) for error in result.errors or ()]
            payload = wire.Written({"data": result.data} | ({"errors": failed} if failed else {}))
            for receive in tuple(audience.receivers.values()):
                receive(payload)
        return errors

    def _matches(self, subscription: Subscription, payload: object) -> bool:
        values = payload if isinstance(payload, Mapping) else {}
        return all(
            self._as_argument(subscription.field, name, values.get(name)) == wanted
            for name, wanted in subscription.filters.items()
        )

    def _as_argument(self, subscription_field: str, name: str, value: object) -> object:
        """A payload's value in the form of an argument, so that the ID 5 equals the argument "5"."""
        subscriptions = self._api.schema.subscription_type
        payload_type = get_named_type(subscriptions.fields[subscription_field].type) if subscriptions else None
        field = getattr(payload_type, "fields", {}).get(name)
        type_ = get_nullable_type(field.type) if field else None
        if value is None or not is_leaf_type(type_):
            return value
        leaf: GraphQLLeafType = type_
        try:
            return leaf.coerce_output_value(value)
        except GraphQLError:  # not a value of its type, so it equals no argument
            return value
