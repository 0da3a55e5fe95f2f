"""Random lives of sessions against a model: several runs, users and clocks, in any order and in each other's way.

It holds these promises: one submit makes one session; at most one run holds it; sequences have no gap; every
accepted update raises the revision by one; status and progress never go back but by a retry or a review; an ended
session stays as it is until then; a replay answers as the first did; a refusal changes nothing; a worker is started
once, also by repeated submits and after the first one died, and always with the newest review; a deleted session is as
if it had never been, also for whoever deletes it after a crash; an owner has no more active sessions, and submits no
more often in a day, than the limits allow; all owners together have no more active sessions than they may; and the
records of all this are right after everything.

The model knows nothing of the life cycle's table or of DynamoDB: it is the API's rules in a few plain lines, and
after every step the stored session must be what it says. One machine drives the store in memory, the others
DynamoDB: moto's, or the endpoint that SCOPESMITH_TEST_DYNAMODB_URL names (with the environment's credentials).
"""

import os
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_lambda_powertools import Logger
from fakes.memory_store import MemoryStore
from fakes.memory_workspaces import MemoryWorkspaces
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import local.aws.server
from resolvers.activity import ALL_OWNERS, Activity, Limits, OwnerLimits
from resolvers.api.caller import Caller
from resolvers.api.inputs import Submission
from resolvers.errors import ConflictError, InternalError, InvalidInputError, LimitExceededError, NotFoundError
from resolvers.operations import SessionOperations
from resolvers.session import AgentEvent, State, Update
from resolvers.sessions import Rules
from resolvers.storage import owner_record
from resolvers.storage.dynamodb import DynamoDBStore
from resolvers.worker import NotStartedError, Start
from schema.assessment import Assessment
from schema.requirements import RequirementKind
from schema.review import Review, ReviewedRequirement
from schema.statuses import AgentEventType, SessionStatus

if TYPE_CHECKING:
    from resolvers.storage.store import Store

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
BEGIN = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
LEASE = timedelta(seconds=60)
ABANDONED = timedelta(minutes=15)
UNSTARTED = timedelta(minutes=75)
STARTING = timedelta(seconds=30)
CHECK_AGAIN = timedelta(minutes=1)
KEEP = timedelta(days=30)
ALL_LIVE = timedelta(days=20)
"""How long days may pass before all sessions expire at once; the other steps take a few days more."""
ACTIVE_SESSIONS, SUBMITS_PER_DAY = 3, 7
USER = Caller("user#anna")
TIMESTAMP = "2026-11-22T10:30:00.000Z"

RUNNING = [status for status in SessionStatus if not status.resting and status is not SessionStatus.PENDING]
ENDS = [status for status in SessionStatus if status.resting]


Outcome = str
"""How an operation ended: "accepted", "died", a refusal's reason or type."""


@dataclass
class Model:
    """What a session should be."""

    brief: str
    status: SessionStatus = SessionStatus.PENDING
    progress: int = 0
    revision: int = 0
    restarts: int = 0
    """Retries and reviews: they alone set it back."""
    holder: str | None = None
    lease_ends: datetime = BEGIN
    starting_until: datetime | None = None
    """Until when a request may be starting the worker; None once it has."""
    invoked: int = 0
    """How many events Lambda has taken for this session."""
    updated_at: datetime = BEGIN
    cancel_requested: bool = False
    proposal_version: int = 0
    review: Review | None = None
    started_with: Review | None = None
    """The review in the newest event that Lambda has taken."""
    last_update: Update | None = None
    log: list[str] = field(default_factory=list)

    @property
    def nobody_since(self) -> datetime:
        """From when on nobody is expected to work on it any more."""
        if self.holder is not None:
            return self.lease_ends + ABANDONED
        return self.starting_until or self.updated_at + UNSTARTED

    def end(self, status: SessionStatus) -> None:
        self.status, self.holder, self.starting_until = status, None, None
        self.revision += 1

    def settle(self, now: datetime) -> None:
        """Whatever a user asks of a session that everybody has left ends it first."""
        if not self.status.resting and now >= self.nobody_since:
            self.end(SessionStatus.ERROR)

    def start_over(self, progress: int = 0) -> None:
        self.status, self.progress, self.holder, self.cancel_requested = SessionStatus.PENDING, progress, None, False
        self.revision += 1
        self.restarts += 1

    def start(self, now: datetime, worker: "FakeWorker") -> Outcome:
        """Somebody starts its worker now, and may fail or die."""
        self.updated_at, self.starting_until = now, now + STARTING
        if worker.dies:
            return "died"
        if worker.down:
            self.end(SessionStatus.ERROR)
            return "Internal"
        self.starting_until = None
        self.invoked += 1
        self.started_with = self.review
        return "accepted"


