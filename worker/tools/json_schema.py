"""Checks a JSON value against a schema, and says what is wrong in words that a person or a model can act on.

It knows the keywords of JSON Schema that the model's forms and the profile's schema use, and finds all faults rather
than the first. A library for the whole of JSON Schema would bring a compiled extension into the Lambdas. Pure.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: Mapping[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}

_LIMITS: Mapping[str, tuple[Callable[[Any, Any], bool], str]] = {
    "enum": (lambda value, allowed: value in allowed, "is not one of {}"),
    "minimum": (lambda value, least: value >= least, "is less than {}"),
    "exclusiveMinimum": (lambda value, bound: value > bound, "is not more than {}"),
    "maximum": (lambda value, most: value <= most, "is more than {}"),
    "minLength": (lambda value, least: len(value.strip()) >= least, "is shorter than {} characters"),
    "maxLength": (lambda value, most: len(value) <= most, "is longer than {} characters"),
    "minItems": (lambda value, least: len(value) >= least, "has fewer than {} entries"),
    "maxItems": (lambda value, most: len(value) <= most, "has more than {} entries"),
    "pattern": (lambda value, pattern: re.fullmatch(pattern, value) is not None, "does not match {}"),
}
"""Each keyword that limits a value: the test, and what to say if it fails."""

_SHOWN = 60
_LONG_LIST = 20

WHOLE = "the input"
"""How a fault calls the whole value."""


def faults(value: object, schema: Schema, where: str = WHOLE) -> Iterator[str]:
    """What is wrong with the value. A property that the schema does not name is a fault only where it says so."""
    if not _TYPES[schema["type"]](value):
        yield f"{where} is {_shown(value)}: give {_article(schema['type'])}"
        return
    for keyword, (holds, complaint) in _LIMITS.items():
        if keyword in schema and not holds(value, schema[keyword]):
            yield f"{where} is {_shown(value)}: it {complaint.format(_limit(schema, keyword))}"
    for name in schema.get("required", ()):
        if name not in value:  # type: ignore[operator]  # only an object's schema requires names
            yield f"{where} has no {name}"
    if schema.get("additionalProperties") is False:
        for name in value:  # type: ignore[attr-defined]  # only an object's schema has properties
            if name not in schema["properties"]:
                yield f"{_joined(where, name)} is not known: leave it out, or correct its name"
    for inner, kind, place in _inner(value, schema, where):
        yield from faults(inner, kind, place)


def _inner(value: object, schema: Schema, where: str) -> Iterator[tuple[object, Schema, str]]:
    """The values inside an object or a list, each with its own schema and its place."""
    match value:
        case dict():
            named, others = schema.get("properties", {}), schema.get("additionalProperties")
            for name in value:
                kind = named.get(name, others or None)
                if kind is not None:
                    yield value[name], kind, _joined(where, name)
        case list():
            for index, entry in enumerate(value):
                yield entry, schema["items"], f"{where}[{index}]"


def unwrapped(value: Any, schema: Schema) -> Any:  # noqa: ANN401 - any JSON value
    """The value with every list or object that was written as a text of JSON put back into its place.

    Models are known to do that with a long list. Null counts as absent, for models write it for what is not stated.
    """
    if isinstance(value, str) and schema["type"] in {"array", "object"}:
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, dict) and schema["type"] == "object":
        properties = schema.get("properties", {})
        return {
            name: unwrapped(inner, properties[name]) if name in properties else inner
            for name, inner in value.items()
            if inner is not None
        }
    if isinstance(value, list) and schema["type"] == "array":
        return [unwrapped(entry, schema["items"]) for entry in value]
    return value


def _joined(where: str, name: str) -> str:
    return name if where == WHOLE else f"{where}.{name}"


def _limit(schema: Schema, keyword: str) -> str:
    """The limit as a fault names it. Of a long list only its number and what the schema calls it."""
    limit = schema[keyword]
    if isinstance(limit, list) and len(limit) > _LONG_LIST:
        return f"the {len(limit)} that are known: give {schema['description']}"
    return json.dumps(limit)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _article(type_: str) -> str:
    return f"an {type_}" if type_[0] in "aeio" else f"a {type_}"
