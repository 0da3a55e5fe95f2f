"""Sorts the days that the notes state: the go-live, freezes, and what has to be ready earlier. Pure.

A fact has no name, so the words on its lines decide: about freezes, and about the go-live. Where no words speak of
going live, the last day is the go-live.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.tools.facts import Deadline

_LIVE = re.compile(
    r"\b(?:go(?:es|ing)?[ -]?live|live\b|launch\w*|in (?:productive )?use|in production|operational|roll-?out"
    r"|goes into use|produktiv\w*|livegang|inbetriebnahme|mise en (?:service|production)|en service|puesta en marcha"
    r"|en funcionamiento|entrata in funzione|messa in (?:produzione|esercizio)|ingebruikname"
    r"|drifts\u00e4tt\w*|i drift|uruchomi\w*|entrada em (?:produ\u00e7\u00e3o|opera\u00e7\u00e3o))\b",
    re.IGNORECASE,
)
_FREEZE = re.compile(
    r"\b(?:freezes?|frozen|blackout|embargo|no (?:changes|releases|deployments)|change stop"
    r"|\u00e4nderungsstopp|codestopp|frozen zone|einfrier\w*|gel (?:des|de|du)|congel\w*|blocco (?:delle|dei)"
    r"|bevriez\w*|wijzigingsstop|f\u00f6r\u00e4ndringsstopp|zamro\u017c\w*|congelamento)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StatedDays:
    """The stated days by what they mean."""

    go_live: Deadline | None
    freezes: tuple[Deadline, ...]
    """From each of these days on, nothing may be changed for a while."""
    others: tuple[Deadline, ...]
    """The notes may mean a first part of the work with them, or something else."""


def sorted_out(deadlines: Sequence[Deadline], notes: Sequence[str]) -> StatedDays:
    """The deadlines by their meaning. `notes` are the lines of the notes."""
    in_order = sorted(deadlines, key=lambda deadline: deadline.date)
    freezes = [each for each in in_order if _FREEZE.search(_words(each, notes))]
    days = [each for each in in_order if each not in freezes]
    live = [each for each in days if _LIVE.search(_words(each, notes))] or days
    others = tuple(each for each in days if each is not live[-1])
    return StatedDays(live[-1] if live else None, tuple(freezes), others)


def _words(deadline: Deadline, notes: Sequence[str]) -> str:
    return " ".join(notes[line - 1] for line in deadline.lines if 0 < line <= len(notes))
