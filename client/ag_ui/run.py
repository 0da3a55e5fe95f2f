"""One AG-UI run: a session's updates in, AG-UI events out.

`Run` is pure and keeps the order: it starts once, closes whatever it opened, and ends once. `ag_ui_events` feeds it
from a stream and reports the stream's errors as the run's.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import datetime

from ag_ui.core import (
    PROTOCOL_VERSION,
    BaseEvent,
    CustomEvent,
    Interrupt,
    RunErrorEvent,
    RunFinishedCancelledOutcome,
    RunFinishedEvent,
    RunFinishedInterruptOutcome,
    RunFinishedOutcome,
    RunFinishedSuccessOutcome,
    RunStartedEvent,
    StepFinishedEvent,
    StepStartedEvent,
)

from client import words
from client.ag_ui.messages import Answer, ToolCalls, reasoning
from client.ag_ui.state import Shown, Snapshot, token_usage
from client.errors import ClientError
from client.merge import Update
from client.session import AgentEvent, State


async def ag_ui_events(
    updates: AsyncIterator[Update], thread_id: str, run_id: str, shown: Shown | None = None
) -> AsyncGenerator[BaseEvent, None]:
    """The run `run_id` on the thread `thread_id`, up to its end or the session's next review.

    Events that earlier runs have `shown` are left out. A `ClientError` of the stream ends the run with its message.
    """
    run = Run(thread_id, run_id, shown or Shown())
    yield run.started()
    try:
        async for update in updates:
            for event in run.take(update):
                yield event
            if run.ended:
                return
    except ClientError as error:
        message, code = str(error), type(error).__name__
    else:
        message, code = "The updates ended before the session did.", "Incomplete"
    for event in run.failed(message, code):
        yield event


class Run:
    """The run's events for each update. Call `started` first, and nothing once it has `ended`."""

    def __init__(self, thread_id: str, run_id: str, shown: Shown) -> None:
        self.ended = False
        self._thread_id = thread_id
        self._run_id = run_id
        self._shown = shown
        self._sequence = shown.sequence
        self._answer = Answer()
        self._calls = ToolCalls()
        self._snapshot = Snapshot()
        self._step: str | None = None

    def started(self) -> BaseEvent:
        return RunStartedEvent(thread_id=self._thread_id, run_id=self._run_id, protocol_version=PROTOCOL_VERSION)

    def take(self, update: Update) -> Iterator[BaseEvent]:
        for event in update.events:
            told = self._told(event, f"{update.state.session_id}-{event.sequence}")
            if event.sequence <= self._shown.sequence:
                # Taken in all the same: a later event may answer a call, or repeat a text, of an earlier run.
                _drop(told)
                _drop(self._answer.close())
            else:
                self._sequence = event.sequence
                yield from _stamped(told, event.timestamp, truncated=event.truncated)
        yield from _stamped(self._standing(update.state), update.state.updated_at)

    def failed(self, message: str, code: str) -> Iterator[BaseEvent]:
        """End the run with an error that is not the session's."""
        yield from self._closed()
        yield RunErrorEvent(message=message, code=code)

    def _told(self, event: AgentEvent, made_id: str) -> Iterator[BaseEvent]:
        match event.type:
            case "CHUNK":
                yield from self._answer.chunk(event, made_id)
                return
            case "FINAL_RESPONSE":
                yield from self._answer.final(event, made_id)
                return
        yield from self._answer.close()
        match event.type:
            case "REASONING":
                yield from reasoning(event, made_id)
            case "TOOL_CALL":
                yield from self._calls.call(event, made_id)
            case "TOOL_RESPONSE":
                yield from self._calls.response(event, made_id)
            case _:
                yield CustomEvent(name=event.type.lower(), value={"text": event.text, "tool": event.tool})

    def _standing(self, state: State) -> Iterator[BaseEvent]:
        """The session's stage and state after the events, and its end."""
        # A session that waits may still be short of events, which the stream reads; one that has ended never is.
        over = state.ended or (state.status == "AWAITING_REVIEW" and self._sequence >= state.last_sequence)
        if over:
            yield from self._closed()
        elif state.current_stage != self._step:
            yield from self._step_to(state.current_stage)
        if (changed := self._snapshot.changed(state, self._sequence)) is not None:
            yield changed
        if over:
            yield self._end(state)

    def _step_to(self, stage: str | None) -> Iterator[BaseEvent]:
        if self._step is not None:
            yield StepFinishedEvent(step_name=self._step)
        self._step = stage
        if stage is not None:
            yield StepStartedEvent(step_name=stage)

    def _closed(self) -> Iterator[BaseEvent]:
        self.ended = True
        yield from self._answer.close()
        yield from self._calls.close()
        yield from self._step_to(None)

    def _end(self, state: State) -> BaseEvent:
        usage = token_usage(state, self._shown.usage)
        outcome: RunFinishedOutcome
        match state.status:
            case words.COMPLETED:
                outcome = RunFinishedSuccessOutcome()
            case words.CANCELLED:
                outcome = RunFinishedCancelledOutcome()
            case "AWAITING_REVIEW":
                outcome = RunFinishedInterruptOutcome(interrupts=[_review(state)])
            case _:
                message = state.error_message or state.current_stage or state.status
                return RunErrorEvent(message=message, code=state.status, usage=usage)
        return RunFinishedEvent(thread_id=self._thread_id, run_id=self._run_id, outcome=outcome, usage=usage)


def _drop(events: Iterator[BaseEvent]) -> None:
    for _ in events:
        pass


def _review(state: State) -> Interrupt:
    """What the session waits for. The revision is what `reviewSession` asks for."""
    return Interrupt(
        id=f"{state.session_id}-{state.revision}",
        reason="review",
        message=state.current_stage,
        metadata={"revision": state.revision},
    )


def _stamped(events: Iterator[BaseEvent], moment: datetime, *, truncated: bool = False) -> Iterator[BaseEvent]:
    """Each event with its time in milliseconds, and a mark when the log has only a part of the text."""
    for event in events:
        event.timestamp = int(moment.timestamp() * 1000)
        if truncated:
            event.metadata = {"truncated": True}
        yield event
