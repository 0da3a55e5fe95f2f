"""Asks the model to fill in a form: one call, and one more in the same conversation if the answer has faults.

The service's passing faults are tried again. What a model turns out not to take (a tool that it must call, a cache
point, as many tokens) is left out, and remembered for the process. `reader` calls this from several threads.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from worker.agents.attempts import repeated
from worker.agents.converse import wire
from worker.agents.converse.errors import BrokenTurnError, passing
from worker.agents.events import AgentEvent, AgentItem, ModelUsage
from worker.agents.service import FOREIGN, code, detail
from worker.tools import json_schema
from worker.tools.analysis.model import prompt
from worker.tools.analysis.model.form import Form

if TYPE_CHECKING:
    from worker.tools.workbench import NotesModel

Value = TypeVar("Value")

MAX_TOKENS = 16_384
"""Tokens that one answer may take, reasoning included: four times as many as a part of the notes has. Bedrock reserves
as much of the account's quota for each call."""

_MOST_FAULTS = 40
"""How many faults the model is told: a list that is longer shows that it has misunderstood the form."""

_REFUSES_FORCE = re.compile(r"tool.?choice|thinking", re.IGNORECASE)
_REFUSES_CACHE = re.compile(r"cach", re.IGNORECASE)
_REFUSES_TOKENS = re.compile(r"max\w*[ _]?tokens\D*(?:\d+\D+)*?limit\D*(?P<limit>\d{3,})", re.IGNORECASE)

_CUT_OFF = frozenset({"max_tokens", "model_context_window_exceeded"})


class ModelReadError(Exception):
    """The model gave no usable answer. The message says why, as the rest of a sentence that begins with "because"."""


class CutOffError(ModelReadError):
    """The answer was longer than it may be. A shorter text may have a shorter one."""


class FaultsError(Exception):
    """An answer that can't be used. `faults` says what is wrong with it, each in words that the model can act on."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True)
class Habits:
    """What a model takes, as far as this process has learned."""

    forced: bool = True
    """Whether it can be made to call a tool."""
    caches: bool = True
    max_tokens: int = MAX_TOKENS

    def after(self, error: ClientError) -> "Habits | None":
        """What is learned when a model refuses a request that was made with these. None if there is nothing in it."""
        said = detail(error)
        if code(error) != "ValidationException":
            return None
        if self.forced and _REFUSES_FORCE.search(said):
            return replace(self, forced=False)
        if self.caches and _REFUSES_CACHE.search(said):
            return replace(self, caches=False)
        if (match := _REFUSES_TOKENS.search(said)) and int(match["limit"]) < self.max_tokens:
            return replace(self, max_tokens=int(match["limit"]))
        return None


_HABITS: dict[str, Habits] = {}
"""By the model's id. Threads that learn the same at the same time write the same."""


