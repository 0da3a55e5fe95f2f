"""What a run still has to publish: agent events and states in, updates out, at the pace the API bears.

Pure: times come in as arguments, in seconds of any monotonic clock. It never sends. `worker.run` takes an update
when one is due, sends it, and says how that went. The rules it keeps:

- Sequences have no gap, and revisions rise by one.
- A status change is an update of its own and due at once; other updates are due a second after the last one, and
  wait a moment for more: an agent sends the events of one step together.
- Text chunks that follow each other become one event.
- An update is frozen once it is taken: the same one is taken again until it was answered, and what came later
  waits behind it.
- No update is too large to travel or to be stored; more events make more updates.
- After 20 seconds without an update a heartbeat is due: it carries nothing and renews the lease.
"""

from collections import deque
from dataclasses import dataclass, field, replace

from schema.limits import EVENT_TEXT_BYTES
from schema.statuses import AgentEventType
from schema.usage import Usage
from worker.agents.events import EVENT_JSON_BYTES, AgentEvent, bounded, json_bytes
from worker.updates import NO_RESULTS, NumberedEvent, Reply, Results, SessionState, Update

INTERVAL_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0

TOGETHER_SECONDS = 0.03
"""How long an event waits for its companions when it could go at once: too short to notice, and long enough for an
agent's step to make one update instead of two."""

EVENTS_BYTES = 90_000
"""One update's events, as JSON: they fit into one record of the log (RECORD_BYTES), and beside the session's
results (RESULTS_BYTES) into one payload (PAYLOAD_BYTES)."""

FULL_BYTES = 4 * EVENTS_BYTES
"""When this many bytes wait, add nothing until some have been published."""

_FIELDS_BYTES = 200
"""What an event takes as JSON beside its text and tool, rounded up."""

_AT_ONCE = float("-inf")


@dataclass(slots=True)
class _Waiting:
    """An event that has no number yet; of a chunk that still grows, its pieces."""

    event: AgentEvent
    timestamp: str
    pieces: list[str]
    text_bytes: int
    json_bytes: int

    @property
    def size(self) -> int:
        return _FIELDS_BYTES + json_bytes(self.event.tool or "") + self.json_bytes

    def grow(self, event: AgentEvent) -> int | None:
        """Append a chunk, and return the bytes that it added; None if it must be an event of its own."""
        if event.type is not AgentEventType.CHUNK or self.event.type is not AgentEventType.CHUNK:
            return None
        text, json = len(event.text.encode()), json_bytes(event.text) - 2
        too_long = self.text_bytes + text > EVENT_TEXT_BYTES or self.json_bytes + json > EVENT_JSON_BYTES
        if too_long or self.event.truncated or event.truncated:
            return None
        self.pieces.append(event.text)
        self.text_bytes += text
        self.json_bytes += json
        return json

    def numbered(self, sequence: int) -> NumberedEvent:
        return NumberedEvent(sequence, replace(self.event, text="".join(self.pieces)), self.timestamp)


@dataclass(slots=True)
class _Segment:
    """Events up to the next status change, and the state that holds after them."""

    state: SessionState
    changes_status: bool
    results: Results = field(default_factory=lambda: NO_RESULTS)
    events: deque[_Waiting] = field(default_factory=deque)


