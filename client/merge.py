"""Puts a session's states and events into order, even if some were dropped, doubled, delayed or reordered.

`Merge` is pure: states and events go in as they arrive, from a read or a push. Updates come out, with each event once
and in order, and no state older than an earlier one. It does not fetch what is missing; it tells `client.stream` what
to read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from client.session import AgentEvent, State


@dataclass(frozen=True)
class Update:
    """What is new: the newest state that may be shown, and the events that follow those of earlier updates.

    An ended state never comes before the last event. After an update with an ended state, nothing more comes.
    """

    state: State
    events: tuple[AgentEvent, ...]


class Merge:
    """The known part of one session.

    Rules:

    - States are ordered by revision. A cancel request does not raise the revision: of two states with the same
      revision, the one with the cancel request is newer.
    - An event is delivered once all events before it are. A second event with the same sequence number is
      dropped.
    - An ended state waits for the events that it counts in `last_sequence`.
    """

    def __init__(self) -> None:
        self._known: State | None = None
        self._shown: State | None = None
        self._delivered = 0
        self._newest = 0
        self._early: dict[int, AgentEvent] = {}
        self._ready: list[AgentEvent] = []

    @property
    def missing(self) -> int | None:
        """The sequence number after which to read the log, or None if no event is known to be missing."""
        return self._delivered if self._delivered < self._newest else None

    @property
    def ended(self) -> bool:
        """Whether the ended state and all events have been delivered."""
        return self._shown is not None and self._shown.ended

    @property
    def ending(self) -> bool:
        """Whether an ended state is known. Events may still be missing."""
        return self._known is not None and self._known.ended

    def hear(self, state: State | None = None, events: Iterable[AgentEvent] = ()) -> Update | None:
        """Take a state, events or both; returns an update if there is anything new to deliver."""
        if state is not None:
            self._newest = max(self._newest, state.last_sequence)
            if self._known is None or _order(state) > _order(self._known):
                self._known = state
        for event in events:
            if event.sequence > self._delivered:
                self._early.setdefault(event.sequence, event)
        while (next_event := self._early.pop(self._delivered + 1, None)) is not None:
            self._delivered += 1
            self._ready.append(next_event)
        return self._update()

    def _update(self) -> Update | None:
        state = self._shown if self.ending and self.missing is not None else self._known
        if state is None or (state is self._shown and not self._ready):
            return None
        update = Update(state, tuple(self._ready))
        self._ready.clear()
        self._shown = state
        return update


def _order(state: State) -> tuple[int, bool]:
    return state.revision, state.cancel_requested
