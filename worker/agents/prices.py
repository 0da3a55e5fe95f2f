"""What a model's tokens cost, by the dated price list that ships with the worker (`prices.json`).

A list price, not an invoice: it knows no discounts and no taxes. A model that is not in the list has no price, and the
session says so rather than guess. The file names its date and its sources.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from worker.agents.events import ModelUsage

FILE = Path(__file__).with_name("prices.json")

_MILLION = Decimal(1_000_000)
_PROFILE = re.compile(r"(?:.*/)?(?:(?P<geography>[a-z-]{2,7})\.)?(?P<model>(?:anthropic|amazon)\..+)")
"""An inference profile's or a model's id, or an ARN that ends with one."""
_VERSION = re.compile(r"(-\d{8})?(-v\d+)?(:\d+)?")
_GLOBAL = "global"
_REGIONAL = "anthropic."
"""The provider whose models cost more by the list's factor when they are not called through a global profile."""


def cost(usage: ModelUsage) -> Decimal | None:
    """The price of a model's call in `currency()`; None for a model that the list does not have."""
    found = _PROFILE.fullmatch(usage.model_id)
    if found is None:
        return None
    model = found["model"]
    prices = next((each for name, each in _list()["models"].items() if _names(name, model)), None)
    if prices is None:
        return None
    factor = Decimal(1)
    if model.startswith(_REGIONAL) and found["geography"] != _GLOBAL:
        factor = Decimal(_list()["regional_factor"])
    counted: Mapping[str, int] = {
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "cache_read": usage.cache_read_tokens,
        "cache_write": usage.cache_write_tokens,
    }
    return sum((tokens * Decimal(prices[kind]) for kind, tokens in counted.items()), Decimal()) * factor / _MILLION


def currency() -> str:
    """The list's currency, as ISO 4217 has it."""
    return str(_list()["currency"])


def _names(name: str, model: str) -> bool:
    return model.startswith(name) and _VERSION.fullmatch(model[len(name) :]) is not None


@cache
def _list() -> Mapping[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))
