"""AppSync's built-in scalars: what each accepts from a client and what it writes into a response.

AppSync knows them without a declaration. graphql-core does not, so `schema` declares the ones listed here. An SDL that
uses another one fails to load, and the error names it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from graphql import GraphQLError

from local.appsync.wire import NotJsonError, read_json, write_json

_DATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2}(?::\d{2})?)?", re.ASCII)
_DATE_TIME = re.compile(
    r"(?P<minute>\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?P<second>:\d{2})?(?:\.\d{1,9})?(?P<offset>Z|[+-]\d{2}:\d{2}(?::\d{2})?)",
    re.ASCII,
)


@dataclass(frozen=True)
class Scalar:
    """How one scalar is read and written. Both functions raise GraphQLError for a value that does not fit."""

    read: Callable[[object], object]
    """From a client's value to the resolver's."""
    write: Callable[[object], object]
    """From a resolver's value to the client's."""


def date_time(value: object) -> object:
    """AWSDateTime: an ISO 8601 date and time with an offset. The string is kept unchanged."""
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    try:
        if match:
            datetime.fromisoformat(match["minute"] + (match["second"] or "") + match["offset"])
            return value
    except ValueError:  # a date that does not exist, such as 30 February
        pass
    raise GraphQLError(f"Unable to serialize or parse {value!r} as an AWSDateTime: expected 2026-11-22T10:30:00.000Z.")


def calendar_date(value: object) -> object:
    """AWSDate: an ISO 8601 date, with or without an offset. The string is kept unchanged."""
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        if match:
            date.fromisoformat(match["day"])
            return value
    except ValueError:  # a date that does not exist
        pass
    raise GraphQLError(f"Unable to serialize or parse {value!r} as an AWSDate: expected 2026-11-22.")


def parsed_json(value: object) -> object:
    """AWSJSON from a client: a string of JSON. The resolver gets the parsed value."""
    if not isinstance(value, str):
        raise GraphQLError(f"Unable to parse {value!r} as AWSJSON: expected a string that holds JSON.")
    try:
        return read_json(value)
    except NotJsonError as error:
        raise GraphQLError(f"Unable to parse {value!r} as AWSJSON: {error}.") from error


def written_json(value: object) -> object:
    """AWSJSON from a resolver: the value as JSON text. If a resolver returns JSON text, it is encoded twice."""
    try:
        return write_json(value)
    except ValueError as error:
        raise GraphQLError(f"Unable to write AWSJSON: {error}.") from error


def url(value: object) -> object:
    """AWSURL: a scheme, and a host or path. AppSync refuses a path with a double slash."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:  # a bracket that never closes
        parts = None
    if parts and parts.scheme and (parts.netloc or parts.path) and "//" not in parts.path:
        return value
    raise GraphQLError(f"Unable to serialize or parse {value!r} as an AWSURL: expected https://host/path.")


SCALARS: Mapping[str, Scalar] = {
    "AWSDate": Scalar(read=calendar_date, write=calendar_date),
    "AWSDateTime": Scalar(read=date_time, write=date_time),
    "AWSJSON": Scalar(read=parsed_json, write=written_json),
    "AWSURL": Scalar(read=url, write=url),
}
