"""`python -m tests.benchmarks [NAME ...]`: runs the benchmarks and prints a table each.

The exit status is 1 when a claim is missed, and with `--against` when a row has become worse. A benchmark is a module
with a function `measure(quick)` that gives a `Table`; it is imported when its turn comes, so that none pays for
another's imports.
"""

import argparse
import gc
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from . import comparison, report

if TYPE_CHECKING:
    from .figures import Table

MODULES = {
    "cold_start": "cold.starts",
    "submit": "submit.calls",
    "storage": "storage.bytes_written",
    "worker_cost": "worker.cost",
    "fan_out": "fan_out.broadcast",
    "push": "push.latency",
    "simulator": "simulator.beside",
    "scale": "scale.demand",
    "analysis": "analysis.reading",
    "documents": "documents.making",
}
NAMES = tuple(MODULES)

_WIDTH = 120
"""Of the tables in a file or a log."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parse(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH)
    tables: dict[str, Table] = {}
    for name in options.names or NAMES:
        gc.collect()
        gc.freeze()  # what the one before has left in this process is not the next one's to go through
        started = time.monotonic()
        module = importlib.import_module(f".{MODULES[name]}", __package__)
        tables[name] = module.measure(quick=options.quick)
        report.show(name, tables[name], console)
        console.print(f"{name} took {time.monotonic() - started:.0f} s\n", style="dim")
    if options.json is not None:
        report.write(options.json, tables)
    if options.out is not None:
        report.draw(options.out, tables)
    found = [] if options.against is None else list(comparison.changes(options.against, tables))
    if options.against is not None:
        comparison.show(options.against, found, console)
    missed = [f"{name}: {row.what}" for name, table in tables.items() for row in table.missed]
    for one in missed:
        console.print(f"Missed: {one}", style="bold red")
    return 1 if missed or any(change.worse for change in found) else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure what is claimed.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(NAMES)}; all without one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too, for a comparison")
    parser.add_argument("--against", type=Path, metavar="FILE", help="compare with what --json wrote before")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="draw the charts there, as SVG")
    parser.add_argument("--quick", action="store_true", help="fewer runs: an idea of the figures, no proof")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    if options.against is not None:
        try:
            options.against = comparison.earlier(options.against)
        except (OSError, ValueError) as error:
            parser.error(f"--against: {error}")
    return options


if __name__ == "__main__":
    sys.exit(main())
