"""Turns AppSync's `identity` into a `Caller`, which says what the caller may see.

A session belongs to the caller that submitted it. All callers with the API key count as one caller. IAM callers (the
worker, operators) may read every session and own none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resolvers.errors import UnauthorizedError

API_KEY_OWNER = "api-key"


@dataclass(frozen=True)
class Caller:
    """Who sent a request. `owner` is the value stored with the caller's sessions; None for an IAM caller."""

    owner: str | None

    @property
    def is_operator(self) -> bool:
        return self.owner is None

    def may_see(self, owner: str) -> bool:
        return self.is_operator or self.owner == owner

    def required_owner(self) -> str:
        """The owner stored with this caller's sessions.

        Raises:
            UnauthorizedError: an IAM caller has no sessions of its own.
        """
        if self.owner is None:
            raise UnauthorizedError("IAM callers own no sessions: call with a user pool token or the API key.")
        return self.owner


def caller(identity: Mapping[str, Any] | None) -> Caller:
    """The caller of an AppSync event.

    `identity` is null for the API key, has `userArn` for IAM and `sub` for a user pool's user.

    Raises:
        UnauthorizedError: the identity belongs to none of the API's authorization modes.
    """
    if identity is None:
        return Caller(API_KEY_OWNER)
    if identity.get("userArn"):
        return Caller(None)
    if identity.get("sub"):
        return Caller(f"user#{identity['sub']}")
    raise UnauthorizedError("This API accepts user pool tokens, the API key and IAM signatures.")
