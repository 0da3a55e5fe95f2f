"""What an owner has going on, and whether one more run may begin: the rules behind `LimitExceeded`.

All of it is pure. `resolvers.sessions` calls it before a session is created, retried or reviewed. The store keeps one
record for each owner, and one for all of them together, and changes both in the transaction that starts or ends a
session. A record names the active sessions instead of counting them, so adding or removing one twice does no harm.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from resolvers.api.caller import API_KEY_OWNER
from resolvers.errors import LimitExceededError
from resolvers.session import State
from resolvers.times import epoch
from schema.refusals import OwnerLimit

ALL_OWNERS = "*"
"""Whose record names the active sessions of everybody. No owner has this name."""

CHECK_AGAIN_AFTER = timedelta(minutes=1)
"""How long an owner who has too many active sessions waits until they are looked at again.

Sessions may be over without a record of it: nobody has settled one, or DynamoDB has deleted it. But a client that
submits again and again must not make us read all of them each time.
"""


@dataclass(frozen=True)
class OwnerLimits:
    """How much one owner may have."""

    active_sessions: int
    submits_per_day: int
    """Submits, retries and reviews together, from midnight to midnight in UTC."""


@dataclass(frozen=True)
class Limits:
    """The limits of all owners. The callers with the API key are one owner."""

    user: OwnerLimits = OwnerLimits(active_sessions=5, submits_per_day=100)
    api_key: OwnerLimits = OwnerLimits(active_sessions=20, submits_per_day=400)
    runs_at_once: int | None = None
    """How many sessions of all owners together may be active at a time; None for any number."""

    def of(self, owner: str) -> OwnerLimits:
        return self.api_key if owner == API_KEY_OWNER else self.user


@dataclass(frozen=True)
class ActiveSession:
    """A session that a run works on or soon will, as its owner's record names it."""

    session_id: str
    expires_at: int
    """In epoch seconds, rounded up. It tells a session from an expired one that had the same id."""

    @classmethod
    def of(cls, state: State) -> "ActiveSession":
        return cls(state.session_id, epoch(state.expires_at))


@dataclass(frozen=True)
class Activity:
    """An owner's record, or that of all owners, which has no day."""

    active: frozenset[ActiveSession] = frozenset()
    day: date | None = None
    """The UTC day of the newest submit, retry or review."""
    submits: int = 0
    """The submits, retries and reviews of that day."""
    checked_at: datetime | None = None
    """When the active sessions were last looked at, because there were too many."""

    def needs_check(self, most: int, now: datetime) -> bool:
        """Whether it is time to see which of the active sessions are over. `most` is how many there may be."""
        if len(self.active) < most:
            return False
        return self.checked_at is None or now >= self.checked_at + CHECK_AGAIN_AFTER


@dataclass(frozen=True)
class Admission:
    """The permission to start one session. The store writes it only if it still holds."""

    limits: OwnerLimits
    day: date
    is_first_of_day: bool
    keep_until: datetime
    """When the records may be deleted: not before the last session that they name."""
    runs_at_once: int | None = None
    """How many sessions of all owners may be active, if that is limited."""


def admit(activity: Activity, limits: OwnerLimits, now: datetime, keep: timedelta) -> Admission:
    """Permit one more submit, retry or review. `keep` is how long a new session is kept.

    Raises:
        LimitExceededError: the owner has as many as the limits allow.
    """
    today = max(now.astimezone(UTC).date(), activity.day or date.min)  # another Lambda's clock may be ahead
    is_first = activity.day != today
    tomorrow = datetime.combine(today + timedelta(days=1), time(), UTC)
    if not is_first and activity.submits >= limits.submits_per_day:
        raise LimitExceededError(
            f"Too many submits, retries and reviews today ({activity.submits} of {limits.submits_per_day} allowed):"
            f" try again from {tomorrow.date()}, 00:00 UTC.",
            OwnerLimit.SUBMITS_PER_DAY,
            limits.submits_per_day,
            frees_at=tomorrow,
        )
    if len(activity.active) >= limits.active_sessions:
        raise LimitExceededError(
            f"Too many active sessions ({len(activity.active)} of {limits.active_sessions} allowed): wait until one"
            " ends, or cancel one.",
            OwnerLimit.ACTIVE_SESSIONS,
            limits.active_sessions,
        )
    return Admission(limits, today, is_first, max(now + keep, tomorrow))


def admit_among_all(admission: Admission, activity: Activity, most: int) -> Admission:
    """Permit the same with regard to what all owners have going on.

    Raises:
        LimitExceededError: the deployment runs as many sessions as it may.
    """
    if len(activity.active) >= most:
        raise LimitExceededError(
            f"All places are taken: {len(activity.active)} sessions are running, and at most {most} may run at a time."
            " Try again when one of them has ended.",
            OwnerLimit.RUNS_AT_ONCE,
            most,
        )
    return replace(admission, runs_at_once=most)
