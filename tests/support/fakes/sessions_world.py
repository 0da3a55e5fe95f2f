"""The resolvers' operations over a store, with a worker that only counts and a clock that sleeping moves."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools import Logger

from fakes.memory_workspaces import MemoryWorkspaces
from resolvers.api.caller import Caller
from resolvers.api.inputs import Submission
from resolvers.operations import SessionOperations
from resolvers.session import Session, State, Update
from resolvers.storage.store import Store
from resolvers.worker import NotStartedError, Start
from schema.assessment import Assessment
from schema.statuses import SessionStatus

ANNA = Caller("user#anna")
SUBMISSION = Submission(Assessment("Northwind", None, None, "They need a portal.", None, None), "token-1")
BEGIN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


class DiedError(Exception):
    """The resolvers' process is gone."""


class SessionsWorld:
    """Sessions over a store, with a worker that only counts, and a clock that sleeping moves."""

    def __init__(self, store: Store) -> None:
        self.now = BEGIN
        self.invocations: list[str] = []
        self.starts: list[Start] = []
        self.down = False
        self.dies = False
        self.store = store
        self.log = Logger(service="test", level="CRITICAL")
        self.workspaces = MemoryWorkspaces()
        self.reads_of_sessions: list[str] = []
        self._count_reads()
        self.sessions = SessionOperations(
            store,
            self,
            self.workspaces,
            now=lambda: self.now,
            sleep=self._sleep,
            random=lambda: 0.5,
            new_id=lambda: str(uuid.uuid4()),
            log=self.log,
        )

    def invoke_agent_async(self, start: Start) -> None:
        assert start.assessment == SUBMISSION.assessment
        if self.dies:
            raise DiedError
        if self.down:
            raise NotStartedError("down")
        self.invocations.append(start.session_id)
        self.starts.append(start)

    def submit(self) -> Session:
        return self.sessions.create_session(ANNA, SUBMISSION)

    def submit_another(self) -> str:
        """A new session of the same owner; its id."""
        return self.sessions.create_session(ANNA, replace(SUBMISSION, client_request_token=None)).state.session_id

    def stored(self, session_id: str) -> State:
        """The session's state as it is stored: no read of the API settles it."""
        found = self.store.read(session_id, self.now)
        assert found is not None
        return found.state

    def die_while_submitting(self) -> None:
        """Write a session, and be gone before the worker is invoked."""
        self.dies = True
        with pytest.raises(DiedError):
            self.submit()
        self.dies = False

    def claim(self, session_id: str) -> State:
        update = Update(session_id, str(uuid.uuid4()), 0, SessionStatus.PROCESSING, "Starting the agent", 5)
        return self.sessions.update_session_status(update)[0]

    def read(self, session_id: str) -> State:
        found = self.sessions.get_session_status(ANNA, session_id, with_assessment=False)
        assert found is not None
        return found.state

    def _count_reads(self) -> None:
        read = self.store.read

        def counted(session_id: str, *given: Any, **more: Any) -> Session | None:  # noqa: ANN401 - the store's
            self.reads_of_sessions.append(session_id)
            return read(session_id, *given, **more)

        self.store.read = counted  # type: ignore[method-assign]

    def _sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def run_to(self, session_id: str, end: SessionStatus, **published: Any) -> State:  # noqa: ANN401 - of the last update
        """Let a run take the session and publish this status as its last."""
        run_id = str(uuid.uuid4())
        claim = Update(session_id, run_id, 0, SessionStatus.PROCESSING, "Starting the agent", 5)
        claimed, _ = self.sessions.update_session_status(claim)
        last = Update(session_id, run_id, claimed.revision + 1, end, "stage", 50, **published)
        return self.sessions.update_session_status(last)[0]
