"""The run of a reviewed session: the worker prices what the reviewer has changed, then the agent makes the documents.

No model is asked for the price. The call of CostCalculator and its answer are events like the agent's, so whoever
follows the session sees the new price. A run that takes over after the price tells it no second time.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from schema.review import Review
from schema.statuses import AgentEventType, Tool
from worker.agents.events import AgentError, AgentEvent, AgentItem, AgentStream
from worker.tools.call import Outcome, ToolCall
from worker.tools.declarations import TOOLS
from worker.tools.toolbox import ToolBox

if TYPE_CHECKING:
    from worker.tools.review.apply import Reviewed

RETRY = "Retry the session: the review is kept."


class ReviewedStream:
    """The events of a reviewed run: a `worker.agents.events.AgentStream`."""

    def __init__(
        self,
        review: Review,
        reviewed: "Reviewed",
        tools: ToolBox,
        agent: Callable[[Mapping[str, object]], AgentStream] | None,
    ) -> None:
        """`agent` starts the agent, which is told CostCalculator's answer; None ends the run with the price."""
        self._review = review
        self._reviewed = reviewed
        self._tools = tools
        self._start_agent = agent
        self._agent: AgentStream | None = None
        self._closed = False

    def __iter__(self) -> Iterator[AgentItem]:
        call = ToolCall(f"review-{self._review.id}", TOOLS[Tool.COST_CALCULATOR].function, {})
        called = self._tools.run(call)
        yield from called.usage
        if called.outcome is not Outcome.DONE:
            raise AgentError(f"The reviewed proposal could not be priced: {called.answer.get('error')}. {RETRY}")
        if not called.answer.get("reused"):
            name, call_id = Tool.COST_CALCULATOR.value, call.id
            yield AgentEvent(AgentEventType.TOOL_CALL, self._text(call.name), name, call_id=call_id)
            yield AgentEvent(AgentEventType.TOOL_RESPONSE, called.text(), name, call_id=call_id)
        if self._start_agent is None or self._closed:
            return
        self._agent = self._start_agent(called.answer)
        if not self._closed:
            yield from self._agent

    def close(self) -> None:
        self._closed = True
        if self._agent is not None:
            self._agent.close()

    def _text(self, function: str) -> str:
        """The call as a person reads it, with what the reviewer has changed."""
        changes = self._reviewed.changes
        said = {
            "version": self._reviewed.version,
            "added": list(changes.added),
            "removed": list(changes.removed),
            "changed": [*changes.changed, *(changes.renamed or {}).values()],
            **{
                name: getattr(self._review, name)
                for name in ("team_size", "duration", "start_date", "currency", "discount_percent", "note")
            },
        }
        told = ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in said.items() if value)
        return f"{function}({told})"
