"""The size of a DynamoDB item in bytes, as DynamoDB counts it for its limits and its write units."""

from collections.abc import Mapping
from typing import Any


def item_bytes(item: Mapping[str, Any]) -> int:
    """The item's size; it is in DynamoDB's own form (AWS, "DynamoDB item sizes and formats").

    Raises:
        NotImplementedError: it has a type of value that no record holds.
    """
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    [(kind, content)] = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":  # two digits a byte, and one more
            return (len(content.strip("-0.").replace(".", "")) + 1) // 2 + 1
        case "SS":
            return 3 + sum(len(one.encode()) for one in content)
        case "L":
            return 3 + sum(1 + _value_bytes(one) for one in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_bytes(one) for name, one in content.items())
        case "BOOL" | "NULL":
            return 1
    raise NotImplementedError(f"{kind}: no record holds one")
