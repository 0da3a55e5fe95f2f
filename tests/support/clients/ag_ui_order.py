"""The order in which AG-UI 1.0 allows the events of a run, as a consumer checks it.

Written after the protocol's pages "Runs and Steps", "Streaming Messages" and "Reasoning". The package has the events'
shapes but no order, so the tests bring their own.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ag_ui.core import Event
from pydantic import TypeAdapter

_EVENT: TypeAdapter[Any] = TypeAdapter(Event)

# What an event opens or closes: the kind of item, and the field that names the item.
_OPENS: Mapping[str, tuple[str, str]] = {
    "TEXT_MESSAGE_START": ("text", "messageId"),
    "TOOL_CALL_START": ("call", "toolCallId"),
    "REASONING_START": ("span", "messageId"),
    "REASONING_MESSAGE_START": ("thought", "messageId"),
    "STEP_STARTED": ("step", "stepName"),
}
_GOES_ON: Mapping[str, tuple[str, str]] = {
    "TEXT_MESSAGE_CONTENT": ("text", "messageId"),
    "TOOL_CALL_ARGS": ("call", "toolCallId"),
    "REASONING_MESSAGE_CONTENT": ("thought", "messageId"),
}
_CLOSES: Mapping[str, tuple[str, str]] = {
    "TEXT_MESSAGE_END": ("text", "messageId"),
    "TOOL_CALL_END": ("call", "toolCallId"),
    "REASONING_END": ("span", "messageId"),
    "REASONING_MESSAGE_END": ("thought", "messageId"),
    "STEP_FINISHED": ("step", "stepName"),
}
_STANDALONE = {"STATE_SNAPSHOT", "STATE_DELTA", "CUSTOM", "TOOL_CALL_RESULT"}
_TERMINAL = {"RUN_FINISHED", "RUN_ERROR"}


def check_run(events: Iterable[Mapping[str, Any]], earlier: Iterable[Mapping[str, Any]] = ()) -> None:
    """Fail if the events of one run are not a valid sequence, or if one does not fit its model.

    `earlier` are the events of a run before it on the same thread, whose tool calls it may answer.
    """
    first, *middle, last = events
    assert first["type"] == "RUN_STARTED"
    assert last["type"] in _TERMINAL
    items: set[tuple[str, str]] = set()
    calls = {event["toolCallId"]: True for event in earlier if event["type"] == "TOOL_CALL_START"}
    for event in (first, *middle, last):
        _check_shape(event)
    for event in middle:
        kind = event["type"]
        if kind in _OPENS:
            item = _item(event, _OPENS)
            assert item not in items, f"{item} is open already"
            items.add(item)
        elif kind in _GOES_ON:
            assert _item(event, _GOES_ON) in items, f"{event} goes on with what is not open"
        elif kind in _CLOSES:
            items.remove(_item(event, _CLOSES))
        else:
            assert kind in _STANDALONE, kind
        if kind == "TOOL_CALL_START":
            calls[event["toolCallId"]] = False
        if kind == "TOOL_CALL_RESULT":
            assert event["toolCallId"] in calls, "a result of a call that nobody made"
            calls[event["toolCallId"]] = True
    assert not items, f"still open at the end: {items}"
    assert all(calls.values()), "a frontend would take a call without a result for its own"


def _item(event: Mapping[str, Any], table: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    kind, field = table[event["type"]]
    return kind, event[field]


def _check_shape(event: Mapping[str, Any]) -> None:
    """The model takes the event, and knows each of its fields: it keeps those that it does not know."""
    assert not _EVENT.validate_python(event).model_extra
