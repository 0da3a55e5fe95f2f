"""Completes a firm's profile by the default. A field that is wrong is told in a sentence, and the default counts. Pure.

The schema is `schema.json`, to which Babel adds the locales and currencies that it knows.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.localedata import locale_identifiers
from babel.numbers import list_currencies

from worker.tools import json_schema
from worker.tools.profile import rules

FILE = Path(__file__).with_name("schema.json")
CARDS = "rate_cards"

_COUNTS = "the default counts"
_TOGETHER = ("roles", CARDS, "effort")
"""Only all of the default's, or all of the firm's, fit together."""


@functools.cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of a profile."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    found["properties"]["locale"]["enum"] = sorted(locale_identifiers())
    card = found["properties"][CARDS]["items"]["properties"]
    card["currency"]["enum"] = sorted(list_currencies())
    return found


def completed(own: object, default: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The firm's profile over the default, and what is wrong with it.

    Objects are merged and lists are replaced whole. A rate card that is wrong does not count; if none is left, the
    default's do.
    """
    checking = _Checking()
    kept = checking.sound(own, schema(), json_schema.WHOLE)
    profile = rules.overlaid(kept if isinstance(kept, dict) else {}, default, schema())
    profile = checking.consistent(profile, default)
    return profile, tuple(checking.warnings)


@dataclass(frozen=True)
class _Checking:
    warnings: list[str] = field(default_factory=list)

    def sound(self, own: object, kind: json_schema.Schema, where: str) -> object:
        """What agrees with the schema: an object without its faulty fields, or the value; None where it does not."""
        if "properties" in kind and isinstance(own, dict):
            return self._fields(own, kind, where)
        if where == CARDS and isinstance(own, list) and own:
            return self._cards(own, kind["items"])
        wrong = list(json_schema.faults(own, kind, "profile" if where == json_schema.WHOLE else where))
        self.warnings.extend(f"{fault}; {_COUNTS}" for fault in wrong)
        return None if wrong else own

    def _fields(self, own: Mapping[str, Any], kind: json_schema.Schema, where: str) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, value in own.items():
            place = name if where == json_schema.WHOLE else f"{where}.{name}"
            if name not in kind["properties"]:
                self.warnings.append(f"{place} is not known: leave it out, or correct its name")
            elif (sound := self.sound(value, kind["properties"][name], place)) is not None:
                kept[name] = sound
        return kept

    def _cards(self, own: list[Any], kind: json_schema.Schema) -> list[Any] | None:
        kept = []
        for place, card in enumerate(own):
            wrong = list(json_schema.faults(card, kind, f"{CARDS}[{place}]"))
            self.warnings.extend(f"{fault}; this rate card does not count" for fault in wrong)
            kept += [] if wrong else [card]
        return kept or None

    def consistent(self, profile: dict[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
        """The profile with the default's parts where its own don't fit together."""
        wrong = list(rules.faults(profile))
        self.warnings.extend(f"{fault}; {_verdict(fault)}" for fault in wrong)
        dropped = {fault.path[1] for fault in wrong if fault.path[0] == CARDS}
        for fault in wrong:
            if fault.path[0] != CARDS:
                profile = _with_default(profile, default, fault.path)
        if dropped:
            left = [card for place, card in enumerate(profile[CARDS]) if place not in dropped]
            profile = {**profile, CARDS: left or default[CARDS]}
        still = [str(fault) for fault in rules.faults(profile)]
        if still:
            self.warnings.append(f"{still[0]}; the default's roles, rate cards and effort count together")
            profile = {**profile, **{name: default[name] for name in _TOGETHER}}
        return profile


def _verdict(fault: rules.Fault) -> str:
    return "this rate card does not count" if fault.path[0] == CARDS else _COUNTS


def _with_default(profile: Mapping[str, Any], default: Mapping[str, Any], path: rules.Path) -> dict[str, Any]:
    """The profile with the default's value at a path of names."""
    name, *rest = path
    inner = _with_default(profile[str(name)], default[str(name)], tuple(rest)) if rest else default[str(name)]
    return {**profile, str(name): inner}
