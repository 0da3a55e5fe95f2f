"""The labelled briefs: each text beside its labels.

tests/data/briefs/README.md says who made the labels, and when.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.isolation import ROOT

FOLDER = ROOT / "tests" / "data" / "briefs"


@dataclass(frozen=True)
class Item:
    """One requirement, as the label says or as a reader found it."""

    kind: str
    lines: frozenset[int]


@dataclass(frozen=True)
class Brief:
    """A text with its labels."""

    name: str
    notes: str
    language: str
    form: str
    items: tuple[Item, ...]
    facts: Mapping[str, Any]
    asks_for_nothing: bool


def briefs(folder: Path = FOLDER) -> Iterator[Brief]:
    """All briefs of a folder, by name."""
    for labels in sorted(folder.glob("*.labels.json")):
        name = labels.name.removesuffix(".labels.json")
        text = next(path for path in sorted(folder.glob(f"{name}.*")) if path != labels)
        value = json.loads(labels.read_text(encoding="utf-8"))
        yield Brief(
            name=name,
            notes=text.read_bytes().decode("utf-8", "replace"),
            language=value["language"],
            form=value["form"],
            items=tuple(Item(each["kind"], frozenset(each["lines"])) for each in value["items"]),
            facts=value["facts"],
            asks_for_nothing=value["asks_for_nothing"],
        )