@dataclass
class Log:
    """What came up while the model was asked: warnings for the session's log, and what was spent. For any thread."""

    warnings: list[str] = field(default_factory=list)
    usage: list[ModelUsage] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """The service's own texts. They may name accounts and roles, so they are for the Lambda's log alone."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, item: AgentItem) -> None:
        with self._lock:
            if isinstance(item, ModelUsage):
                self.usage.append(item)
            elif isinstance(item, AgentEvent):
                self.warnings.append(item.text)

    def fault(self, text: str) -> None:
        with self._lock:
            self.faults.append(text)


class Asker:
    """Asks one model. It may be used by several threads at once."""

    def __init__(self, model: "NotesModel", log: Log, stop: threading.Event) -> None:
        """Once `stop` is set, nothing is asked any more."""
        self._model = model
        self._log = log
        self._stop = stop

    def fill_in(self, form: Form, system: str, task: str, read: Callable[[Mapping[str, Any]], Value]) -> Value:
        """What `read` makes of the model's input for the form. `read` raises FaultsError for one that is not usable.

        Raises:
            ModelReadError: the service failed, or the second answer has faults too.
        """
        messages: list[dict[str, Any]] = [{"role": "user", "content": [{"text": task}]}]
        for last in (False, True):
            reply = self._answer(form, system, messages)
            try:
                return read(_input(reply, form))
            except FaultsError as error:
                if last:
                    raise ModelReadError(_twice(error.faults)) from error
                messages += _sent_back(reply, error.faults)
        raise AssertionError("the loop returns or raises")

    def _answer(self, form: Form, system: str, messages: list[dict[str, Any]]) -> Mapping[str, Any]:
        """The model's next message, with its stop reason, after as many attempts as it needs."""
        replies: list[Mapping[str, Any]] = []

        def attempt(_: int) -> Iterator[AgentItem]:
            self._check_stop()
            response = self._called(form, system, messages)
            yield wire.model_usage(self._model.model_id, response.get("usage") or {})
            replies.append(_whole(response))

        try:
            for item in repeated(
                attempt,
                lambda error: None if self._stop.is_set() else passing(error),
                who="The model that reads the notes",
                what="the reading",
                random=self._model.random,
                sleep=self._model.sleep or self._stop.wait,
            ):
                self._log.take(item)
        except (*FOREIGN, BrokenTurnError) as error:
            self._log.fault(f"{code(error)}: {detail(error)}")
            said = f": {error}" if isinstance(error, BrokenTurnError) else ""
            raise ModelReadError(f"the service failed ({code(error)}{said})") from error
        return replies[-1]

    def _check_stop(self) -> None:
        if self._stop.is_set():
            raise ModelReadError("the reading was stopped")

    def _called(self, form: Form, system: str, messages: list[dict[str, Any]]) -> Mapping[str, Any]:
        while True:
            habits = _HABITS.get(self._model.model_id, Habits())
            try:
                return self._model.client.converse(**self._request(form, system, messages, habits))
            except ClientError as error:
                learned = habits.after(error)
                if learned is None:
                    raise
                _HABITS[self._model.model_id] = learned

    def _request(self, form: Form, system: str, messages: list[dict[str, Any]], habits: Habits) -> dict[str, Any]:
        choice: dict[str, Any] = {"tool": {"name": form.name}} if habits.forced else {"auto": {}}
        asked = messages
        if not habits.forced:
            first, *rest = messages
            order = {"text": prompt.CALL_THE_TOOL.format(name=form.name)}
            asked = [{**first, "content": [*first["content"], order]}, *rest]
        return {
            "modelId": self._model.model_id,
            "system": [{"text": system}, *([wire.CACHE_POINT] if habits.caches else [])],
            "messages": asked,
            "toolConfig": {"tools": [form.tool()], "toolChoice": choice},
            "inferenceConfig": {"maxTokens": habits.max_tokens},
            **wire.guardrail(self._model.guardrail_id, self._model.guardrail_version),
        }


def _whole(response: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message of a response that the model has finished."""
    reason, message = response.get("stopReason"), (response.get("output") or {}).get("message") or {}
    if reason in wire.MALFORMED:
        raise BrokenTurnError(reason)
    if reason in _CUT_OFF:
        raise CutOffError(f"its answer was cut off ({reason})")
    if reason in wire.BLOCKED:
        raise ModelReadError(f"a guardrail or filter blocked its answer ({reason})")
    content = message.get("content") or ()
    if not any("toolUse" in block or block.get("text", "").strip() for block in content):
        raise BrokenTurnError("the model said nothing")
    if not all(block["toolUse"].keys() >= {"toolUseId", "name"} for block in content if "toolUse" in block):
        raise BrokenTurnError("it calls a tool without a name or an id")
    return dict(message)


def _input(message: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    """The form as the model filled it in."""
    uses = [block["toolUse"] for block in message["content"] if "toolUse" in block]
    filled = [use for use in uses if use["name"] == form.name]
    if not filled:
        raise FaultsError([f"you did not call the tool {form.name}: call it, and put everything into its input"])
    given = json_schema.unwrapped(filled[0].get("input"), form.schema)
    if found := list(json_schema.faults(given, form.schema)):
        raise FaultsError(found)
    return dict(given)


def _sent_back(message: Mapping[str, Any], faults: list[str]) -> list[dict[str, Any]]:
    """The model's message as it came, and what is wrong with it: an answer to each of its tool calls."""
    shown = faults[:_MOST_FAULTS]
    if len(faults) > len(shown):
        shown.append(f"and {len(faults) - len(shown)} more of the same kinds")
    said: list[dict[str, Any]] = [
        {"toolUse": _object_input(block["toolUse"])} if "toolUse" in block else block
        for block in message["content"]
        if block.get("text", "x").strip()  # the service refuses a text of white space
    ]
    text = prompt.faulty(shown)
    results: list[dict[str, Any]] = [
        {"toolResult": {"toolUseId": block["toolUse"]["toolUseId"], "status": "error", "content": [{"text": text}]}}
        for block in said
        if "toolUse" in block
    ]
    return [{"role": "assistant", "content": said}, {"role": "user", "content": results or [{"text": text}]}]


def _object_input(use: Mapping[str, Any]) -> Mapping[str, Any]:
    """The call with an input that the service takes back: it refuses one that is no object."""
    return use if isinstance(use.get("input"), dict) else {**use, "input": {}}


def _twice(faults: list[str]) -> str:
    more = f" and {len(faults) - 1} more" if len(faults) > 1 else ""
    return f"its second answer still had faults ({faults[0][:200]}{more})"
