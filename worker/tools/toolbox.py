"""The five tools for an agent that has the worker run them: their specifications, and a call of one by its name.

A call runs in the thread that reads the agent's stream, so the run's own loop goes on publishing meanwhile. A tool that
is at work when the run ends finishes unseen; its output is in the session's workspace for the next run.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from schema.statuses import Tool
from worker.log import logger
from worker.tools import call as calls
from worker.tools.call import Called, ToolCall
from worker.tools.declarations import TOOLS

if TYPE_CHECKING:
    from worker.tools.workbench import Workbench

_BY_FUNCTION: Mapping[str, Tool] = {declaration.function: tool for tool, declaration in TOOLS.items()}


def specifications(tools: Iterable[Tool]) -> tuple[Mapping[str, object], ...]:
    """Tools as `toolConfig` takes them. None has parameters."""
    return tuple(
        {
            "toolSpec": {
                "name": TOOLS[tool].function,
                "description": TOOLS[tool].description,
                "inputSchema": {"json": {"type": "object", "properties": {}}},
            }
        }
        for tool in tools
    )


class ToolBox:
    """The tools over one session's workspace."""

    def __init__(self, workbench: Callable[[], "Workbench"], offered: Sequence[Tool] = tuple(Tool)) -> None:
        """`workbench` lays out what a tool works with; it is called for each call of a tool.

        `offered` are the tools that the agent is shown. A call of an earlier one is run all the same.
        """
        self._workbench = workbench
        self.offered = tuple(offered)

    def all_done(self, answered: AbstractSet[str]) -> bool:
        """Whether every offered tool is among those that have answered, named by their functions."""
        return answered >= {TOOLS[tool].function for tool in self.offered}

    def run(self, call: ToolCall) -> Called:
        """Run the tool that the model calls. Arguments are ignored, for no tool has parameters."""
        tool = _BY_FUNCTION.get(call.name)
        if tool is None:
            return calls.failed(f"there is no tool {call.name!r}: the tools are {', '.join(_BY_FUNCTION)}")
        if call.arguments is None:
            return calls.failed(f"the input of {call.name} is not a JSON object: call it with {{}}")
        if refusal := calls.too_far(tool, self.offered[-1]):
            return refusal
        return calls.run(tool, self._workbench, logger, f"[TOOL CALL] {tool}")


def known(function: str) -> bool:
    """Whether a tool has this function."""
    return function in _BY_FUNCTION


def display_name(call: ToolCall) -> str:
    """The tool's name in the events: its action group's; for a tool that does not exist, what the model called it."""
    return _BY_FUNCTION.get(call.name, call.name)


def call_text(call: ToolCall) -> str:
    """The call as a person reads it: `analyze_requirements()`."""
    arguments = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in (call.arguments or {}).items()
    )
    return f"{call.name}({arguments})"
