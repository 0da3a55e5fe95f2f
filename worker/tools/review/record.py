"""Writes a version of the proposal in the API's form: proposal.json, which the resolvers read for `proposal`.

Each call of a tool that makes something is followed by it, so a reader sees the requirements as soon as they are
analyzed, the price as soon as it is calculated, and each document as soon as it is written.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from worker.tools import costs, requirements
from worker.tools.costs import Costs
from worker.tools.proposal.words import counted
from worker.tools.requirements import Analysis, Kind, Requirement
from worker.tools.results import DOCUMENT_KEYS, cost_data
from worker.tools.workspace import COSTS, PROPOSAL, REQUIREMENTS, Workspace, digest


def write(workspace: Workspace) -> None:
    """Write the record of the workspace's version from what it holds. Without an analysis there is none."""
    names = workspace.names()
    found = workspace.read_json(REQUIREMENTS) if REQUIREMENTS in names else None
    if found is None:
        return
    priced = workspace.read_json(COSTS) if COSTS in names else None
    value = {
        "version": workspace.version,
        "createdAt": names[REQUIREMENTS].isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **of(requirements.from_json(found), costs.from_json(priced) if priced else None),
        **{field: workspace.key(name) if name in names else None for field, name in DOCUMENT_KEYS.items()},
    }
    made_from = digest(json.dumps(value).encode())
    if workspace.made_from(PROPOSAL) != made_from:
        workspace.write_json(PROPOSAL, value, made_from=made_from)


def of(analysis: Analysis, priced: Costs | None) -> dict[str, object]:
    """The fields of the API's `Proposal` that follow from what was understood and from its price."""
    effort = priced.effort if priced else {}
    return {
        "requirements": [_requirement(each, effort.get(each.id)) for each in analysis.requirements],
        "confidence": analysis.confidence,
        "openQuestions": [each.text for each in analysis.of(Kind.OPEN_QUESTION)],
        **(_priced(priced) if priced else _UNPRICED),
    }


_UNPRICED: Mapping[str, object] = {
    "workPackages": [],
    "costData": None,
    "teamSize": None,
    "duration": None,
    "startDate": None,
    "endDate": None,
    "discountPercent": 0.0,
    "budget": None,
    "deadline": None,
    "lowCost": None,
    "highCost": None,
    "assumptions": [],
    "risks": [],
}


def _priced(priced: Costs) -> dict[str, object]:
    return {
        "workPackages": [
            {
                "name": each.name,
                "requirementIds": list(each.requirement_ids),
                "hours": float(each.hours),
                "cost": float(each.cost),
            }
            for each in priced.packages
        ],
        "costData": cost_data(priced),
        "teamSize": priced.team_size,
        "duration": counted(priced.weeks, "week"),
        "startDate": priced.start.isoformat(),
        "endDate": priced.end.isoformat(),
        "discountPercent": float(priced.discount_percent),
        "budget": float(priced.budget.amount) if priced.budget else None,
        "deadline": min(each.date for each in priced.deadlines).isoformat() if priced.deadlines else None,
        "lowCost": float(priced.low),
        "highCost": float(priced.high),
        "assumptions": list(priced.assumptions),
        "risks": _risks(priced),
    }


def _requirement(each: Requirement, hours: Decimal | None) -> dict[str, object]:
    return {
        "id": each.id,
        "kind": each.kind.value,
        "text": each.text,
        "lines": list(each.lines),
        "workPackage": each.work_package,
        "size": each.size.value if each.size else None,
        "priority": each.priority.value,
        "hours": None if hours is None else float(hours),
    }


def _risks(priced: Costs) -> Sequence[str]:
    return [f"{each.text} {each.mitigation}".strip() for each in priced.risks]
