"""What the real-time core asks of its socket: the four actions, as data.

`realtime` makes them, `sockets` performs them in the order in which they come.
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
    """The GraphQL request as a JSON string: also the body that a signature covers."""
    authorization: Mapping[str, str]
    """The start's own credentials, names in lower case."""


@dataclass(frozen=True)
class Stop:
    """Forget this subscription, or give up starting it."""

    id: str


@dataclass(frozen=True)
class Close:
    """Close the connection once all frames are sent."""

    code: CloseCode


Action = Send | Start | Stop | Close
