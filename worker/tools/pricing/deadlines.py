"""Sorts the days that the notes state: the go-live, freezes, and what has to be ready earlier. Pure.

A fact has no name, so the words beside it decide about freezes. Of the other days the last one is the go-live.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tools.facts import Deadline

_FREEZE = re.compile(
    r"\b(?:freezes?|frozen|blackout|embargo|no (?:changes|releases|deployments)|change stop"
    r"|\u00e4nderungsstopp|codestopp|frozen zone|einfrier\w*|gel (?:des|de|du)|congel\w*|blocco (?:delle|dei|dei)"
    r"|bevriez\w*|wijzigingsstop|f\u00f6r\u00e4ndringsstopp|zamro\u017c\w*|congelamento)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StatedDays:
    """The stated days by what they mean."""

    go_live: Deadline | None
    freezes: tuple[Deadline, ...]
    """From each of these days on, nothing may be changed for a while."""
    earlier: tuple[Deadline, ...]
    """Before the go-live. The notes may mean a first part of the work, or something else."""


def sorted_out(deadlines: Sequence[Deadline], notes: Sequence[str]) -> StatedDays:
    """The deadlines by their meaning. `notes` are the lines of the notes."""
    in_order = sorted(deadlines, key=lambda deadline: deadline.date)
    freezes = [each for each in in_order if _FREEZE.search(_words(each, notes))]
    others = [each for each in in_order if each not in freezes]
    return StatedDays(others[-1] if others else None, tuple(freezes), tuple(others[:-1]))


def _words(deadline: Deadline, notes: Sequence[str]) -> str:
    return " ".join(notes[line - 1] for line in deadline.lines if 0 < line <= len(notes))
