"""What the five tools make of the sample notes, as the worker publishes it: the sizes that users' sessions have."""

from datetime import date
from functools import cache

from local import sample
from schema.statuses import Tool
from worker.tools import results
from worker.tools.analysis.analyzer import analyze
from worker.tools.pricing.calculator import price
from worker.tools.profile.reading import standard

TODAY = date(2026, 11, 22)
"""Of the offer."""


def output(tool: Tool, session_id: str) -> object:
    """What `worker.workflow.OUTPUTS` names, once the tool has answered."""
    match tool:
        case Tool.REQUIREMENTS_ANALYZER:
            return _analysis()
        case Tool.COST_CALCULATOR:
            return _costs()
        case Tool.TEMPLATE_RETRIEVER:
            return ["default/deck.pptx"]
        case Tool.POWERPOINT_GENERATOR:
            return f"sessions/{session_id}/presentation.pptx"
        case Tool.SOW_GENERATOR:
            return f"sessions/{session_id}/statement-of-work.docx"


@cache
def _analysis() -> object:
    return results.summary(analyze(_notes(), today=TODAY))


@cache
def _costs() -> object:
    return results.cost_data(price(sample.assessment(), analyze(_notes(), today=TODAY), standard(), TODAY))


@cache
def _notes() -> str:
    return sample.read(sample.NOTES)
