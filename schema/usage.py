"""What a session's models have cost: the words that the worker publishes and the resolvers keep.

Standard library only. The worker adds to it, the resolvers store what the newest update says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Usage:
    """The tokens that the session's models read and wrote in all its runs, and their price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    model_cost: float | None = 0.0
    """By the worker's price list. None once a model without a price was called."""
    model_cost_currency: str | None = "USD"

    def as_api(self) -> dict[str, object]:
        """The API's `Usage` and `UsageInput`."""
        return {
            "inputTokens": self.input_tokens,
            "outputTokens": self.output_tokens,
            "cacheReadInputTokens": self.cache_read_input_tokens,
            "modelCost": self.model_cost,
            "modelCostCurrency": self.model_cost_currency,
        }

    @classmethod
    def from_api(cls, given: Mapping[str, Any]) -> "Usage":
        """What `as_api` wrote; a price may be left out."""
        return cls(
            given["inputTokens"],
            given["outputTokens"],
            given["cacheReadInputTokens"],
            given.get("modelCost"),
            given.get("modelCostCurrency"),
        )


NO_USAGE = Usage()
"""The usage of a session that has asked no model."""
