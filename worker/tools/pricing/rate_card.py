"""The rate card: the supplier's roles and what an hour of each costs.

The rates are in `rate_card.json`, so that they can change without a change of code. They must be whole currency units:
hours are multiples of 0.5, so every amount is then exact even as a binary float.
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
    """One role's hourly rate and its responsibility."""

    hourly_rate: Decimal
    responsibility: str


@dataclass(frozen=True)
class RateCard:
    """A price list. A proposal lists the roles in the order of `rates`."""

    name: str
    currency: str
    note: str
    rates: Mapping[str, Rate]


@functools.cache
def standard() -> RateCard:
    """The rate card that ships with the tools.

    Raises:
        ValueError: a rate is not a whole number.
    """
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
