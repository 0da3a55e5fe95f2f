"""The two forms that the model fills in: what a part of the notes says, and which entries belong together.

Each form is a JSON file: the name and description of a tool, and the JSON Schema of its input. The model gets it as it
is, and `json_schema.faults` checks the answer against the same schema.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Form:
    """One form."""

    name: str
    description: str
    schema: Schema

    def tool(self) -> dict[str, Any]:
        """The form as a tool of Converse's `toolConfig`."""
        return {
            "toolSpec": {"name": self.name, "description": self.description, "inputSchema": {"json": self.schema}},
        }


@functools.cache
def reading() -> Form:
    """The form for what the notes say."""
    return _loaded("form.json")


@functools.cache
def merging() -> Form:
    """The form for which entries belong together."""
    return _loaded("merging.json")


def _loaded(name: str) -> Form:
    written = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return Form(written["name"], written["description"], _inlined(written["schema"], written["shared"]))


def _inlined(schema: Any, shared: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """The schema with each `$ref` replaced by what it names. Models follow a plain schema best."""
    if isinstance(schema, list):
        return [_inlined(one, shared) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return shared[schema["$ref"]]
    return {name: _inlined(value, shared) for name, value in schema.items()}
