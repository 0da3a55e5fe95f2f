# Printed by `uv run python -m worker.tools.profile.printing` from worker/tools/profile/rules.py. Change that file.
"""What the schema of a profile can't say: sums, and names that one part of a profile uses and another part defines.

It works on the JSON, and imports nothing of ours: the clients have a printed copy of it (`printing`). Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SIZES = ("S", "M", "L", "XL")

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """Something wrong with a profile."""

    path: Path
    """The part that is wrong, such as ("terms", "payments")."""
    text: str

    def __str__(self) -> str:
        return f"{written(self.path)} {self.text}"


def written(path: Path) -> str:
    """A path as a person reads it: "rate_cards[1].rates"."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the profile"


def overlaid(own: Mapping[str, Any], default: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The default with a firm's fields over it. Objects that have named properties are merged, all else is replaced."""
    return {
        name: overlaid(own[name], default[name], schema["properties"][name])
        if name in own and "properties" in schema["properties"][name]
        else own.get(name, default[name])
        for name in default
    }


def faults(profile: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with a complete profile that agrees with the schema."""
    tables = dict(_share_tables(profile["effort"]))
    for path, shares in tables.items():
        yield from _shares(path, shares, profile["roles"])
    for kind, hours in profile["effort"]["hours"].items():
        if [hours[size] for size in SIZES] != sorted(hours[size] for size in SIZES):
            yield Fault(("effort", "hours", kind), "has a larger size with fewer hours than a smaller one")
    percent = sum(payment["percent"] for payment in profile["terms"]["payments"])
    if percent != 100:  # noqa: PLR2004 - all of it
        yield Fault(("terms", "payments"), f"add up to {percent} %: make them 100 %")
    used = {role for shares in tables.values() for role in shares}
    yield from _cards(profile["rate_cards"], used)


def _share_tables(effort: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for discipline, shares in effort["shares"].items():
        yield ("effort", "shares", discipline), shares
    for name in ("set_up", "go_live", "management"):
        yield ("effort", name), effort[name]


def _shares(path: Path, shares: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[Fault]:
    total = sum(Decimal(str(share)) for share in shares.values())
    if total != 1:
        yield Fault(path, f"adds up to {total}: make it 1")
    unknown = [role for role in shares if role not in roles]
    if unknown:
        yield Fault(path, f"names roles that `roles` does not have: {', '.join(unknown)}")


def _cards(cards: list[Mapping[str, Any]], used: set[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, card in enumerate(cards):
        missing = sorted(used - set(card["rates"]))
        if missing:
            yield Fault(("rate_cards", place), f"({card['currency']}) has no rates for {', '.join(missing)}")
        if card["currency"] in seen:
            yield Fault(("rate_cards", place), f"is a second one in {card['currency']}")
        seen.add(card["currency"])