class Outbox:
    """One run's unpublished updates."""

    def __init__(self, session_id: str, run_id: str, claimed: Reply, state: SessionState, now: float) -> None:
        self._session_id = session_id
        self._run_id = run_id
        self._revision = claimed.revision
        self._sequence = claimed.last_sequence
        self._published = state
        self._segments: deque[_Segment] = deque()
        self._waiting_bytes = 0
        self._usage = self._published_usage = claimed.usage
        self._version = self._published_version = claimed.proposal_version
        self._taken: Update | None = None
        self._answered_at = now
        self._again_at = now
        self._first_at = now

    @property
    def empty(self) -> bool:
        """Whether there is nothing to publish."""
        return self._taken is None and not self._segments

    @property
    def full(self) -> bool:
        """Whether enough is waiting, so that the run should read no more from the agent."""
        return self._waiting_bytes >= FULL_BYTES

    def put(
        self,
        state: SessionState,
        timestamp: str,
        event: AgentEvent | None = None,
        results: Results = NO_RESULTS,
        *,
        now: float = _AT_ONCE,
    ) -> None:
        """Let `state` be published, with the event that led to it and what it added to the results.

        Without `now` nothing that may follow is waited for.
        """
        if not self._segments:
            self._first_at = now
        segment = self._segment_for(state)
        segment.state = state
        if results:
            segment.results = {**segment.results, **results}
        if event is not None:
            self._append(segment, event, timestamp)

    def spend(self, usage: Usage) -> None:
        """Publish the session's total with the next update."""
        self._usage = usage

    def propose(self, version: int) -> None:
        """Publish with the next update that the proposal has this version."""
        self._version = version

    def unpublished(self) -> tuple[NumberedEvent, ...]:
        """The events that are not known to be published, with the numbers that they will have.

        An update that the API refuses as invalid loses its events; then the numbers of later ones are too high.
        """
        numbered = list(self._taken.events) if self._taken is not None else []
        for segment in self._segments:
            for waiting in segment.events:
                numbered.append(waiting.numbered(self._sequence + len(numbered) + 1))
        return tuple(numbered)

    @property
    def last_sequence(self) -> int:
        """The number of the newest event, published or not."""
        taken = len(self._taken.events) if self._taken is not None else 0
        return self._sequence + taken + sum(len(segment.events) for segment in self._segments)

    def due(self) -> float:
        """The time at which the next update should be taken; minus infinity for at once."""
        if self._taken is not None:
            return self._again_at
        if any(segment.changes_status for segment in self._segments):
            return _AT_ONCE
        if not self._segments:
            return self._answered_at + HEARTBEAT_SECONDS
        return max(self._answered_at + INTERVAL_SECONDS, self._first_at + TOGETHER_SECONDS)

    def take(self) -> Update:
        """The update to send now: the one without an answer, or else the oldest one, or else a heartbeat."""
        if self._taken is None:
            self._taken = self._next()
        return self._taken

    def answered(self, now: float) -> None:
        """The update that was taken has been accepted."""
        taken = self.take()
        self._revision = taken.revision
        self._sequence += len(taken.events)
        self._published = taken.state
        self._published_usage = taken.usage or self._published_usage
        self._published_version = taken.proposal_version or self._published_version
        self._taken = None
        self._answered_at = now

    def failed(self, now: float) -> None:
        """The update that was taken may not have arrived, so the same one is due again later."""
        self._again_at = now + INTERVAL_SECONDS

    def refused(self, reason: str, timestamp: str) -> None:
        """The update that was taken can't be accepted as it is: its events are left out, with a warning in their place.

        Its results stay, for nothing would send them again.
        """
        taken = self.take()
        text = f"An update with {len(taken.events)} events was refused and is left out of this log: {reason}"
        warning = bounded(AgentEvent(AgentEventType.WARNING, text))
        self._taken = replace(taken, events=(NumberedEvent(self._sequence + 1, warning, timestamp),))

    def _segment_for(self, state: SessionState) -> _Segment:
        before = self._segments[-1].state if self._segments else self._taken.state if self._taken else self._published
        changes = state.status is not before.status
        if self._segments and not (changes and self._segments[-1].changes_status):
            segment = self._segments[-1]
            segment.changes_status = segment.changes_status or changes
            return segment
        segment = _Segment(state, changes)
        self._segments.append(segment)
        return segment

    def _append(self, segment: _Segment, event: AgentEvent, timestamp: str) -> None:
        last = segment.events[-1] if segment.events else None
        if last is not None and (grown := last.grow(event)) is not None:
            self._waiting_bytes += grown
            return
        waiting = _Waiting(event, timestamp, [event.text], len(event.text.encode()), json_bytes(event.text))
        segment.events.append(waiting)
        self._waiting_bytes += waiting.size

    def _next(self) -> Update:
        if not self._segments:
            return self._update(self._published)
        segment = self._segments[0]
        events = self._numbered(segment.events)
        if segment.events:  # the next update has the rest, and the segment's state
            return self._update(self._published, events=events)
        self._segments.popleft()
        return self._update(segment.state, segment.results, events)

    def _numbered(self, waiting: deque[_Waiting]) -> tuple[NumberedEvent, ...]:
        room = EVENTS_BYTES
        events: list[NumberedEvent] = []
        while waiting and (room := room - waiting[0].size) >= 0:
            first = waiting.popleft()
            self._waiting_bytes -= first.size
            events.append(first.numbered(self._sequence + len(events) + 1))
        return tuple(events)

    def _update(
        self, state: SessionState, results: Results = NO_RESULTS, events: tuple[NumberedEvent, ...] = ()
    ) -> Update:
        usage = self._usage if self._usage != self._published_usage else None
        version = self._version if self._version != self._published_version else None
        return Update(self._session_id, self._run_id, self._revision + 1, state, results, events, usage, version)
