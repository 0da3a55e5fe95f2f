"""What the tools' calls of a model have spent, where a Lambda of its own runs the tools: it leaves it in the workspace.

Each note names the agent's conversation that it belongs to, which is one of the worker's run. So no other run of the
session counts it again. Where the worker runs the tools itself, it learns of it from `ToolBox`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from worker.agents.events import ModelUsage
from worker.tools.workspace import USAGE, Workspace


def keep(workspace: Workspace, conversation: str, usage: Sequence[ModelUsage]) -> None:
    """Leave a note of what was spent in a conversation."""
    workspace.write_json(USAGE, {"conversation": conversation, "calls": [asdict(one) for one in usage]})


def spent(workspace: Workspace, conversation: str) -> list[ModelUsage]:
    """What was spent in a conversation, or in one whose id goes on from this one: an attempt of the same run."""
    found: dict[str, Any] | None = workspace.read_json(USAGE)
    if found is None or not found["conversation"].startswith(conversation):
        return []
    return [ModelUsage(**one) for one in found["calls"]]
