"""Reads the text that a tool has answered, for the scripted agents of both services. Pure."""

import json
from collections.abc import Mapping


def fields(text: str) -> Mapping[str, object]:
    """The JSON object in the text; empty if the text is anything else."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def reason(text: str) -> str:
    """Why a tool has failed: its `error` field, or the whole text."""
    return str(fields(text).get("error", text))
