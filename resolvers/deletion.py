"""Deletes sessions: the state is marked, then files and records are deleted, and the state goes last.

From the mark on every read treats the session as gone. Whoever stops on the way is replaced by the next call of
deleteSession, and by a submit that uses the session's token again. `resolvers.operations` calls this module.

A run that has lost its session may still be writing a file when the others are deleted. The bucket's lifecycle deletes
such a file when the session would have expired.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from resolvers import lifecycle
from resolvers.api.caller import Caller
from resolvers.api.inputs import is_session_id
from resolvers.errors import InternalError, NotFoundError
from resolvers.sessions import RACES_BEFORE_GIVING_UP, TOO_MANY_RACES, Sessions
from resolvers.storage.store import LostRaceError, Store
from resolvers.workspaces import Workspaces

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


class Deletion:
    """Deletes the sessions of one store with their files."""

    def __init__(
        self, sessions: Sessions, store: Store, workspaces: Workspaces, now: Callable[[], datetime], log: "Logger"
    ) -> None:
        self._sessions = sessions
        self._store = store
        self._workspaces = workspaces
        self._now = now
        self._log = log

    def delete(self, caller: Caller, session_id: str) -> None:
        """Delete a session, or go on where an earlier call stopped.

        Raises:
            NotFoundError: the caller has no such session.
            ConflictError: a run is at work on it or about to start.
        """
        if not self._marked(caller, session_id) and not self._marked_before(caller, session_id):
            raise NotFoundError(session_id)
        self._finish(session_id)

    def finish(self, session_id: str) -> None:
        """Go on with the deletion of a session if one has begun."""
        if self._store.deleting(session_id, self._now()) is not None:
            self._finish(session_id)

    def _marked(self, caller: Caller, session_id: str) -> bool:
        session = self._sessions.visible(caller, session_id)
        if session is None:
            return False
        with suppress(NotFoundError):  # another request has marked it meanwhile
            self._sessions.change(session, lambda state: lifecycle.delete(state, self._now()))
            self._log.info("[SESSION] deleting", extra={"session_id": session_id})
            return True
        return False

    def _marked_before(self, caller: Caller, session_id: str) -> bool:
        state = self._store.deleting(session_id, self._now()) if is_session_id(session_id) else None
        return state is not None and caller.may_see(state.owner)

    def _finish(self, session_id: str) -> None:
        self._workspaces.delete(session_id)
        for attempt in range(RACES_BEFORE_GIVING_UP):
            try:
                self._store.remove(session_id)
            except LostRaceError:
                self._sessions.pause(attempt)
                if self._store.deleting(session_id, self._now()) is None:  # another request has come to the end
                    return
                continue
            self._log.info("[SESSION] deleted", extra={"session_id": session_id})
            return
        raise InternalError(TOO_MANY_RACES)
