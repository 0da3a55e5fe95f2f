"""One run of the workflow: it follows the agent, publishes what happens, and delivers the session's end.

It waits for the next agent event or the next update's time, whichever is first. What an event means is the
workflow's to say, what goes out when is the outbox's; agent, publisher, workspace and clock are passed in by
`worker.handler`. It stops without a trace as soon as the API says that another run has the session.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import UTC

from schema.refusals import ConflictReason
from schema.statuses import AgentEventType, SessionStatus
from schema.usage import Usage
from worker import metrics, workflow
from worker.agents.events import (
    AgentError,
    AgentEvent,
    AgentItem,
    AgentNotConfiguredError,
    ModelUsage,
    Step,
)
from worker.agents.service import code
from worker.checkpoint import Checkpoint
from worker.feed import Feed, Resumed, StreamEnded
from worker.log import logger
from worker.outbox import Outbox
from worker.publisher import (
    PublishConflictError,
    Publisher,
    PublishFailedError,
    PublishRefusedError,
    UpdateInvalidError,
)
from worker.timing.clock import Timing
from worker.updates import NO_RESULTS, Reply, Results, SessionState, Update, plus

RESERVE_SECONDS = 20.0
"""Kept of the Lambda's time to deliver the session's end, rather than be killed in the middle of the work. One wait
for the workspace fits in as well: the last may begin as the work's time ends, and none begins later."""

MARGIN_SECONDS = 2.0
"""Kept of the reserve to return."""

PROGRESS_PATIENCE_SECONDS = 20.0
"""How long one progress update is tried before it waits for the next: far less than the lease lasts."""

_LAST_LOOKS_SECONDS = 18.0
_SECONDS_BETWEEN_LOOKS = 2.0
"""For how long after the agent's last word another reading of the workspace may begin, and the pause before each.
Nothing is published meanwhile: with the time since the last heartbeat and a last reading of a silent S3, all that
stays within the lease."""

OUT_OF_TIME = (
    "The assessment ran out of time: the agent was still at work when the worker's time limit came near. "
    f"{workflow.RETRY}"
)
TURN_LOST = (
    "The worker was replaced in the middle of the agent's turn: what the agent said in it no longer counts, the turn "
    "starts again."
)
INTERNAL = f"The worker failed unexpectedly; its log has the details. {workflow.RETRY}"


