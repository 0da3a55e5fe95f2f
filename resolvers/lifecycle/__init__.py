"""The life cycle of a session as a table: which act is allowed in which phase, and what the new state is.

Everything that changes a session's state is in this package, and all of it is pure: it takes a state and an act, and
returns a new state or raises a refusal. A refusal changes nothing. `resolvers.operations` calls the acts. The table
keeps these rules:

- At most one run holds the session's lease. When the lease expires, the run still holds the session until another
  run claims it, a user cancels it, or a read settles it. Each of these clears or replaces the lease, and the old
  run's next publish is refused.
- Every accepted update and every other change of status raises the revision by one. A cancel request to a running
  session and a renewed lease raise only the version: the run counts revisions, and it did not make this change.
- Only `retry` and `review` set a session's status and progress back, and only they and `delete` change a session that
  has ended. Once it is being deleted, nothing changes it.
- A session that waits for a review has no run, costs its owner no place among the active sessions, and is never
  settled. A review counts only if it was made of the newest revision, so of several reviews at once one is accepted.
- Every run works on the newest review. A worker that was started before it can't claim the session any more.
- The same update sent again by the same run is a replay. It returns the state that the first one made.
- One request at a time starts the worker: the one that wrote `starting_until`. Once Lambda has taken the event, the
  state says so, and no other request starts a worker for this revision. A request that died on the way is replaced
  when its time is over.

`phases` tells a session's phase, `transitions` makes new states, `refusals` says why an act is not allowed, `table`
puts them together, and `acts` has one function for each thing that can be asked.
"""

from resolvers.lifecycle.acts import (
    cancel,
    create,
    delete,
    fail_to_start,
    publish,
    retry,
    review,
    settle,
    start_again,
    started,
)
from resolvers.lifecycle.phases import ABANDONED_AFTER, LEASE, START_WITHIN, UNSTARTED_AFTER, Phase, phase

__all__ = [
    "ABANDONED_AFTER",
    "LEASE",
    "START_WITHIN",
    "UNSTARTED_AFTER",
    "Phase",
    "cancel",
    "create",
    "delete",
    "fail_to_start",
    "phase",
    "publish",
    "retry",
    "review",
    "settle",
    "start_again",
    "started",
]
