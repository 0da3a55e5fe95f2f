"""Compares the sizes that the rules give with those of a consultant. Pure.

tests/data/requirement_sizes.toml says who gave them, and when. A requirement that the rules did not find has no size
and is left out.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.isolation import ROOT
from worker.tools.requirements import BUILT, Analysis, Kind, Requirement, Size

SIZES = ROOT / "tests" / "data" / "requirement_sizes.toml"
_STEPS = list(Size)


@dataclass(frozen=True)
class Sized:
    """One requirement with the size that the reader gave it."""

    kind: Kind
    lines: frozenset[int]
    size: Size


@dataclass(frozen=True)
class SizedBrief:
    """Some requirements of one brief."""

    name: str
    check: bool
    """Whether nobody looked at them while the rules were written."""
    sizes: tuple[Sized, ...]


@dataclass(frozen=True)
class Compared:
    """A size by hand beside the size by the rules."""

    labelled: Size
    found: Requirement

    @property
    def steps(self) -> int:
        """How many sizes they are apart; negative where the rules give the smaller one."""
        return _STEPS.index(self.found.size or Size.M) - _STEPS.index(self.labelled)


def sized_briefs(file: Path = SIZES) -> Iterator[SizedBrief]:
    """The sizes by hand."""
    for brief in tomllib.loads(file.read_text(encoding="utf-8"))["brief"]:
        sizes = (Sized(Kind(one["kind"]), frozenset(one["lines"]), Size(one["size"])) for one in brief["sizes"])
        yield SizedBrief(brief["name"], brief["check"], tuple(sizes))


def compared(labels: Sequence[Sized], analysis: Analysis) -> Iterator[Compared]:
    """Each size by hand beside the requirement that shares most lines with it, of its kind if there is one."""
    built = [each for each in analysis.requirements if each.kind in BUILT]
    for label in labels:
        beside = [each for each in built if label.lines & set(each.lines)]
        same = [each for each in beside if each.kind is label.kind] or beside
        if same:
            yield Compared(label.size, max(same, key=lambda each: len(label.lines & set(each.lines))))


def agreement(pairs: Sequence[Compared], steps: int) -> float:
    """The share of pairs that are at most so many steps apart, in percent."""
    return 100 * sum(abs(pair.steps) <= steps for pair in pairs) / max(1, len(pairs))
