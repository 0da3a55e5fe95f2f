"""The adapter for Converse: turns of a model and calls of tools, until the model has said its last word.

It asks for one turn at a time, repeats a turn that breaks, runs the tools that the model calls, and yields agent
events. After each step it hands out the conversation, so that another run can go on from there. It knows no session
status. `worker.handler` builds one stream for each run.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from schema.statuses import AgentEventType, Tool
from worker.agents.attempts import repeated
from worker.agents.converse import prompt, wire
from worker.agents.converse.conversation import Conversation
from worker.agents.converse.errors import BrokenTurnError, failure, passing
from worker.agents.converse.turn import Turn
from worker.agents.events import AgentError, AgentEvent, AgentItem, Step
from worker.agents.service import FOREIGN, code, detail, wake
from worker.tools import toolbox
from worker.tools.call import Called, Outcome, ToolCall
from worker.tools.toolbox import ToolBox, specifications

if TYPE_CHECKING:
    from botocore.eventstream import EventStream
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

MAX_TURNS = 30
"""Five tools, each called twice, and an answer take eleven turns: a model that needs thirty goes round in circles."""

MAX_TOKENS = 8_192
"""Tokens that one turn may take, reasoning included. Bedrock reserves as much of the account's quota when the turn
starts; without a limit it reserves the model's maximum, which is the commonest cause of throttling."""

READ_SECONDS = 300.0
"""The longest silence of a turn: a model may think for minutes before its first token."""

_UNKNOWN = "The agent stopped for a reason that this worker does not know: {}. Retry the session."

_BLOCKED = {
    "guardrail_intervened": "A guardrail intervened in the model's answer",
    "content_filtered": "The model's answer was filtered for its content",
}
_WHOLE = frozenset({"end_turn", "stop_sequence", "tool_use"})
"""The model has said what it wanted to. Whether it calls tools shows in its blocks: models are known to call one and
to stop with `end_turn`."""

_FINAL = frozenset({"end_turn", "stop_sequence", *_BLOCKED})
_FINAL_WARNINGS = {**_BLOCKED, "max_tokens": f"The agent's answer was cut off at {MAX_TOKENS} tokens"}
_FAILURES = {
    "max_tokens": f"The agent's turn was cut off at {MAX_TOKENS} tokens before it called a tool. Retry the session.",
    "model_context_window_exceeded": (
        "The conversation is longer than the model can take. Set AGENT_MODEL_ID to a model with a larger context, then"
        " retry the session."
    ),
    "tool_use": "The agent said that it calls a tool, but named none. Retry the session.",
}
"""Stop reasons that end the run, in a person's words."""


@dataclass(frozen=True, slots=True)
class Model:
    """Which model to ask, and how."""

    model_id: str
    """A model's or an inference profile's id or ARN."""
    guardrail_id: str = ""
    guardrail_version: str = ""

    def fingerprint(self) -> str:
        """Tells whether a saved conversation was led with the same model, prompt and tools."""
        tools = specifications(Tool)
        asked = json.dumps([self.model_id, prompt.SYSTEM, tools, self.guardrail_id, self.guardrail_version])
        return hashlib.sha256(asked.encode()).hexdigest()[:32]