class Run:
    """The run that holds a session."""

    def __init__(  # noqa: PLR0913 - each is a part of the run that a test replaces
        self,
        session_id: str,
        run_id: str,
        claimed: Reply,
        *,
        publisher: Publisher,
        produced: Callable[[], Results],
        save: Callable[[Checkpoint], object],
        timing: Timing,
        deadline: float,
        version: Callable[[], int] = lambda: 1,
        ends_with_review: bool = False,
    ) -> None:
        """`produced` reads what the workspace holds, and `save` keeps where a conversation stands.

        `version` is the version of the proposal that the workspace is at. `ends_with_review` lets the session wait
        for a person once it is priced.

        `deadline` is the clock's time at which Lambda would kill us.
        """
        self._publisher = publisher
        self._produced = produced
        self._save = save
        self._timing = timing
        self._work_ends = deadline - RESERVE_SECONDS
        self._deadline = deadline - MARGIN_SECONDS
        self._version = version
        self._workflow = workflow.resumed(claimed, ends_with_review=ends_with_review)
        self._outbox = Outbox(session_id, run_id, claimed, self._workflow.state, timing.clock())
        self._status = self._workflow.state.status
        self._cancel_requested = claimed.cancel_requested
        self._claimed_sequence = claimed.last_sequence
        self._claimed_usage = self._usage = claimed.usage
        self._results: Results = NO_RESULTS
        self._refused: Update | None = None
        self._tool_calls = 0
        self._chunks = 0

    def follow(self, start_agent: Callable[[], Feed]) -> SessionStatus | None:
        """Work until the session has ended and say how; None when another run has taken it.

        Raises:
            PublishFailedError, PublishRefusedError: the session's end could not be delivered.
            PublishConflictError: this run holds the session, but its count and the API's differ.
        """
        try:
            end = self._end(start_agent)
            self._outbox.put(end, self._timestamp())
            while not self._outbox.empty:
                self._publish(self._deadline, patient=True)
        except PublishConflictError as conflict:
            if conflict.info.get("reason") == ConflictReason.OUT_OF_ORDER:
                raise  # We hold the session and lost count: a new run resumes.
            logger.warning("[SESSION] Taken by another run, ended or gone: stopping", reason=str(conflict))
            return None
        logger.info(f"[SESSION] {end.status}", error_length=len(end.error_message or ""), usage=asdict(self._usage))
        metrics.model_usage(self._claimed_usage, self._usage)
        return end.status

    def _end(self, start_agent: Callable[[], Feed]) -> SessionState:
        if self._cancel_requested:
            return self._workflow.cancelled()
        if self._timing.clock() >= self._work_ends:
            return self._out_of_time()
        feed: Feed | None = None
        try:
            feed = start_agent()
            return self._read(feed)
        except AgentNotConfiguredError as error:
            logger.error("[BEDROCK AGENT] Not configured", reason=str(error), code=error.code, detail=error.detail)
            metrics.configuration_error()
            return self._workflow.failed(str(error), SessionStatus.CONFIGURATION_ERROR)
        except AgentError as error:
            logger.warning("[BEDROCK AGENT] Failed", code=error.code, detail=error.detail)
            metrics.refusal(error.code)
            return self._workflow.failed(str(error))
        except (PublishConflictError, PublishRefusedError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the session must not stay unended
            logger.exception("[SESSION] The run failed")
            metrics.refusal(code(error))
            return self._workflow.failed(INTERNAL)
        finally:
            if feed is not None:
                feed.close()

    def _read(self, feed: Feed) -> SessionState:
        while True:
            now = self._timing.clock()
            if now >= self._work_ends:
                return self._out_of_time()
            if self._cancel_requested:
                return self._workflow.cancelled()
            due = self._outbox.due()
            if due <= now:
                self._publish(min(self._work_ends, now + PROGRESS_PATIENCE_SECONDS))
                continue
            wait = min(due, self._work_ends) - now
            if self._outbox.full:
                self._timing.sleep(wait)
                continue
            item = feed.next(wait)
            if isinstance(item, StreamEnded):
                if item.error is not None:
                    raise item.error
                return self._judged()
            if item is not None:
                self._receive(item)
            if self._workflow.reviewable(self._results.keys()):
                return self._workflow.waiting()

    def _receive(self, item: AgentItem | Resumed) -> None:
        match item:
            case Resumed():
                self._go_on_from(item.checkpoint)
            case Step():
                for event in item.events:
                    self._take(event)
                self._keep(item.conversation)
            case ModelUsage():
                self._spend(plus(self._usage, item))
            case AgentEvent():
                self._take(item)

    def _keep(self, conversation: Mapping[str, object]) -> None:
        """Save where the conversation stands, before its newest events are published."""
        if self._timing.clock() >= self._work_ends:
            return  # the wait for a tool's output has used the reserve's share: the run ends now
        log = self._outbox.unpublished()
        sequence = self._outbox.last_sequence
        try:
            self._save(Checkpoint(sequence, log, self._workflow.answered, self._usage, conversation))
        except Exception:  # noqa: BLE001 - the conversation goes on; only a run that takes over would miss it
            logger.exception("[SESSION] The conversation could not be saved")

    def _go_on_from(self, left: Checkpoint) -> None:
        """Tell what the run before could not, and take over what it had reached."""
        untold = left.untold(self._claimed_sequence)
        new = NO_RESULTS
        if self._workflow.ends_with_review or any(event.type is AgentEventType.TOOL_RESPONSE for event in untold):
            new = self._look_again()
        for event in untold:  # with what the run before has noted about them: `_take` would note it again
            self._note(event, new)
            new = NO_RESULTS
        self._workflow = replace(self._workflow, answered=left.answered)
        self._spend(max(self._usage, left.usage, key=lambda usage: usage.input_tokens + usage.output_tokens))
        if self._claimed_sequence > left.sequence:
            self._note(AgentEvent(AgentEventType.WARNING, TURN_LOST))

    def _spend(self, usage: Usage) -> None:
        self._usage = usage
        self._outbox.spend(usage)

    def _out_of_time(self) -> SessionState:
        logger.warning("[SESSION] Out of time")
        return self._workflow.failed(OUT_OF_TIME)

    def _take(self, event: AgentEvent) -> None:
        new = NO_RESULTS
        warning: AgentEvent | None = None
        if event.type is AgentEventType.TOOL_CALL:
            self._tool_calls += 1
            logger.info(f"[TOOL CALL #{self._tool_calls}] {event.tool}")
        elif event.type is not AgentEventType.CHUNK:
            logger.info(f"[BEDROCK AGENT] {event.type}", tool=event.tool, length=len(event.text))
        if event.type is AgentEventType.TOOL_RESPONSE:
            new, warning = self._after_tool(event)
        self._note(event, new)
        if warning is not None:
            self._note(warning)
        for said in workflow.warnings(event):
            # Not the agent's: it must not explain an error that the agent runs into later.
            self._outbox.put(self._workflow.state, self._timestamp(), said, now=self._timing.clock())

    def _note(self, event: AgentEvent, new: Results = NO_RESULTS) -> None:
        self._workflow = self._workflow.after(event, self._results.keys())
        self._outbox.put(self._workflow.state, self._timestamp(), event, new, now=self._timing.clock())

    def _after_tool(self, event: AgentEvent) -> tuple[Results, AgentEvent | None]:
        """What a tool's answer added to the results, and the warning if it added nothing."""
        try:
            new = self._look()
        except Exception:  # noqa: BLE001 - the agent may go on; the workspace is read again
            logger.exception("[SESSION] The workspace could not be read")
            return NO_RESULTS, AgentEvent(
                AgentEventType.WARNING, f"{event.tool} answered, but the worker could not read the session's workspace"
            )
        return new, workflow.missing_output(event, self._results.keys())

    def _look_again(self) -> Results:
        """What the workspace holds for a run that takes over; nothing when it can't be read yet."""
        try:
            return self._look()
        except Exception:  # noqa: BLE001 - it is read again
            logger.exception("[SESSION] The workspace could not be read")
            return NO_RESULTS

    def _look(self) -> Results:
        """Read the workspace; what is new there since the last look."""
        found = self._produced()
        new = {field: value for field, value in found.items() if self._results.get(field) != value}
        self._results = found
        if found:
            self._outbox.propose(self._version())
        return new

    def _judged(self) -> SessionState:
        """The end that the agent's stream has led to, with what the workspace holds by now."""
        new = self._last_look()
        outputs = sorted(self._results)
        logger.info("[BEDROCK AGENT] The stream has ended", answered=self._workflow.answered, outputs=outputs)
        end = self._workflow.ended(self._results.keys())
        if new:
            self._outbox.put(end, self._timestamp(), results=new)
        return end

    def _last_look(self) -> Results:
        """Read the workspace, again if need be and time is left: on this reading hangs whether the work counts."""
        last = min(self._timing.clock() + _LAST_LOOKS_SECONDS, self._work_ends)
        while True:
            try:
                return self._look()
            except Exception:
                if self._timing.clock() + _SECONDS_BETWEEN_LOOKS >= last:
                    raise
                logger.exception("[SESSION] The workspace could not be read: reading it again")
                self._timing.sleep(_SECONDS_BETWEEN_LOOKS)

    def _publish(self, deadline: float, *, patient: bool = False) -> None:
        update = self._outbox.take()
        try:
            reply = self._publisher.update_session_status(update, deadline=deadline, patient=patient)
        except UpdateInvalidError as error:
            if self._refused is not None and self._refused.revision == update.revision:
                raise
            self._refused = update
            self._outbox.refused(str(error), self._timestamp())
            logger.exception("[SESSION] An update was refused: sending it without its events", revision=update.revision)
        except (PublishFailedError, PublishRefusedError) as error:
            if patient:
                raise
            self._outbox.failed(self._timing.clock())
            logger.warning("[SESSION] An update waits", revision=update.revision, reason=str(error))
        else:
            self._outbox.answered(self._timing.clock())
            self._cancel_requested = self._cancel_requested or reply.cancel_requested
            self._log(update)

    def _log(self, update: Update) -> None:
        if update.state.status is not self._status:
            self._status = update.state.status
            logger.info(f"[SESSION] {self._status}", stage=update.state.current_stage, revision=update.revision)
        for numbered in update.events:
            if numbered.event.type is AgentEventType.CHUNK:
                self._chunks += 1
                logger.info(f"[CHUNK #{self._chunks}]", sequence=numbered.sequence, length=len(numbered.event.text))

    def _timestamp(self) -> str:
        return self._timing.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
