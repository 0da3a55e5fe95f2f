"""The agent's log as AG-UI messages: reasoning, the streamed answer, and tool calls with their results.

Pure. Each class keeps what it has opened and closes it on demand; `client.ag_ui.run` says when.
"""

from collections.abc import Iterator

from ag_ui.core import (
    BaseEvent,
    ReasoningEndEvent,
    ReasoningMessageContentEvent,
    ReasoningMessageEndEvent,
    ReasoningMessageStartEvent,
    ReasoningStartEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
    ToolCallArgsEvent,
    ToolCallEndEvent,
    ToolCallResultEvent,
    ToolCallStartEvent,
)

from client.session import AgentEvent


def reasoning(event: AgentEvent, made_id: str) -> Iterator[BaseEvent]:
    """A REASONING event: a span with one message."""
    yield ReasoningStartEvent(message_id=made_id)
    yield ReasoningMessageStartEvent(message_id=made_id, role="reasoning")
    yield ReasoningMessageContentEvent(message_id=made_id, delta=event.text)
    yield ReasoningMessageEndEvent(message_id=made_id)
    yield ReasoningEndEvent(message_id=made_id)


class Answer:
    """The text messages: one for each run of chunks, and one for a final response that they did not say."""

    def __init__(self) -> None:
        self._open = False
        self._id = ""
        self._said = ""
        """The text of the newest message, also after it was closed."""
        self._all_said = ""

    def chunk(self, event: AgentEvent, made_id: str) -> Iterator[BaseEvent]:
        if not event.text:
            return
        if not self._open:
            self._said = ""
            yield from self._start(made_id)
        yield from self._content(event.text)

    def final(self, event: AgentEvent, made_id: str) -> Iterator[BaseEvent]:
        """The agent repeats at the end what it streamed, or the last part of it: only what is new is given."""
        text, said = event.text.strip(), self._said.lstrip()
        if said and text.startswith(said):
            if rest := text[len(said) :]:
                if not self._open:
                    yield from self._start(self._id)
                yield from self._content(rest)
        elif text and not any(_tells(whole, text) for whole in (self._said, self._all_said)):
            yield from self.close()
            yield from self._start(made_id)
            yield from self._content(text)
        yield from self.close()
        self._said = self._all_said = ""

    def close(self) -> Iterator[BaseEvent]:
        if self._open:
            self._open = False
            yield TextMessageEndEvent(message_id=self._id)

    def _start(self, message_id: str) -> Iterator[BaseEvent]:
        self._id, self._open = message_id, True
        yield TextMessageStartEvent(message_id=message_id, role="assistant")

    def _content(self, text: str) -> Iterator[BaseEvent]:
        self._said += text
        self._all_said += text
        yield TextMessageContentEvent(message_id=self._id, delta=text)


def _tells(said: str, text: str) -> bool:
    """Whether `text` is what was said, but for what was cut off at its end or came from an earlier turn."""
    said = said.strip()
    return said.startswith(text) or said.endswith(text)


class ToolCalls:
    """The tool calls. A response answers the call with its id, or else the oldest open call of its tool."""

    def __init__(self) -> None:
        self._open: list[tuple[str | None, str | None, str]] = []
        """The log's id, the tool and AG-UI's id of each call that has no response yet."""
        self._used: set[str] = set()

    def call(self, event: AgentEvent, made_id: str) -> Iterator[BaseEvent]:
        known = event.tool_call_id
        call_id = known if known and known not in self._used else made_id
        self._used.add(call_id)
        self._open.append((known, event.tool, call_id))
        yield ToolCallStartEvent(tool_call_id=call_id, tool_call_name=event.tool or "tool")
        if event.text:
            yield ToolCallArgsEvent(tool_call_id=call_id, delta=event.text)
        yield ToolCallEndEvent(tool_call_id=call_id)

    def response(self, event: AgentEvent, made_id: str) -> Iterator[BaseEvent]:
        called = self._answered(event)
        if called is None:
            # A result must name a call that the frontend knows.
            called = f"{made_id}-call"
            yield ToolCallStartEvent(tool_call_id=called, tool_call_name=event.tool or "tool")
            yield ToolCallEndEvent(tool_call_id=called)
        yield ToolCallResultEvent(message_id=made_id, tool_call_id=called, content=event.text)

    def close(self) -> Iterator[BaseEvent]:
        """An empty result for each open call: a frontend takes a call without one for its own to answer."""
        for _, _, call_id in self._open:
            yield ToolCallResultEvent(message_id=f"{call_id}-none", tool_call_id=call_id, content="")
        self._open.clear()

    def _answered(self, event: AgentEvent) -> str | None:
        for entry in self._open:
            known, tool, call_id = entry
            if known == event.tool_call_id if known and event.tool_call_id else tool == event.tool:
                self._open.remove(entry)
                return call_id
        return None
