"""The five tools as an agent sees them: the only place where they are declared.

The action-group Lambda runs them from here, and a deployment builds the agent's function schemas from the same table.
Importing it loads the schema's words and nothing else: a tool is loaded when it first runs.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from schema.statuses import Tool

if TYPE_CHECKING:
    from worker.tools.workbench import Workbench

Run = Callable[["Workbench"], Mapping[str, object]]


@dataclass(frozen=True)
class Declaration:
    """One tool of the agent. It takes no parameters: its data comes from the workspace."""

    function: str
    """The function's name inside its action group, which bears the tool's name."""
    description: str
    """What the model reads when it decides which tool to call."""
    run: Run
    """Does the work and answers with a summary of less than 2 KB; raises ToolError when the caller can help."""


def _loaded_when_run(module: str) -> Run:
    def run(workbench: "Workbench") -> Mapping[str, object]:
        tool: Run = importlib.import_module(f"{__package__}.{module}").run
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
            "Finds the presentation and document templates for the client's industry. Call it before generating"
            " a document; finding none is no error.",
            _loaded_when_run("templates"),
        ),
        Tool.POWERPOINT_GENERATOR: Declaration(
            "generate_powerpoint",
            "Writes the proposal as a PowerPoint presentation. Call it after calculate_costs and retrieve_templates.",
            _loaded_when_run("deck.generator"),
        ),
        Tool.SOW_GENERATOR: Declaration(
            "generate_sow",
            "Writes the statement of work as a Word document. Call it after calculate_costs and retrieve_templates.",
            _loaded_when_run("sow.generator"),
        ),
    }
)
