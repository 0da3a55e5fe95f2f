"""Sets a run's figures beside those of an earlier one, so that a change that costs speed is seen.

It compares ratios, since both sides of a ratio were measured on the same machine at the same time, and figures only
where there is no ratio. A row has become worse when it misses a claim that it kept, or when more than a quarter has
been lost: less may be the machine's doing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rich.table
from rich.console import Console

from .figures import Row, Table

NOTICEABLE = 1.25
"""Times as much as before."""

_RATE = "/s"
"""How a unit ends of which more is better."""


@dataclass(frozen=True)
class Change:
    """A row of both runs."""

    what: str
    before: float
    now: float
    rate: bool
    """Whether more is better."""
    missed: bool
    """Whether a claim that was kept is missed now."""

    @property
    def factor(self) -> float:
        """How many times dearer or slower; 1 where either is 0, of which nothing is a multiple."""
        if not self.before or not self.now:
            return 1.0
        return self.before / self.now if self.rate else self.now / self.before

    @property
    def worse(self) -> bool:
        return self.missed or self.factor > NOTICEABLE


def earlier(path: Path) -> dict[str, Any]:
    """What `--json` has written; ValueError when the file holds something else."""
    document: Any = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(document, dict) and "benchmarks" in document:
        return document
    raise ValueError(f"{path} holds no figures: give a file that --json has written")


def changes(before: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[Change]:
    """Each row that both runs have; one that is new or gone is not compared."""
    for name, table in tables.items():
        old = {(row["what"], row["unit"]): row for row in before["benchmarks"].get(name, {}).get("rows", ())}
        for row in table.rows:
            if (then := old.get((row.what, row.unit))) is not None:
                yield _change(f"{name}: {row.what}", then, row)


def _change(what: str, then: Mapping[str, Any], row: Row) -> Change:
    before, now = then["ratio"], row.ratio
    if before is None or now is None:
        before, now = then["ours"]["median"], row.ours.median
    missed = bool(then["met"]) and row.met is False
    return Change(what, before, now, rate=row.unit.endswith(_RATE), missed=missed)


def show(before: Mapping[str, Any], found: list[Change], console: Console) -> None:
    """Print what has become worse, and how many rows have not."""
    worse = [change for change in found if change.worse]
    shown = rich.table.Table(title=f"Beside {before['commit']} of {before['time']}", title_justify="left")
    for column in ("what has become worse", "before", "now", "times"):
        shown.add_column(column, justify="left" if column.startswith("what") else "right", overflow="fold")
    for change in sorted(worse, key=lambda change: change.factor, reverse=True):
        shown.add_row(change.what, f"{change.before:.3g}", f"{change.now:.3g}", f"{change.factor:.2f}")
    if worse:
        console.print(shown)
    console.print(f"{len(worse)} of {len(found)} rows have become worse since {before['commit']}.")
