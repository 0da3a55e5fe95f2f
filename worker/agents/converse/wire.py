"""The parts of Converse's requests and answers that all of its callers share, in the shapes of botocore's model.

The agent's conversation (`stream`, `turn`) streams its answers, and the model that reads the notes
(`worker.tools.analysis.model`) does not. Both send the same cache points and guardrail, and read the same stop reasons
and counts.
"""

from collections.abc import Mapping
from typing import Any

from worker.agents.events import ModelUsage

CACHE_POINT: Mapping[str, Any] = {"cachePoint": {"type": "default"}}
"""Behind tools and system prompt: what comes before it is read from the cache the next time."""

MALFORMED = frozenset({"malformed_model_output", "malformed_tool_use"})
"""Stop reasons of a turn that can't be used. The same turn is worth another try."""

BLOCKED = frozenset({"guardrail_intervened", "content_filtered"})
"""Stop reasons of a turn that a guardrail or a filter has cut."""


def guardrail(guardrail_id: str, version: str) -> dict[str, Any]:
    """The part of a request that names a guardrail; empty without one."""
    if not guardrail_id:
        return {}
    return {"guardrailConfig": {"guardrailIdentifier": guardrail_id, "guardrailVersion": version}}


def model_usage(model_id: str, counts: Mapping[str, int]) -> ModelUsage:
    """The tokens that an answer counts; what it leaves out is zero."""
    return ModelUsage(
        model_id,
        input_tokens=counts.get("inputTokens", 0),
        output_tokens=counts.get("outputTokens", 0),
        cache_read_tokens=counts.get("cacheReadInputTokens", 0),
        cache_write_tokens=counts.get("cacheWriteInputTokens", 0),
    )
