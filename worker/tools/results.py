"""Reads what a session's workspace holds so far, in the form in which the worker publishes it.

The worker calls `produced` after each tool's answer. It writes nothing. Its result is limited in size: the
requirements of a long brief become a summary, which says whether anything was cut.
"""

import json
from collections.abc import Iterable, Mapping

from schema.limits import RESULTS_BYTES
from worker.tools import costs, requirements
from worker.tools.requirements import Analysis, Kind, Requirement
from worker.tools.workspace import (
    COSTS,
    PRESENTATION,
    PROPOSAL_PAGE,
    REQUIREMENTS,
    STATEMENT_OF_WORK,
    TEMPLATES,
    Workspace,
)

REQUIREMENTS_BYTES = 16_000
"""The most that `requirementsData` may take as JSON in ASCII, which is its longest form."""

ITEM_LENGTH = 300
"""How many characters of an item's text are kept. A longer text is cut and ends with an ellipsis."""

ITEM_LINES = 10
"""How many line numbers of an item are kept."""

DOCUMENT_KEYS: Mapping[str, str] = {
    "powerpointKey": PRESENTATION,
    "sowKey": STATEMENT_OF_WORK,
    "htmlKey": PROPOSAL_PAGE,
}
"""By the API's field: the document whose S3 key it holds."""

_KEYS: Mapping[Kind, str] = {
    Kind.FUNCTIONAL: "functional",
    Kind.NON_FUNCTIONAL: "nonFunctional",
    Kind.INTEGRATION: "integrations",
    Kind.CONSTRAINT: "constraints",
    Kind.OUT_OF_SCOPE: "outOfScope",
    Kind.OPEN_QUESTION: "openQuestions",
}


def produced(workspace: Workspace) -> dict[str, object]:
    """The schema's `ResultsInput` for what the workspace holds. What does not exist yet has no key.

    `requirementsData` is an object, which the publisher turns into AWSJSON.

    Raises:
        ValueError: the results take more than `RESULTS_BYTES` as JSON.
    """
    names = workspace.names()
    results: dict[str, object] = {}
    if REQUIREMENTS in names and (found := workspace.read_json(REQUIREMENTS)):
        results["requirementsData"] = summary(requirements.from_json(found))
    if COSTS in names and (found := workspace.read_json(COSTS)):
        results["costData"] = cost_data(costs.from_json(found))
    if TEMPLATES in names and (found := workspace.read_json(TEMPLATES)):
        results["templatePaths"] = found["paths"]  # the keys of the chosen templates, two at most
    results |= {field: workspace.key(name) for field, name in DOCUMENT_KEYS.items() if name in names}
    if (size := _size(results)) > RESULTS_BYTES:
        raise ValueError(
            f"the results take {size} bytes as JSON, more than the {RESULTS_BYTES} that an update may carry"
        )
    return results


def summary(found: Analysis) -> dict[str, object]:
    """The counts, the complexity and the first items of each kind, in at most `REQUIREMENTS_BYTES`."""
    items: dict[str, list[dict[str, object]]] = {key: [] for key in _KEYS.values()}
    data: dict[str, object] = {
        "complexityLevel": found.complexity.level,
        "complexityPoints": found.complexity.points,
        "complexityReasons": list(found.complexity.reasons),
        "counts": {key: found.count(kind) for kind, key in _KEYS.items()},
        "confidence": found.confidence,
        "items": items,
        "truncated": False,
    }
    room = REQUIREMENTS_BYTES - _size(data)
    for kind, item in _in_turn(found):
        entry: dict[str, object] = {"id": item.id, "text": _cut(item.text), "lines": list(item.lines[:ITEM_LINES])}
        room -= _size(entry) + 2
        if room < 0:
            data["truncated"] = True
            break
        data["truncated"] = data["truncated"] or entry["text"] != item.text or len(item.lines) > ITEM_LINES
        items[_KEYS[kind]].append(entry)
    return data


def cost_data(priced: costs.Costs) -> dict[str, object]:
    """The schema's `CostDataInput`. The lines, one of them a discount, add up to the totals exactly, even as floats."""
    discount = {"role": "Discount", "hours": 0.0, "hourlyRate": 0.0, "cost": -float(priced.discount)}
    lines = [
        {
            "role": line.role,
            "hours": float(line.hours),
            "hourlyRate": float(line.hourly_rate),
            "cost": float(line.cost),
        }
        for line in priced.lines
    ]
    return {
        "totalCost": float(priced.total_cost),
        "totalHours": float(priced.total_hours),
        "complexityLevel": priced.complexity_level,
        "currency": priced.currency,
        "lines": [*lines, discount] if priced.discount else lines,
    }


def _in_turn(found: Analysis) -> Iterable[tuple[Kind, Requirement]]:
    """The first item of each kind, then the second of each, and so on, so that no kind takes all the room."""
    by_kind = {kind: found.of(kind) for kind in _KEYS}
    for place in range(max(map(len, by_kind.values()))):
        for kind, items in by_kind.items():
            if place < len(items):
                yield kind, items[place]


def _cut(text: str) -> str:
    return text if len(text) <= ITEM_LENGTH else text[: ITEM_LENGTH - 1] + "…"


def _size(value: object) -> int:
    return len(json.dumps(value))
