"""The two limits that an AppSync API may set on a query: how deep it goes and how many resolvers it runs.

A query runs up to the limit: a field beyond it is null with an error, and the rest is answered. AppSync documents the
error types, but not the messages; those are our own. `execution` calls this module.
"""

from dataclasses import dataclass
from typing import Final

from graphql.pyutils import Path

from local.appsync.errors import FieldError


@dataclass(frozen=True)
class QueryLimits:
    """The limits of one API; None means no limit."""

    depth: int | None = None
    """Levels of fields, 1 to 75. The root field is the first level."""
    resolvers: int | None = None
    """Resolvers that one request may run: 1 to 10,000."""

    def check_depth(self, path: Path) -> None:
        """Raise FieldError if the field at this path is deeper than allowed."""
        if self.depth is not None and _levels(path) > self.depth:
            raise FieldError(
                f"This query goes deeper than the {self.depth} levels that the API allows.",
                error_type="QueryDepthLimitReached",
            )


NO_LIMITS: Final = QueryLimits()


class ResolverCount:
    """Counts the resolvers that one request has run."""

    def __init__(self, limits: QueryLimits) -> None:
        self._limit = limits.resolvers
        self._count = 0

    def one_more(self) -> None:
        """Count one more resolver, or raise FieldError if the request has run as many as it may."""
        self._count += 1
        if self._limit is not None and self._count > self._limit:
            raise FieldError(
                f"This request runs more than the {self._limit} resolvers that the API allows.",
                error_type="ResolverExecutionLimitReached",
            )


def _levels(path: Path) -> int:
    """How many fields deep a path is. An index in a list does not count as a level."""
    return sum(isinstance(key, str) for key in path.as_list())