@dataclass
class Places:
    """A record of active sessions, and how many may be in it."""

    most: int
    checked_at: datetime = NEVER
    vanished: int = 0
    """Active sessions that DynamoDB has deleted, and that nobody has missed yet."""

    def check(self, models: Collection[Model], now: datetime) -> None:
        """Whoever finds it full looks which of its sessions are over, once in a while."""
        if self.needs_check(models, now):
            self.checked_at, self.vanished = now, 0
            for model in models:
                model.settle(now)

    def needs_check(self, models: Collection[Model], now: datetime) -> bool:
        return self.is_full(models) and now >= self.checked_at + CHECK_AGAIN

    def is_full(self, models: Collection[Model]) -> bool:
        return self.vanished + sum(not model.status.resting for model in models) >= self.most


@dataclass
class Owner:
    """What its owner may still do."""

    everybodys: Places | None
    """The record of all owners; None where their number of runs is not limited. This owner is the only one."""
    own: Places = field(default_factory=lambda: Places(ACTIVE_SESSIONS))
    day: date | None = None
    submits: int = 0

    @property
    def records(self) -> list[Places]:
        return [self.own] if self.everybodys is None else [self.own, self.everybodys]

    def admit(self, models: Collection[Model], now: datetime) -> Outcome | None:
        """Count one more start; a refusal says which limit forbids it."""
        if refused := self.refusal(models, now):
            return refused
        submits = self.submits if self.day == now.date() else 0
        self.day, self.submits = now.date(), submits + 1
        return None

    def refusal(self, models: Collection[Model], now: datetime) -> Outcome | None:
        """Which limit forbids one more start."""
        self.own.check(models, now)
        submits = self.submits if self.day == now.date() else 0
        if submits >= SUBMITS_PER_DAY:
            return "SUBMITS_PER_DAY"
        if self.own.is_full(models):
            return "ACTIVE_SESSIONS"
        if self.everybodys is not None:
            self.everybodys.check(models, now)
            if self.everybodys.is_full(models):
                return "RUNS_AT_ONCE"
        return None


@dataclass
class Run:
    """A worker's run: what it believes, and what it last sent."""

    name: str
    revision: int = 0
    sequence: int = 0
    sent: Update | None = None


@dataclass
class Operation:
    """Something that is asked of the API, and what the model says that it does."""

    real: Callable[[], Outcome]
    expected: Callable[[], Outcome]


class Interrupted:
    """A store in which another operation comes between the next operation's read and its write."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.interruption: Callable[[], None] | None = None
        self.writes_before = 0
        """How many writes of the next operation succeed before the interruption."""
        self.created: list[str] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        return getattr(self._store, name)

    def create(self, state: State, *more: Any) -> None:  # noqa: ANN401 - likewise
        self._interrupt()
        self._store.create(state, *more)
        self.writes_before -= 1
        self.created.append(state.session_id)

    def write(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401 - likewise
        self._interrupt()
        self._store.write(*arguments, **more)
        self.writes_before -= 1

    def _interrupt(self) -> None:
        if self.writes_before > 0:
            return
        interruption, self.interruption = self.interruption, None
        if interruption is not None:
            interruption()


class DiedError(Exception):
    """The resolvers' process is gone."""


