"""The protocol of a publisher, which is all that a run knows of the API, and the ways in which a publish can fail.

`worker.appsync.mutation` is the real publisher. Tests have their own.
"""

from collections.abc import Mapping
from typing import Protocol

from worker.updates import Reply, Update


class PublishConflictError(Exception):
    """The API does not let this run write: another run holds the session, it has ended, or it is gone.

    The run must stop, and there is nothing to repeat.
    """

    def __init__(self, message: str, info: Mapping[str, object]) -> None:
        super().__init__(message)
        self.info = info
        """`reason`, a `schema.refusals.ConflictReason`, and for LEASED `leaseExpiresAt`. Empty if it is gone."""


class PublishRefusedError(Exception):
    """The API refuses this update and would refuse it again. The message says why."""


class UpdateInvalidError(PublishRefusedError):
    """The API refuses the contents of this update, but may accept another update.

    You can be sure that this update was not accepted on an earlier try: the API checks the contents of every update
    before it looks whether it is a replay.
    """


class PublishFailedError(Exception):
    """The update may not have arrived. It is safe to send the very same update again."""


class Publisher(Protocol):
    """Sends updates to the API."""

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        """Publish one update, and return the session's state after it.

        After a temporary failure the publisher tries again a few times, or with `patient` until `deadline`. That is a
        time of the publisher's monotonic clock, and no try starts or lasts beyond it.

        Raises:
            PublishConflictError: this run may not write to the session any more.
            PublishRefusedError: the API refused the update.
            PublishFailedError: no try succeeded; the update may or may not have arrived.
        """
        ...
