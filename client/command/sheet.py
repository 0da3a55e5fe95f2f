"""A proposal as a YAML file that a reviewer edits, and the changes that the edited file makes.

Only what differs from the proposal becomes part of a review. So a file that nobody has edited changes nothing. JSON is
YAML too, so a file may be either.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml

from client.errors import ClientError
from client.proposal import Proposal, Terms

_HEAD = """\
# {project}, version {version}
#
# Change what was misunderstood, then save and close the file.
# - kind: FUNCTIONAL, NON_FUNCTIONAL, INTEGRATION, CONSTRAINT, OUT_OF_SCOPE or OPEN_QUESTION
# - size: S, M, L or XL, for the first three kinds; priority: MUST, SHOULD or COULD
# - To remove a requirement, delete its entry. To add one, write an entry without an id.
# - lines say where the notes state it, such as [3, 4]. If you merge two entries, name the lines of both.
# - note is for the log. Leave everything as it is to change nothing.
# - version says what this file was written from. Only what differs from that version is sent.

"""

_TERMS = ("team_size", "duration", "start_date", "currency", "discount_percent", "note")
_REQUIREMENT = {"id", "kind", "text", "work_package", "size", "priority", "lines"}


class SheetError(ClientError):
    """The edited file can't be read as a review. The message names the place and what to change."""


def sheet(proposal: Proposal, project: str) -> str:
    """The proposal as YAML."""
    content = {
        "version": proposal.version,
        **_terms(proposal),
        "requirements": [_entry(each) for each in _requirements(proposal)],
    }
    head = _HEAD.format(project=" ".join(project.split()), version=proposal.version)
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def version_of(text: str) -> int | None:
    """The version that a sheet was written from, or None if it does not say.

    Raises:
        SheetError: the text is no sheet.
    """
    version = _parsed(text).get("version")
    if version is not None and not isinstance(version, int):
        raise SheetError(f"version: write the number of a version, not {version!r}")
    return version


def changes(text: str, proposal: Proposal) -> tuple[tuple[Mapping[str, object], ...] | None, Terms]:
    """What an edited sheet changes of `proposal`: the whole list of requirements, or None for no change, and the terms.

    Raises:
        SheetError: the text is no sheet.
    """
    given = _parsed(text)
    if unknown := sorted(str(name) for name in given.keys() - {*_TERMS, "requirements", "version"}):
        raise SheetError(f"{unknown[0]}: there is no such field; the fields are {', '.join(_TERMS)} and requirements")
    before = _terms(proposal)
    said: dict[str, Any] = {
        name: value for name in _TERMS if name in given and (value := _plain(given[name])) not in ("", before[name])
    }
    return _listed(given, proposal), Terms(**said)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        given = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SheetError(f"the file is not YAML: {error}") from error
    if not isinstance(given, dict):
        raise SheetError("the file must hold fields such as requirements and team_size, as `scopesmith review` shows")
    return given


def _listed(given: Mapping[str, Any], proposal: Proposal) -> tuple[Mapping[str, object], ...] | None:
    if "requirements" not in given:
        return None
    entries = given["requirements"]
    if not isinstance(entries, list):
        raise SheetError("requirements: write a list, each entry with kind and text")
    stated = {each.id: list(each.lines) for each in proposal.requirements}
    listed = [_input(entry, place, stated) for place, entry in enumerate(entries, start=1)]
    return None if listed == [each.as_input() for each in proposal.requirements] else tuple(listed)


def _input(entry: object, place: int, stated: Mapping[str, list[int]]) -> dict[str, object]:
    """An entry as the API takes it. `stated` are the lines of each requirement: only other lines are sent."""
    where = f"requirements, entry {place}"
    if not isinstance(entry, dict):
        raise SheetError(f"{where}: write fields such as kind and text, not {entry!r}")
    if unknown := sorted(str(name) for name in entry.keys() - _REQUIREMENT):
        raise SheetError(f"{where}: there is no field {unknown[0]}; the fields are {', '.join(sorted(_REQUIREMENT))}")
    for name in ("kind", "text"):
        if not entry.get(name):
            raise SheetError(f"{where}: {name} is missing")
    lines = _lines(entry, where)
    return {
        "id": entry.get("id"),
        "kind": entry["kind"],
        "text": str(entry["text"]),
        "workPackage": entry.get("work_package"),
        "size": entry.get("size"),
        "priority": entry.get("priority"),
        **({} if lines in (None, stated.get(str(entry.get("id")), [])) else {"lines": lines}),
    }


def _lines(entry: Mapping[str, Any], where: str) -> list[int] | None:
    """The lines that an entry names. None, if it has no such field or an empty one, leaves them as they are."""
    lines = entry.get("lines")
    if lines is None:
        return None
    # YAML reads `yes` as True, which is an int in Python.
    if not isinstance(lines, list) or not all(isinstance(line, int) and not isinstance(line, bool) for line in lines):
        raise SheetError(f"{where}: lines: write a list of numbers, such as [3, 4], not {lines!r}")
    return lines


def _terms(proposal: Proposal) -> dict[str, object]:
    return {
        "team_size": proposal.team_size,
        "duration": proposal.duration,
        "start_date": proposal.start_date,
        "currency": proposal.cost_data.currency if proposal.cost_data else None,
        "discount_percent": proposal.discount_percent,
        "note": "",
    }


def _requirements(proposal: Proposal) -> list[dict[str, object]]:
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "text": each.text,
            "work_package": each.work_package,
            "size": each.size,
            "priority": each.priority,
            "lines": list(each.lines),
        }
        for each in proposal.requirements
    ]


def _entry(fields: Mapping[str, object]) -> dict[str, object]:
    """An entry without the fields that have no value."""
    return {name: value for name, value in fields.items() if value not in (None, [])}


def _plain(value: object) -> object:
    """A value as the API takes it: YAML reads an unquoted date as a date."""
    return value.isoformat() if isinstance(value, dt.date) else value
