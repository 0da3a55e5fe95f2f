"""What the model is told: its task, the order of the tools, and how much there is to read.

The model that calls tools never reads the client's notes, so that nothing in them can give it orders. It is told
counts; the tools find everything else in the session's workspace. The system prompt is the same for every session:
signatures of reasoning may be bound to it, and a service caches it.
"""

import json
from collections.abc import Mapping

from schema.assessment import Assessment
from worker.tools.declarations import TOOLS

_STEPS = "\n".join(f"{number}. {declaration.function}" for number, declaration in enumerate(TOOLS.values(), start=1))

SYSTEM = f"""\
You prepare a costed proposal for a presales consultant by calling tools. The tools read the client's notes and each \
other's results by themselves: they take no arguments, and they answer with counts and figures.

Of these tools, call each that you are offered once, in this order, and wait for each answer before the next call:
{_STEPS}
If a tool answers with an error, call it once more. If it fails again, stop and say which tool failed and why.

When all offered tools have answered, end with a short summary for the consultant in plain sentences: the scope in \
counts, the complexity, the total cost and hours, which documents were made, and how many questions are still open. \
Use only figures that the tools gave you.
"""


def task(assessment: Assessment, priced: Mapping[str, object] | None = None) -> str:
    """The message that starts the conversation. `priced` is CostCalculator's answer, where a person has reviewed it."""
    if priced is not None:
        return (
            "A person has reviewed the requirements and the price. Both are final: make the documents. "
            f"calculate_costs has answered: {json.dumps(priced, separators=(',', ':'))}"
        )
    notes = assessment.requirements
    return (
        f"Prepare the proposal. The notes have {len(notes.splitlines())} lines and {len(notes)} characters. "
        f"The team size is {assessment.team_size or 'not given'}."
    )