class FakeWorker:
    def __init__(self) -> None:
        self.down = False
        self.dies = False
        """Whether whoever invokes it dies on the way."""
        self.started: list[str] = []
        self.reviews: dict[str, Review | None] = {}
        """By session: the review in the newest event."""

    def invoke_agent_async(self, start: Start) -> None:
        if self.dies:
            raise DiedError
        if self.down:
            raise NotStartedError("down")
        self.started.append(start.session_id)
        self.reviews[start.session_id] = start.review


class FakeWorkspaces(MemoryWorkspaces):
    """Whoever deletes files dies with the worker's caller: the session is marked, and nothing of it is gone."""

    def __init__(self, worker: FakeWorker) -> None:
        super().__init__()
        self._worker = worker

    def delete(self, session_id: str) -> None:
        if self._worker.dies:
            raise DiedError
        super().delete(session_id)


class SessionLives(RuleBasedStateMachine):
    """Everything that may be asked, in any order; two operations may race."""

    runs_at_once: int | None = None

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.all_live_until = BEGIN + ALL_LIVE
        self.worker = FakeWorker()
        self.store = Interrupted(self.new_store())
        self.owner = Caller(f"user#{uuid.uuid4()}")
        self.sessions = SessionOperations(
            self.store,
            self.worker,
            FakeWorkspaces(self.worker),
            now=lambda: self.now,
            sleep=lambda _: None,
            random=lambda: 0.5,
            new_id=lambda: str(uuid.uuid4()),
            log=Logger(service="test", level="CRITICAL"),
            rules=Rules(
                limits=Limits(user=OwnerLimits(ACTIVE_SESSIONS, SUBMITS_PER_DAY), runs_at_once=self.runs_at_once)
            ),
        )
        self.model = Owner(None if self.runs_at_once is None else Places(self.runs_at_once))
        self.models: dict[str, Model] = {}
        self.tokens: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        """By token: the id of its session, also when that is deleted."""
        self.marked: set[str] = set()
        """The sessions whose deletion stopped halfway."""
        self.runs: dict[tuple[str, str], Run] = {}
        self.seen: dict[str, tuple[int, int, int, int]] = {}

    def new_store(self) -> "Store":
        return MemoryStore()

    # --- what may be asked

    def submit(self, token: str | None, brief: str) -> Operation:
        new: list[str] = []

        def real() -> Outcome:
            assessment = Assessment("Northwind", None, None, brief, None, None)
            before = len(self.store.created)
            try:
                return self._ask(lambda: self.sessions.create_session(self.owner, Submission(assessment, token)))
            finally:
                if len(self.store.created) > before:  # an operation in between has taken its own away
                    new.append(self.store.created.pop())

        return Operation(real, lambda: self._submitted(token, brief, new))

    def claim(self, session_id: str, run: Run, review_id: int | None) -> Operation:
        def expected() -> Outcome:
            model = self.models.get(session_id)
            if model is None:
                return "NotFound"
            if model.status.resting:
                return "ENDED"
            newest = model.review.id if model.review else 0
            if model.holder != run.name and review_id not in {None, newest}:
                return "SUPERSEDED"
            if model.holder not in (None, run.name) and self.now < model.lease_ends:
                return "LEASED"
            if model.holder != run.name:
                model.holder, model.starting_until = run.name, None
                model.revision += 1
                model.status = max(model.status, SessionStatus.PROCESSING, key=lambda status: status.rank)
                model.progress = max(model.progress, 5)
            model.lease_ends = self.now + LEASE
            return "accepted"

        update = Update(session_id, run.name, 0, SessionStatus.PROCESSING, "Starting the agent", 5, review_id=review_id)
        return Operation(lambda: self._send(run, update), expected)

    def publish(self, session_id: str, run: Run, status: SessionStatus, count: int, skipped: int) -> Operation:
        events = tuple(
            AgentEvent(
                run.sequence + n,
                AgentEventType.CHUNK,
                None,
                f"{run.name} {uuid.uuid4()}",
                truncated=False,
                timestamp=TIMESTAMP,
            )
            for n in range(1, count + 1)
        )
        update = Update(session_id, run.name, run.revision + 1 + skipped, status, "stage", 5 * status.rank)
        return self.resend(replace(update, events=events, proposal_version=count or None), run)

    def resend(self, update: Update, run: Run) -> Operation:
        def expected() -> Outcome:
            model = self.models.get(update.session_id)
            if model is None:
                return "NotFound"
            if model.holder != run.name:
                return "ENDED" if model.status.resting else "SUPERSEDED"
            if update == model.last_update and update.revision == model.revision:
                return "accepted"
            follows = not update.events or update.events[0].sequence == len(model.log) + 1
            if model.status.resting:
                return "ENDED"
            if update.revision != model.revision + 1 or not follows:
                return "OUT_OF_ORDER"
            model.revision += 1
            model.status = max(model.status, update.status, key=lambda status: status.rank)
            if model.status is SessionStatus.AWAITING_REVIEW and model.cancel_requested:
                model.status = SessionStatus.CANCELLED
            model.proposal_version = max(model.proposal_version, update.proposal_version or 0)
            model.progress = 100 if model.status is SessionStatus.COMPLETED else max(model.progress, update.progress)
            model.log += [event.text for event in update.events]
            model.last_update = update
            model.lease_ends = self.now + LEASE
            return "accepted"

        return Operation(lambda: self._send(run, update), expected)

    def cancel(self, session_id: str) -> Operation:
        def expected() -> Outcome:
            model = self._settled(session_id)
            if model is None:
                return "NotFound"
            if model.status.ended:
                return "accepted"
            model.cancel_requested = True
            if model.status.resting or model.holder is None or self.now >= model.lease_ends:
                model.end(SessionStatus.CANCELLED)
            return "accepted"

        return Operation(lambda: self._ask(lambda: self.sessions.cancel_session(self.owner, session_id)), expected)

    def retry(self, session_id: str) -> Operation:
        def expected() -> Outcome:
            model = self._settled(session_id)
            if model is None:
                return "NotFound"
            if model.status in {SessionStatus.COMPLETED, SessionStatus.AWAITING_REVIEW}:
                return model.status
            if not model.status.ended:
                return "RUNNING"
            return self._started_over(model)

        return Operation(lambda: self._ask(lambda: self.sessions.retry_session(self.owner, session_id)), expected)

    def review(self, session_id: str, behind: int) -> Operation:
        """A review of the session as it is now, or as it was some revisions before."""
        seen = self.models[session_id].revision - behind if session_id in self.models else 1
        wish = (ReviewedRequirement("FR-1", RequirementKind.FUNCTIONAL, f"wish {uuid.uuid4()}"),)
        review = Review(seen + 1, approve=True, requirements=wish)

        def expected() -> Outcome:
            model = self._settled(session_id)
            if model is None:
                return "NotFound"
            if not model.status.resting:
                return "RUNNING"
            if model.status not in {SessionStatus.COMPLETED, SessionStatus.AWAITING_REVIEW}:
                return "FAILED"
            if model.revision != seen:
                return "OUTDATED"
            if refused := self.model.admit(self.models.values(), self.now):
                return refused
            model.start_over(progress=50)
            model.review = review
            return model.start(self.now, self.worker)

        return Operation(
            lambda: self._ask(lambda: self.sessions.review_session(self.owner, session_id, review)), expected
        )

    def delete(self, session_id: str) -> Operation:
        def expected() -> Outcome:
            model = self._settled(session_id)
            if model is not None and not model.status.resting:
                return "RUNNING"
            if model is None and session_id not in self.marked:
                return "NotFound"
            self._forget(session_id)
            if self.worker.dies:
                self.marked.add(session_id)
                return "died"
            return "accepted"

        return Operation(lambda: self._ask(lambda: self.sessions.delete_session(self.owner, session_id)), expected)

    def read(self, session_id: str) -> Operation:
        def expected() -> Outcome:
            return "NotFound" if self._settled(session_id) is None else "accepted"

        def real() -> Outcome:
            found = self.sessions.get_session_status(self.owner, session_id, with_assessment=False)
            return "NotFound" if found is None else "accepted"

        return Operation(real, expected)

    def _settled(self, session_id: str) -> Model | None:
        model = self.models.get(session_id)
        if model is not None:
            model.settle(self.now)
        return model

    def _forget(self, session_id: str) -> None:
        """Nothing of this session is left."""
        self.marked.discard(session_id)
        self.models.pop(session_id, None)
        self.seen.pop(session_id, None)
        self.worker.reviews.pop(session_id, None)
        self.worker.started = [one for one in self.worker.started if one != session_id]
        self.tokens = {token: one for token, one in self.tokens.items() if one != session_id}

    # --- in any order

    def any_submit(self, data: st.DataObject) -> Operation:
        token = data.draw(st.sampled_from(["token-1", "token-2", *([None] * (len(self.models) < 3))]))
        return self.submit(token, data.draw(st.sampled_from(["a portal", "an app"])))

    def any_operation(self, data: st.DataObject) -> Operation:
        kinds = [
            "submit",
            *(["claim", "publish", "publish", "publish", "resend", "cancel", "retry", "read"] * bool(self.models)),
            *(["review", "review", "delete"] * bool(self.models or self.marked)),
        ]
        kind = data.draw(st.sampled_from(kinds))
        if kind == "submit":
            return self.any_submit(data)
        if kind in {"review", "delete", "cancel", "retry", "read"}:
            session_id = data.draw(st.sampled_from([*self.models, *sorted(self.marked)]))
            if kind == "review":
                return self.review(session_id, data.draw(st.sampled_from([0, 0, 0, 1, -1])))
            asked: Operation = getattr(self, kind)(session_id)
            return asked
        session_id = data.draw(st.sampled_from(list(self.models)))
        holder = self.models[session_id].holder  # the run that matters most
        name = data.draw(st.sampled_from(["run-1", "run-2", "run-3", *([holder] * 4 if holder else [])]))
        run = self.runs.setdefault((session_id, name), Run(name))
        if kind == "claim":
            newest = review.id if (review := self.models[session_id].review) else 0
            return self.claim(session_id, run, data.draw(st.sampled_from([newest, newest, newest, 0, None])))
        if kind == "resend" and run.sent is not None:
            return self.resend(run.sent, run)
        status = data.draw(st.sampled_from(RUNNING * 2 + ENDS))
        skipped = data.draw(st.sampled_from([0, 0, 0, 0, 1, -1])) if run.revision else 0
        return self.publish(session_id, run, status, data.draw(st.integers(0, 3)), skipped)

    @rule(data=st.data())
    def one_operation(self, data: st.DataObject) -> None:
        operation = self.any_operation(data)
        assert operation.real() == operation.expected()

    @precondition(lambda self: self.models)
    @rule(data=st.data(), end=st.sampled_from([SessionStatus.AWAITING_REVIEW, SessionStatus.COMPLETED]))
    def a_run_goes_to_its_end(self, data: st.DataObject, end: SessionStatus) -> None:
        session_id = data.draw(st.sampled_from(list(self.models)))
        run = self.runs.setdefault((session_id, "run-4"), Run("run-4"))
        review = self.models[session_id].review
        claim = self.claim(session_id, run, review.id if review else 0)
        assert claim.real() == claim.expected()
        publish = self.publish(session_id, run, end, count=1, skipped=0)
        assert publish.real() == publish.expected()

    @precondition(lambda self: self.at_rest)
    @rule(data=st.data())
    def one_at_rest_is_reviewed_or_deleted(self, data: st.DataObject) -> None:
        session_id = data.draw(st.sampled_from(self.at_rest))
        behind = data.draw(st.sampled_from([None, 0, 0, 0, 1]))
        operation = self.delete(session_id) if behind is None else self.review(session_id, behind)
        assert operation.real() == operation.expected()

    @precondition(lambda self: any(one in self.marked for one in self.ids.values()))
    @rule(data=st.data())
    def the_token_of_one_half_deleted_is_used_again(self, data: st.DataObject) -> None:
        token = data.draw(st.sampled_from([token for token, one in self.ids.items() if one in self.marked]))
        operation = self.submit(token, "a portal")
        assert operation.real() == operation.expected()

    @property
    def at_rest(self) -> list[str]:
        """The sessions that can be reviewed, and those whose deletion stopped halfway."""
        reviewable = {SessionStatus.AWAITING_REVIEW, SessionStatus.COMPLETED}
        return [*(key for key, one in self.models.items() if one.status in reviewable), *sorted(self.marked)]

    @property
    def checks_next(self) -> bool:
        """Whether the next submit looks which sessions are over: more writes than that of the session itself."""
        return any(record.needs_check(self.models.values(), self.now) for record in self.model.records)

    @precondition(lambda self: self.models and not self.checks_next)
    @rule(data=st.data())
    def two_operations_race(self, data: st.DataObject) -> None:
        first, second = self.any_operation(data), self.any_operation(data)
        outcomes: list[Outcome] = []
        self.store.writes_before, self.store.interruption = 0, lambda: outcomes.append(second.real())
        outcome = first.real()
        self.store.interruption = None
        if outcomes:  # the second came before the first one's write: as if it had come first
            assert outcomes == [second.expected()]
        assert outcome == first.expected()

    @precondition(lambda self: not (self.worker.down or self.worker.dies or self.checks_next))
    @rule(data=st.data())
    def something_comes_between_a_start_and_its_mark(self, data: st.DataObject) -> None:
        first, second = self.any_submit(data), self.any_operation(data)
        outcomes: list[Outcome] = []
        self.store.writes_before, self.store.interruption = 1, lambda: outcomes.append(second.real())
        outcome = first.real()
        self.store.interruption = None
        assert outcome == first.expected()
        if outcomes:
            assert outcomes == [second.expected()]

    @rule(seconds=st.sampled_from([1, 20, 30, 59, 60, 61, 900, 960, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.now < self.all_live_until)
    @rule(hours=st.sampled_from([7, 24]))
    def a_day_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def all_sessions_expire(self) -> None:
        self.now += KEEP
        self.all_live_until = self.now + ALL_LIVE
        for record in self.model.records:
            record.vanished += sum(not model.status.resting for model in self.models.values())
        for known in (self.models, self.tokens, self.runs, self.seen, self.worker.started, self.worker.reviews):
            known.clear()
        self.marked.clear()

    @rule()
    def the_worker_goes_away_or_comes_back(self) -> None:
        self.worker.down = not self.worker.down

    @rule()
    def whoever_starts_it_dies_or_lives_again(self) -> None:
        self.worker.dies = not self.worker.dies

    # --- what must always hold

    @invariant()
    def the_stored_session_is_the_models(self) -> None:
        for session_id, model in self.models.items():
            stored = self.store.read(session_id, self.now)
            state: State = stored.state
            assert (state.status, state.progress, state.revision) == (model.status, model.progress, model.revision)
            assert state.cancel_requested == model.cancel_requested
            assert (state.lease.run_id if state.lease else None) == model.holder
            if state.lease and not state.status.resting:
                assert state.lease.expires_at == model.lease_ends
            assert state.starting_until == model.starting_until
            assert state.proposal_version == model.proposal_version
            assert state.review_revision == (model.review.id if model.review else 0)

    @invariant()
    def a_deleted_session_is_listed_nowhere(self) -> None:
        assert self.owner.owner is not None
        listed, _ = self.store.summaries(self.owner.owner, 100, None, self.now)
        assert sorted(one.session_id for one in listed) == sorted(self.models)

    @invariant()
    def every_run_gets_the_newest_review(self) -> None:
        assert self.worker.reviews == {key: one.started_with for key, one in self.models.items() if one.invoked}

    @invariant()
    def the_owners_record_is_right(self) -> None:
        assert self.owner.owner is not None
        activity = self._right_record(self.owner.owner, self.model.own)
        assert (activity.day, activity.submits) == (self.model.day, self.model.submits)
        assert activity.submits <= SUBMITS_PER_DAY

    @invariant()
    def the_record_of_all_owners_is_right(self) -> None:
        if self.model.everybodys is None:
            assert self.store.activity(ALL_OWNERS) == Activity()
        else:
            self._right_record(ALL_OWNERS, self.model.everybodys)

    def _right_record(self, owner: str, places: Places) -> Activity:
        activity: Activity = self.store.activity(owner)
        living = [one.session_id for one in activity.active if one.expires_at > self.now.timestamp()]
        assert sorted(living) == sorted(key for key, model in self.models.items() if not model.status.resting)
        assert len(activity.active) == len(living) + places.vanished <= places.most
        return activity

    @invariant()
    def every_worker_was_started_once(self) -> None:
        assert Counter(self.worker.started) == {key: one.invoked for key, one in self.models.items() if one.invoked}

    @invariant()
    def the_log_has_no_gap_and_nothing_twice(self) -> None:
        for session_id, model in self.models.items():
            events = self.store.events(session_id, 0, 1000, self.now)
            assert [event.text for event in events] == model.log
            assert [event.sequence for event in events] == list(range(1, len(model.log) + 1))

    @invariant()
    def nothing_goes_back_but_by_a_retry_or_a_review(self) -> None:
        for session_id, model in self.models.items():
            state: State = self.store.read(session_id, self.now).state
            restarts, revision, rank, progress = self.seen.get(session_id, (0, 0, 0, 0))
            assert state.revision >= revision
            # A claim may have come right behind the retry: progress need not be 0.
            assert model.restarts > restarts or (state.status.rank >= rank and state.progress >= progress)
            self.seen[session_id] = (model.restarts, state.revision, state.status.rank, state.progress)

    # --- the API as operations call it

    def _submitted(self, token: str | None, brief: str, new: list[str]) -> Outcome:
        """What a submit does; `new` has the id of the session if it made one."""
        session_id = self.tokens.get(token) if token else None
        return self._created(token, brief, new) if session_id is None else self._submitted_again(session_id, brief)

    def _created(self, token: str | None, brief: str, new: list[str]) -> Outcome:
        if refused := self.model.refusal(self.models.values(), self.now):
            return refused
        if token and self._id_of(token) in self.marked:  # the deletion is brought to its end first
            if self.worker.dies:
                return "died"
            self.marked.discard(self._id_of(token))
        self.model.admit(self.models.values(), self.now)
        [session_id] = new
        self.models[session_id] = Model(brief)
        if token:
            self.tokens[token] = self.ids[token] = session_id
        return self.models[session_id].start(self.now, self.worker)

    def _submitted_again(self, session_id: str, brief: str) -> Outcome:
        model = self.models[session_id]
        if model.brief != brief:
            return "InvalidInput"
        if model.status is SessionStatus.ERROR and model.progress == 0:
            return self._started_over(model)
        if model.status is not SessionStatus.PENDING or self.now < model.nobody_since:
            return "accepted"
        return model.start(self.now, self.worker)

    def _started_over(self, model: Model) -> Outcome:
        if refused := self.model.admit(self.models.values(), self.now):
            return refused
        model.start_over()
        return model.start(self.now, self.worker)

    def _send(self, run: Run, update: Update) -> Outcome:
        run.sent = update if update.revision else None
        try:
            state, _ = self.sessions.update_session_status(update)
        except NotFoundError as refused:
            return refused.error_type
        except ConflictError as refused:
            return self._reason(refused)
        run.revision, run.sequence = state.revision, state.last_sequence
        return "accepted"

    def _ask(self, call: Callable[[], object]) -> Outcome:
        try:
            call()
        except (InvalidInputError, NotFoundError) as refused:
            return refused.error_type
        except (ConflictError, LimitExceededError) as refused:
            return self._reason(refused)
        except InternalError:
            return "Internal"
        except DiedError:
            return "died"
        return "accepted"

    def _id_of(self, token: str) -> str:
        """The id that this owner's sessions with the token have had so far."""
        return self.ids.get(token, "")

    def _reason(self, refused: ConflictError | LimitExceededError) -> Outcome:
        assert isinstance(refused.info, dict)
        return str(refused.info.get("reason") or refused.info["limit"])


class FewRunsAtOnce(SessionLives):
    """The same where all owners together may have fewer active sessions than one owner."""

    runs_at_once = 2


def run_lives(machine: type[SessionLives], *, examples: int, steps: int, anew: bool = False) -> None:
    """`anew`: other lives than at the last run."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            derandomize=not anew,
            phases=[
                Phase.explicit,
                Phase.reuse,
                Phase.generate,
            ],  # a life is told step by step; shrinking takes minutes
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def on_dynamodb(request: pytest.FixtureRequest) -> Iterator[type[SessionLives]]:
    """The machine over a table of its own, at the endpoint that the environment names or moto's."""
    url = os.environ.get("SCOPESMITH_TEST_DYNAMODB_URL")
    client = boto3.client("dynamodb", endpoint_url=url) if url else request.getfixturevalue("dynamodb")
    table = f"sessions-{uuid.uuid4()}"
    client.create_table(**local.aws.server.sessions_table(table))
    client.get_waiter("table_exists").wait(TableName=table)

    class OnDynamoDB(SessionLives):
        def new_store(self) -> "Store":
            client.delete_item(TableName=table, Key=owner_record.key(ALL_OWNERS))  # an earlier life's
            return DynamoDBStore(client, table)

    yield OnDynamoDB
    client.delete_table(TableName=table)


def test_random_lives_in_memory() -> None:
    run_lives(SessionLives, examples=60, steps=40)


def test_random_lives_in_memory_with_few_runs_at_once() -> None:
    run_lives(FewRunsAtOnce, examples=40, steps=40)


@pytest.mark.slow
def test_random_lives_on_dynamodb(on_dynamodb: type[SessionLives]) -> None:
    run_lives(on_dynamodb, examples=4, steps=25)


@pytest.mark.slow
def test_many_random_lives_in_memory() -> None:
    run_lives(SessionLives, examples=250, steps=60)


@pytest.mark.slow
def test_many_random_lives_in_memory_with_few_runs_at_once() -> None:
    run_lives(FewRunsAtOnce, examples=150, steps=60)


@pytest.mark.thorough
def test_many_random_lives_on_dynamodb_with_few_runs_at_once(on_dynamodb: type[SessionLives]) -> None:
    class FewOnDynamoDB(on_dynamodb):  # type: ignore[misc,valid-type]  # the fixture makes the class
        runs_at_once = 2

    run_lives(FewOnDynamoDB, examples=10, steps=40, anew=True)


@pytest.mark.thorough
def test_many_random_lives_on_dynamodb(on_dynamodb: type[SessionLives]) -> None:
    run_lives(on_dynamodb, examples=10, steps=40, anew=True)