class ConverseStream:
    """A running conversation: a `worker.agents.events.AgentStream`."""

    def __init__(
        self,
        client: "BedrockRuntimeClient",
        model: Model,
        task: str,
        tools: ToolBox,
        *,
        session_id: str,
        saved: Mapping[str, Any] | None,
        random: Callable[[], float],
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        """A conversation that starts, or goes on from what was `saved`, when it is iterated.

        `session_id` goes with each request, so that you can search Bedrock's invocation log for a session. `random`
        gives numbers of [0, 1) for the backoff's jitter. `sleep` takes seconds; without one the stream waits in a way
        that `close` ends.
        """
        self._client = client
        self._model = model
        self._tools = tools
        self._session_id = session_id
        self._random = random
        self._closed = threading.Event()
        self._pause = sleep or self._closed.wait
        self._reading: EventStream[Any] | None = None
        self._caches = True
        self._done: set[str] = set()
        self._last = Turn(model.model_id, live=False)
        self._begins = saved is None
        self._talk = Conversation.begun(task)
        if saved is not None:
            self._talk = Conversation.restored(saved)
            self._done = set(saved["done"])

    def __iter__(self) -> Iterator[AgentItem]:
        try:
            yield from self._turns()
        except (*FOREIGN, BrokenTurnError) as error:
            if not self._closed.is_set():
                raise failure(error) from error

    def close(self) -> None:
        self._closed.set()
        if self._reading is not None:
            wake(self._reading)

    def _turns(self) -> Iterator[AgentItem]:
        if self._begins and not self._closed.is_set():
            yield self._step()  # a run that takes over in the first turn finds that there was one
        # The call of the first tool that waits was told with the step that the conversation was restored from.
        yield from self._run(self._talk.pending())
        for _ in range(MAX_TURNS):
            if self._talk.ended or self._closed.is_set():
                return
            yield from repeated(self._turn, self._passing, what="the turn", random=self._random, sleep=self._pause)
            yield from self._after(self._last)
        if not (self._talk.ended or self._closed.is_set()):
            raise AgentError(f"The agent did not finish within {MAX_TURNS} turns. Retry the session.", "TooManyTurns")

    def _passing(self, error: BaseException) -> str | None:
        return None if self._closed.is_set() else passing(error)  # `close` breaks the connection itself

    def _turn(self, _attempt: int) -> Iterator[AgentItem]:
        """One turn as it is streamed. It ends early, and without an error, once the stream is closed."""
        if self._closed.is_set():
            return
        self._last = turn = Turn(self._model.model_id, live=self._tools.all_done(self._done))
        with closing(self._asked()) as stream:
            self._reading = stream
            if self._closed.is_set():  # before there was a read that `close` could wake
                return
            for event in stream:
                if self._closed.is_set():
                    return
                yield from turn.take(event)
        if self._closed.is_set():
            return
        if turn.stop_reason is None:
            raise BrokenTurnError("its stream ended before the model had stopped")
        if turn.stop_reason in wire.MALFORMED:
            raise BrokenTurnError(turn.stop_reason)
        if turn.stop_reason in _WHOLE and not (turn.text() or turn.calls()):
            raise BrokenTurnError("the model said nothing")

    def _asked(self) -> "EventStream[Any]":
        try:
            return self._client.converse_stream(**self._request())["stream"]
        except ClientError as error:
            if not (self._caches and code(error) == "ValidationException" and "cach" in detail(error).lower()):
                raise
            self._caches = False  # some models take no cache points
            return self._client.converse_stream(**self._request())["stream"]

    def _request(self) -> dict[str, Any]:
        cache_point = [wire.CACHE_POINT] if self._caches else []
        return {
            "modelId": self._model.model_id,
            "system": [{"text": prompt.SYSTEM}, *cache_point],
            "messages": self._talk.messages,
            "toolConfig": {"tools": [*specifications(self._tools.offered), *cache_point]},
            "inferenceConfig": {"maxTokens": MAX_TOKENS},
            "requestMetadata": {"session_id": self._session_id},
            **wire.guardrail(self._model.guardrail_id, self._model.guardrail_version),
        }

    def _after(self, turn: Turn) -> Iterator[AgentItem]:
        """What a whole turn leads to: tool calls, the final response, or a failure."""
        if self._closed.is_set():
            return
        reason, calls = turn.stop_reason, turn.calls()
        if calls and reason in _WHOLE:
            self._talk.said(turn.content())
            yield self._step(_called(calls[0]))
            yield from self._run(calls)
        elif reason in _FINAL or (reason == "max_tokens" and turn.text() and not calls):
            warning, text = _FINAL_WARNINGS.get(reason or ""), turn.text()
            said = [block for block in turn.content() if "toolUse" not in block]  # a blocked turn's calls are not run
            self._talk.said(said or [{"text": warning}])
            yield self._step(
                *([AgentEvent(AgentEventType.WARNING, warning)] if warning else []),
                *([AgentEvent(AgentEventType.FINAL_RESPONSE, text)] if text else []),
            )
        else:
            raise AgentError(_FAILURES.get(reason or "") or _UNKNOWN.format(reason), f"stopReason {reason}")

    def _run(self, calls: Sequence[ToolCall]) -> Iterator[AgentItem]:
        for call, following in zip_longest(calls, calls[1:]):
            if self._closed.is_set():
                return
            called = self._tools.run(call)
            yield from called.usage  # before the step, so that what is saved with it counts them
            if called.outcome is Outcome.DONE:
                self._done.add(call.name)
            self._talk.answer(call, called.answer, failed=called.outcome is not Outcome.DONE)
            yield self._step(_responded(call, called), *([_called(following)] if following else []))

    def _step(self, *events: AgentEvent) -> Step:
        return Step(events, {**self._talk.saved(), "done": sorted(self._done)})


def _called(call: ToolCall) -> AgentEvent:
    return AgentEvent(AgentEventType.TOOL_CALL, toolbox.call_text(call), toolbox.display_name(call), call_id=call.id)


def _responded(call: ToolCall, called: Called) -> AgentEvent:
    tool = toolbox.display_name(call)
    if called.outcome is Outcome.TOO_EARLY:
        return AgentEvent(AgentEventType.WARNING, f"{tool} asked the agent to try again: {called.text()}")
    return AgentEvent(AgentEventType.TOOL_RESPONSE, called.text(), tool, call_id=call.id)
