"""Puts what is heard of a session back into order, whatever was dropped, doubled, delayed or reordered.

`Merge` is pure: states and events go in as they arrive, from a read or a push, and updates come out in which
each event stands once, in order, and no state is older than one before. It asks nobody for what is missing; it
says what that is, and `client.stream` asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from client.session import AgentEvent, State


@dataclass(frozen=True)
class Update:
    """What is new: the newest state that may be shown, and the events that follow those of earlier updates.

    An ended state comes with the last event, never before it: after such an update there is nothing to wait for.
    """

    state: State
    events: tuple[AgentEvent, ...]


class Merge:
    """What is known of one session.

    Rules:

    - States are ordered by revision. A cancel request alone raises none: of one revision, a state with it is
      newer than one without.
    - An event is delivered when all before it are. Its sequence number is its identity, so a second copy is
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
        """The sequence after which the log must be read, or None when no event is known to be missing."""
        return self._delivered if self._delivered < self._newest else None

    @property
    def ended(self) -> bool:
        """Whether the ended state has been given out, and with it every event."""
        return self._shown is not None and self._shown.ended

    @property
    def ending(self) -> bool:
        """Whether the session has ended as far as is known; events may still be missing."""
        return self._known is not None and self._known.ended

    def hear(self, state: State | None = None, events: Iterable[AgentEvent] = ()) -> Update | None:
        """Take in a state, events or both; the update that they make, if anything is new."""
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
