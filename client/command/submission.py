"""The options of `scopesmith submit` that say what to submit: one for each field of a `Submission`.

`client.command.arguments` parses them and `client.command.report` names them. The notes are not an option, because they
come from a file.
"""

import argparse
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from client.session import Submission
from client.words import api_name

NOTES = "requirements"

_HELP: Mapping[str, tuple[str | None, str | None]] = {
    "client_name": ("NAME", "the client that the proposal is for"),
    "project_name": ("NAME", None),
    "industry": ("NAME", "chooses the document templates"),
    "duration": ("TEXT", 'in words, such as "6 months"'),
    "team_size": ("N", None),
    "start_date": ("DATE", "when the work may begin, such as 2027-03-01"),
    "currency": ("CODE", "the price's currency, such as EUR"),
    "review": (None, "wait for your review before the documents are made"),
}
"""The metavariable and the help of an option. An option that is not here has argparse's own."""

_OPTIONS = {field.name: f"--{field.name.replace('_', '-')}" for field in fields(Submission) if field.name != NOTES}

GIVEN_BY: Mapping[str, str] = {api_name(NOTES): "NOTES"} | {api_name(name): _OPTIONS[name] for name in _OPTIONS}
"""By the API's name of a field: the option or argument that gives it."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    for field in fields(Submission):
        if field.type == bool | None:
            parser.add_argument(_OPTIONS[field.name], action="store_const", const=True, help=_HELP[field.name][1])
        elif field.name in _OPTIONS:
            metavar, text = _HELP.get(field.name, (None, None))
            parser.add_argument(
                _OPTIONS[field.name],
                required=field.default is MISSING,
                type=int if field.type == int | None else str,
                metavar=metavar,
                help=text,
            )


def submission(given: argparse.Namespace, notes: str) -> Submission:
    """The submission that the options and the notes describe."""
    values: dict[str, Any] = {name: getattr(given, name) for name in _OPTIONS} | {NOTES: notes}
    return Submission(**values)
