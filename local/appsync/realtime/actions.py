"""The four actions that the protocol's core asks of its socket, as data.

`protocol` returns them, and `sockets` performs them in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from local.appsync.realtime.frames import Frame


class CloseCode(Enum):
    """RFC 6455's close codes; which ones AppSync uses is not documented."""

    NORMAL = 1000
    POLICY_VIOLATION = 1008


@dataclass(frozen=True)
class Send:
    """Send this frame."""

    frame: Frame


@dataclass(frozen=True)
class Start:
    """Authorize and start this subscription, then report `started` or `refused`."""

    id: str
    data: str
    """The GraphQL request as a JSON string. It is also the body that a signature covers."""
    authorization: Mapping[str, str]
    """The credentials of the start message, names in lower case."""


@dataclass(frozen=True)
class Stop:
    """End this subscription, or stop starting it."""

    id: str


@dataclass(frozen=True)
class Close:
    """Close the connection once all frames are sent."""

    code: CloseCode


Action = Send | Start | Stop | Close
