"""One call of a tool, whoever makes it: what it answered, or why it did not do its work.

The action-group Lambda (`worker.tools.handler`) and the Converse adapter run the declared tools through this function.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from schema.statuses import Tool
from worker.tools.declarations import TOOLS

if TYPE_CHECKING:
    from worker.agents.events import ModelUsage
    from worker.tools.workbench import Workbench


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants to be run."""

    id: str
    name: str
    arguments: Mapping[str, object] | None
    """None when the model wrote something that is not a JSON object."""


class Outcome(Enum):
    """How a call ended."""

    DONE = auto()
    TOO_EARLY = auto()
    """Another tool has to be called first."""
    FAILED = auto()


@dataclass(frozen=True)
class Called:
    """A call that is over."""

    outcome: Outcome
    answer: Mapping[str, object]
    """A summary of counts and figures; where the tool failed, `error` says why."""
    usage: tuple["ModelUsage", ...] = ()
    """What the tool's own calls of a model have spent. The agent is not told."""

    def text(self) -> str:
        """The answer as compact JSON."""
        return json.dumps(self.answer, separators=(",", ":"))


LAST_TOOL = "last_tool"
"""The session attribute with the last tool of an agent's run. It is missing where the agent may call all tools."""


def too_far(tool: Tool, last: str) -> Called | None:
    """The refusal of a tool that comes after the run's last one, or None.

    Bedrock may call one more tool while the worker leaves the agent's stream. Nobody has approved the price by then.
    """
    order = [each.value for each in Tool]
    if last not in order or order.index(tool) <= order.index(last):
        return None
    return failed(f"{tool} must wait: a person reviews what {last} has answered")


class Log(Protocol):
    """A logger that takes Powertools' extra keys."""

    def warning(self, msg: str, *args: object) -> None: ...
    def error(self, msg: str, *args: object) -> None: ...
    def exception(self, msg: str, *args: object) -> None: ...


def failed(error: str, outcome: Outcome = Outcome.FAILED) -> Called:
    """A call that did not do its work."""
    return Called(outcome, {"error": error})


def run(tool: Tool, workbench: Callable[[], "Workbench"], log: Log, prefix: str) -> Called:
    """Run a tool on what `workbench` lays out for it.

    No exception leaves: the agent is told what went wrong, and the log has the details after `prefix`.
    """
    from worker.tools.workbench import MissingInputError, ToolError  # noqa: PLC0415 - loads botocore, as the tool does

    laid_out: Workbench | None = None
    try:
        laid_out = workbench()
        called = Called(Outcome.DONE, TOOLS[tool].run(laid_out))
        if tool is not Tool.TEMPLATE_RETRIEVER:  # a template is no part of the record
            from worker.tools.review import record  # noqa: PLC0415 - the tool has loaded what it needs

            record.write(laid_out.workspace)
    except MissingInputError as error:
        log.warning("%s was called too early: %s", prefix, error)
        called = failed(str(error), Outcome.TOO_EARLY)
    except ToolError as error:
        log.error("%s can't work: %s", prefix, error)  # noqa: TRY400 - the message names cause and fix, a trace adds nothing
        called = failed(str(error))
    except Exception as error:
        log.exception("%s failed", prefix)
        called = failed(f"{tool} failed: {_said(error)}")
        _count_refusal(_said(error))
    for fault in laid_out.faults if laid_out else ():
        log.warning("%s: the model's service said: %s", prefix, fault)
        _count_refusal(fault.partition(":")[0])
    return replace(called, usage=tuple(laid_out.usage)) if laid_out else called


def _said(error: Exception) -> str:
    """The error for the agent, and so for the user. AWS's own text may name accounts and roles: it is left out."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - the tool loads it

    if isinstance(error, ClientError):
        return str(error.response["Error"]["Code"])
    return f"{type(error).__name__}: {error}"


def _count_refusal(code: str) -> None:
    """Count an error's code if AWS refused the access. The session may go on without what was refused."""
    from worker import metrics  # noqa: PLC0415 - needed only after an error

    metrics.refusal(code)
