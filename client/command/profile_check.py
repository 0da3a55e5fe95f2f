"""`scopesmith profile check FILE`: says what is wrong with a firm's profile before it is put into the templates bucket.

It needs no API. The schema, the default and the rules are printed copies of the worker's. Exit codes: 0 the profile is
sound, 1 it has faults, 2 the file can't be read.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from client import profile_rules
from client.command.report import say

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from rich.console import Console

NAME = "profile"

_LONG_LIST = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """What may follow `scopesmith profile`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="print every fault of a profile.json, and exit with 1 if there is one")
    check.add_argument("file", type=Path, metavar="FILE", help="the profile")


def main(words: Sequence[str], out: "Console", err: "Console") -> int:
    """Run the command with the words that follow `profile`; returns the exit code."""
    parser = argparse.ArgumentParser(prog=f"scopesmith {NAME}")
    add_options(parser)
    file: Path = parser.parse_args(words).file
    try:
        body = file.read_bytes()
    except OSError as error:
        say(err, f"error: FILE: can't read {file}: {error.strerror or error}")
        return 2
    found = list(faults(body))
    for fault in found:
        say(out, fault)
    say(out, f"{file}: {len(found)} fault{'' if len(found) == 1 else 's'}" if found else f"{file} is sound")
    return int(bool(found))


def faults(body: bytes) -> Iterator[str]:
    """What is wrong with a profile, each fault with its path.

    The rules are checked once the fields agree with the schema, because they go by their values.
    """
    try:
        own = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        yield f"the profile is not JSON: {error}"
        return
    data = json.loads(files("client").joinpath("profile.json").read_text(encoding="utf-8"))
    wrong = list(_by_schema(own, data["schema"]))
    if wrong:
        yield from wrong
    else:
        yield from map(str, profile_rules.faults(profile_rules.overlaid(own, data["default"], data["schema"])))


def _by_schema(own: object, schema: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes a moment, which no other command needs

    for error in Draft202012Validator(schema).iter_errors(own):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema["properties"]
            for name in error.instance:
                if name not in known:
                    yield f"{profile_rules.written((*path, name))} is not known: leave it out, or correct its name"
        else:
            yield f"{profile_rules.written(path)}: {_message(error)}"


def _message(error: "ValidationError") -> str:
    """The message of jsonschema itself, but for a list of a thousand names."""
    allowed = error.validator_value
    if error.validator == "enum" and isinstance(allowed, list) and len(allowed) > _LONG_LIST:
        return f"{error.instance!r} is none of the {len(allowed)} that are known: give {error.schema['description']}"  # type: ignore[index]  # as above
    return error.message
