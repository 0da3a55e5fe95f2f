"""The table of a session's life: which act is allowed in which phase, what it makes of the state, or why it is refused.

`resolvers.lifecycle.acts` applies it. The rules that it keeps are in the package's own docstring.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto

from resolvers.lifecycle import refusals as why
from resolvers.lifecycle import transitions as to
from resolvers.lifecycle.phases import Phase, phase
from resolvers.lifecycle.refusals import Refusal
from resolvers.lifecycle.transitions import Request, Transition
from resolvers.session import State


class Act(Enum):
    """What can be done to a session."""

    CLAIM = auto()
    CLAIM_AGAIN = auto()
    """A claim from the run that holds the lease already, because it never saw the first answer."""
    CLAIM_BEFORE_REVIEW = auto()
    """A claim from a run that does not know the newest review, because it was started before that."""
    PUBLISH = auto()
    REPLAY = auto()
    PUBLISH_OUT_OF_ORDER = auto()
    PUBLISH_WITHOUT_LEASE = auto()
    CANCEL = auto()
    RETRY = auto()
    REVIEW = auto()
    REVIEW_OUTDATED = auto()
    """A review of an older revision than the newest."""
    DELETE = auto()
    START_AGAIN = auto()
    STARTED = auto()
    FAIL_TO_START = auto()
    SETTLE = auto()


_AT_REST: Mapping[Act, Transition] = {
    Act.REPLAY: to.unchanged,
    Act.START_AGAIN: to.unchanged,
    Act.STARTED: to.unchanged,
    Act.FAIL_TO_START: to.unchanged,
    Act.SETTLE: to.unchanged,
    Act.DELETE: to.deleting,
}
"""What the phases without a run have in common."""

TRANSITIONS: Mapping[Phase, Mapping[Act, Transition]] = {
    Phase.WAITING: {
        Act.CLAIM: to.claimed,
        Act.CANCEL: to.cancelled,
        Act.START_AGAIN: to.starting_again,
        Act.STARTED: to.marked_started,
        Act.FAIL_TO_START: to.failed_to_start,
        Act.SETTLE: to.settled_unstarted,
    },
    Phase.RUNNING: {
        Act.CLAIM_AGAIN: to.renewed,
        Act.PUBLISH: to.published,
        Act.REPLAY: to.unchanged,
        Act.CANCEL: to.cancel_requested,
        Act.START_AGAIN: to.unchanged,
        Act.STARTED: to.unchanged,
        Act.FAIL_TO_START: to.unchanged,
        Act.SETTLE: to.unchanged,
    },
    Phase.ABANDONED: {
        Act.CLAIM: to.claimed,
        Act.CLAIM_AGAIN: to.renewed,
        Act.PUBLISH: to.published,
        Act.REPLAY: to.unchanged,
        Act.CANCEL: to.cancelled,
        Act.START_AGAIN: to.unchanged,
        Act.STARTED: to.unchanged,
        Act.FAIL_TO_START: to.unchanged,
        Act.SETTLE: to.settled,
    },
    Phase.IN_REVIEW: {**_AT_REST, Act.CANCEL: to.cancelled, Act.REVIEW: to.reviewed},
    Phase.COMPLETED: {**_AT_REST, Act.CANCEL: to.unchanged, Act.REVIEW: to.reviewed},
    Phase.FAILED: {**_AT_REST, Act.CANCEL: to.unchanged, Act.RETRY: to.started_over},
}

# An act that TRANSITIONS does not list for a phase is refused. The entry for the act and the phase says why; if there
# is none, the entry for the act does.
REFUSALS: Mapping[tuple[Act, Phase] | Act, Refusal] = {
    (Act.CLAIM, Phase.RUNNING): why.leased,
    (Act.RETRY, Phase.COMPLETED): why.nothing_to_retry,
    (Act.RETRY, Phase.IN_REVIEW): why.retried_instead_of_reviewed,
    (Act.REVIEW, Phase.FAILED): why.nothing_to_review,
    (Act.REVIEW_OUTDATED, Phase.FAILED): why.nothing_to_review,
    (Act.REVIEW_OUTDATED, Phase.IN_REVIEW): why.outdated,
    (Act.REVIEW_OUTDATED, Phase.COMPLETED): why.outdated,
    **{
        (act, at_rest): why.over
        for act in (Act.CLAIM_BEFORE_REVIEW, Act.PUBLISH_WITHOUT_LEASE, Act.PUBLISH_OUT_OF_ORDER)
        for at_rest in (Phase.IN_REVIEW, Phase.COMPLETED, Phase.FAILED)
    },
    Act.CLAIM: why.over,
    Act.CLAIM_AGAIN: why.over,
    Act.CLAIM_BEFORE_REVIEW: why.reviewed_since,
    Act.PUBLISH: why.over,
    Act.PUBLISH_WITHOUT_LEASE: why.superseded,
    Act.REPLAY: why.superseded,
    Act.PUBLISH_OUT_OF_ORDER: why.out_of_order,
    Act.RETRY: why.still_running,
    Act.REVIEW: why.reviewed_while_running,
    Act.REVIEW_OUTDATED: why.reviewed_while_running,
    Act.DELETE: why.deleted_while_running,
}


def apply(state: State, act: Act, request: Request) -> State:
    """The state after the act.

    Raises:
        DomainError: the act is not allowed in the session's phase.
    """
    current = phase(state, request.now)
    transition = TRANSITIONS[current].get(act)
    if transition is None:
        refusal = REFUSALS.get((act, current)) or REFUSALS[act]
        raise refusal(state)
    after = transition(state, request)
    if (after.status, after.progress) == (state.status, state.progress):
        return after
    return replace(after, listed_at=request.now)
