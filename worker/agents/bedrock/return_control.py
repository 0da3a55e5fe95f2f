"""Serves an agent that returns control: runs those of our own tools that it asks its caller to run.

An action group may hand its calls back to whoever invoked the agent instead of calling a Lambda. The results go into
the next InvokeAgent of the same conversation, as the service documents ("Return control to the agent developer").
"""

from collections.abc import Iterator, Mapping
from typing import Any

from worker.agents.bedrock.traces import Translator
from worker.agents.events import AgentEvent, ModelUsage
from worker.tools.call import Called, Outcome, ToolCall
from worker.tools.toolbox import ToolBox, known


class ReturnControl:
    """One hand-over of control, and the results that answer it."""

    def __init__(self, tools: ToolBox, translator: Translator) -> None:
        self._tools = tools
        self._translator = translator
        self._invocation_id = ""
        self._results: list[dict[str, Any]] = []

    def serve(self, payload: Mapping[str, Any]) -> Iterator[AgentEvent | ModelUsage]:
        """Run what the agent asks for, if all of it is ours; otherwise the translator has warned already."""
        wanted = [one.get("functionInvocationInput", {}) for one in payload.get("invocationInputs", [])]
        if not wanted or not all(known(call.get("function", "")) for call in wanted):
            return
        self._invocation_id = payload.get("invocationId", "")
        for place, call in enumerate(wanted):
            group, function = call.get("actionGroup", ""), call["function"]
            call_id = f"{self._invocation_id}-{place}" if place else self._invocation_id  # one id hands over them all
            yield from self._translator.handed_over(call_id, group, function)
            called = self._tools.run(ToolCall(call_id, function, {}))
            yield from called.usage
            yield from self._translator.served(call_id, group, called)
            self._results.append({"functionResult": _result(group, function, called)})

    def results(self) -> dict[str, Any]:
        """The arguments of the InvokeAgent that goes on; empty when the agent has not returned control."""
        if not self._results:
            return {}
        state = {"invocationId": self._invocation_id, "returnControlInvocationResults": self._results}
        return {"sessionState": state}


def _result(group: str, function: str, called: Called) -> dict[str, Any]:
    result: dict[str, Any] = {
        "actionGroup": group,
        "function": function,
        "responseBody": {"TEXT": {"body": called.text()}},
    }
    if called.outcome is not Outcome.DONE:
        result["responseState"] = "REPROMPT"  # FAILURE would end the agent's whole answer
    return result
