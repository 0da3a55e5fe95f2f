"""The rates: which roles we have and what an hour of each costs.

They live in `rate_card.json`, so that a price list changes without code. Rates are whole currency units: with hours
in halves, every amount is then exact as a binary float too.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FILE = Path(__file__).with_name("rate_card.json")


@dataclass(frozen=True)
class Rate:
    """One role's price and what it answers for."""

    hourly_rate: Decimal
    responsibility: str


@dataclass(frozen=True)
class RateCard:
    """A price list. The roles stand in the order in which a proposal lists them."""

    name: str
    currency: str
    note: str
    rates: Mapping[str, Rate]


@functools.cache
def standard() -> RateCard:
    """The rate card that ships with the tools; ValueError when a rate has a fraction."""
    value = json.loads(FILE.read_text(encoding="utf-8"))
    for role in value["roles"]:
        if not isinstance(role["hourly_rate"], int):
            raise ValueError(f"{FILE.name}: the rate of {role['role']} is {role['hourly_rate']}, not a whole number")  # noqa: TRY004 - a fault of the file, not of an argument's type
    return RateCard(
        name=value["name"],
        currency=value["currency"],
        note=value["note"],
        rates={role["role"]: Rate(Decimal(role["hourly_rate"]), role["responsibility"]) for role in value["roles"]},
    )
