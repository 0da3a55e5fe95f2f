"""Shows tables to a person and writes them as JSON for a comparison. It measures nothing."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import rich.table
from rich.console import Console

from local.isolation import ROOT

from .figures import Row, Sample, Table

_SMALL = 0.1


def show(name: str, table: Table, console: Console) -> None:
    """Print one table, with what it is measured against and what it claims."""
    shown = rich.table.Table(title=f"{name}: {table.title}", title_justify="left", expand=False)
    for column in ("what", "ours", "reference", "ratio", "claim"):
        shown.add_column(column, justify="left" if column in {"what", "claim"} else "right", overflow="fold")
    for row in table.rows:
        ratio = "" if row.ratio is None else _ratio(row.ratio)
        shown.add_row(row.what, _figure(row.ours, row.unit), _figure(row.reference, row.unit), ratio, _claim(row))
    console.print(shown)
    spread = any(len(row.ours.values) > 1 for row in table.rows)
    explained = " Median (first to third quartile)." if spread else ""
    console.print(f"Reference: {table.reference}{explained}{_ratios(table)}", style="dim")
    for note in table.notes:
        console.print(note, style="dim")
    console.print()


def _ratios(table: Table) -> str:
    """How the ratios came about, where it matters: the ratio of two medians is another one."""
    several = [row for row in table.rows if row.reference is not None and len(row.ours.values) > 1]
    if not several:
        return ""
    if all(row.paired for row in several):
        return " A ratio is the median of the pairs' ratios, not that of the medians."
    if not any(row.paired for row in several):
        return " A ratio is that of the medians."
    return " A ratio is the median of the pairs' ratios where both were measured by turns, else that of the medians."


def _figure(sample: Sample | None, unit: str) -> str:
    if sample is None:
        return ""
    spread = ""
    if len(sample.values) > 1:
        first, third = sample.quartiles
        spread = f" ({_number(first)} to {_number(third)})"
    return f"{_number(sample.median)}{spread} {unit}"


def _number(value: float) -> str:
    """Three digits that count, and thousands set apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _ratio(value: float) -> str:
    """Of a small one its inverse: a twentieth says more than 0.05."""
    return f"1/{1 / value:.3g}" if 0 < value <= _SMALL else f"{value:.3g}"


def _claim(row: Row) -> str:
    if row.met is None:
        return ""
    bounds = [f"≤ {_ratio(row.at_most)}"] if row.at_most is not None else []
    bounds += [f"≥ {_ratio(row.times)}"] if row.times is not None else []
    bounds += [f"≥ {row.at_least:,g} {row.unit}"] if row.at_least is not None else []
    bounds += [f"≤ {row.no_more_than:,g} {row.unit}"] if row.no_more_than is not None else []
    return f"{' and '.join(bounds)}: {'kept' if row.met else '[bold red]missed[/]'}"


def write(path: Path, tables: Mapping[str, Table]) -> None:
    """All figures, with the machine and the commit they are of."""
    document = {
        "commit": _commit(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "benchmarks": {name: _json(table) for name, table in tables.items()},
    }
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _commit() -> str:
    """The checkout's, with a + when something in it is not committed; empty where git knows none."""
    asked = ("git", "describe", "--always", "--dirty=+", "--exclude=*")
    try:
        return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
    except FileNotFoundError:
        return ""


def draw(folder: Path, tables: Mapping[str, Table]) -> None:
    """The charts of those that have one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        if table.chart:
            (folder / f"{name}.svg").write_text(table.chart, encoding="utf-8")


def _json(table: Table) -> dict[str, object]:
    return {
        "title": table.title,
        "reference": table.reference,
        "notes": list(table.notes),
        "rows": [
            {
                "what": row.what,
                "unit": row.unit,
                "ours": _sample(row.ours),
                "reference": None if row.reference is None else _sample(row.reference),
                "ratio": row.ratio,
                "at_most": row.at_most,
                "times": row.times,
                "at_least": row.at_least,
                "no_more_than": row.no_more_than,
                "met": row.met,
            }
            for row in table.rows
        ],
    }


def _sample(sample: Sample) -> dict[str, object]:
    return {"median": sample.median, "quartiles": sample.quartiles, "values": sample.values}
