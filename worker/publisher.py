"""A publisher as a run knows it, and how a publish can fail: the narrow doorway between a run and the API.

`worker.appsync.mutation` is the real one; a test has its own.
"""

from collections.abc import Mapping
from typing import Protocol

from worker.updates import Reply, Update


class PublishConflictError(Exception):
    """The API does not let this run write: another run has the session, or it has ended. The run must stop."""

    def __init__(self, message: str, info: Mapping[str, object]) -> None:
        super().__init__(message)
        self.info = info
        """`reason`, a `schema.refusals.ConflictReason`, and for LEASED `leaseExpiresAt`."""


class PublishRefusedError(Exception):
    """The API will not take this update, however often it is sent. The message says why."""


class UpdateInvalidError(PublishRefusedError):
    """The API will not take what this update holds; another one it may. It was never accepted before, for the API
    checks an update before it knows a replay.
    """


class PublishFailedError(Exception):
    """The update may not have arrived; the very same one may be sent again."""


class Publisher(Protocol):
    """Sends updates to the API."""

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        """Publish one update and tell where the session stands now.

        A passing failure is tried again a few times, or with `patient` until `deadline`, a time of the clock that
        the publisher was given; no try starts or lasts beyond it.

        Raises:
            PublishConflictError, PublishRefusedError, PublishFailedError
        """
        ...
