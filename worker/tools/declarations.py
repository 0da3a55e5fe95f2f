"""Declares the five tools: the one table from which they are run and shown to an agent.

Whoever runs a tool looks it up here, and a deployment builds the agent's function schemas from the same table. To keep
the import cheap, a tool's module is loaded when the tool first runs.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema.statuses import Tool

if TYPE_CHECKING:
    from worker.tools.workbench import Workbench

ToolFunction = Callable[["Workbench"], Mapping[str, object]]


@dataclass(frozen=True)
class Declaration:
    """One tool of the agent. It takes no parameters, because its data comes from the workspace."""

    function: str
    """The function's name in its action group. The action group itself has the tool's name."""
    description: str
    """What the model reads to decide which tool to call."""
    run: ToolFunction
    """Does the work and returns a summary of less than 2 KB.

    It raises ToolError for what the agent or a person can correct.
    """


def _loaded_when_run(module: str) -> ToolFunction:
    def run(workbench: "Workbench") -> Mapping[str, object]:
        tool: ToolFunction = importlib.import_module(f"{__package__}.{module}").run
        return tool(workbench)

    return run


TOOLS: Mapping[Tool, Declaration] = MappingProxyType(
    {
        Tool.REQUIREMENTS_ANALYZER: Declaration(
            "analyze_requirements",
            "Reads the session's meeting notes and sorts them into functional and non-functional requirements,"
            " integrations, constraints and open questions, with a complexity level. Call it first.",
            _loaded_when_run("analysis.analyzer"),
        ),
        Tool.COST_CALCULATOR: Declaration(
            "calculate_costs",
            "Prices the analyzed requirements: hours and cost by role, phases, payments and the assumptions behind"
            " them. Call it after analyze_requirements.",
            _loaded_when_run("pricing.calculator"),
        ),
        Tool.TEMPLATE_RETRIEVER: Declaration(
            "retrieve_templates",
            "Finds the presentation and document templates for the client or its industry. Call it before generating"
            " a document. It is not an error if there are none.",
            _loaded_when_run("templates"),
        ),
        Tool.POWERPOINT_GENERATOR: Declaration(
            "generate_powerpoint",
            "Writes the proposal as a PowerPoint presentation. Call it after calculate_costs and retrieve_templates.",
            _loaded_when_run("deck.generator"),
        ),
        Tool.SOW_GENERATOR: Declaration(
            "generate_sow",
            "Writes the statement of work as a Word document, and the proposal as a page to read first. Call it after"
            " calculate_costs and retrieve_templates.",
            _loaded_when_run("finishing"),
        ),
    }
)
