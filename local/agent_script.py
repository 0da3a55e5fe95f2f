"""What the scripted agent says: its thoughts before each tool, and its answer at the end.

Pure. A sentence is made from the fields of the tools' answers; one that needs a field nobody gave is left unsaid, so
that the agent never states what it can't know. `scripted_agent` speaks it.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from schema.statuses import Tool

Answers = Mapping[Tool, Mapping[str, object]]

_THOUGHTS: Mapping[Tool, tuple[str, ...]] = {
    Tool.REQUIREMENTS_ANALYZER: (
        "The notes have to become requirements before anything can be priced.",
        "RequirementsAnalyzer sorts them and keeps the line that each one came from.",
    ),
    Tool.COST_CALCULATOR: (
        "The notes state {functional} functional and {non_functional} non-functional requirements.",
        "With {integrations} integrations, that makes a complexity of “{complexity}”.",
        "{open_questions} open questions stay for the client; the estimate has to name its assumptions.",
        "With the scope known, CostCalculator can price the work by role.",
    ),
    Tool.TEMPLATE_RETRIEVER: (
        "The estimate is {total_hours} hours over {weeks} weeks — {total_cost} {currency} in all.",
        "A team of {team_size} carries it.",
        "Before writing, TemplateRetriever should look for a house design for this industry.",
    ),
    Tool.POWERPOINT_GENERATOR: (
        "There are {template_count} templates to build on.",
        "Template search: {note}.",
        "PowerPointGenerator can write the deck now: scope, timeline, team and costs.",
    ),
    Tool.SOW_GENERATOR: (
        "The deck has {slides} slides.",
        "The statement of work must carry the same figures as the deck, so SOWGenerator reads the same estimate.",
    ),
}

_CLOSING = (
    "The proposal for {client_name} is ready.",
    "\n\n• Scope: {functional} functional and {non_functional} non-functional requirements.",
    "\n• Integrations: {integrations}. Complexity: “{complexity}”.",
    "\n• Effort: {total_hours} hours in {weeks} weeks with a team of {team_size}.",
    "\n• Price: {total_cost} {currency}.",
    "\n• Still open: {open_questions} questions for the client to answer.",
    "\n\nBoth documents — the presentation and the statement of work — carry these figures.",
)


def thoughts(tool: Tool, answers: Answers, refusal: str) -> tuple[str, ...]:
    """What goes through the agent's mind before it calls `tool`; `refusal` is what the tool said to its first call."""
    if refusal:
        return (f"{tool} did not do its work: {refusal}", "It may be a passing fault: one more try.")
    return _said(_THOUGHTS[tool], _facts(answers))


def closing(answers: Answers, attributes: Mapping[str, str]) -> str:
    """The answer after every tool has done its work; `attributes` may tell the client's name."""
    return "".join(_said(_CLOSING, {"client_name": "the client", **_facts(answers), **attributes}))


def giving_up(tool: Tool, refusal: str) -> str:
    """The answer when a tool refused twice."""
    return (
        f"I could not finish the proposal — {tool} failed twice. It said: “{refusal}”. "
        "What was finished before it is kept; once the cause is removed, the session can be run again."
    )


def _said(sentences: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    said = []
    for sentence in sentences:
        try:
            said.append(sentence.format_map(facts))
        except KeyError:
            continue
    return tuple(said)


def _facts(answers: Answers) -> dict[str, str]:
    """All fields of all answers, those that say nothing left out, later tools before earlier ones."""
    facts: dict[str, str] = {}
    for answer in answers.values():
        for name, value in answer.items():
            counted = value.items() if name == "counts" and isinstance(value, Mapping) else [(name, value)]
            facts |= {key: _number(field) for key, field in counted if isinstance(field, str | int | float) and field}
    if isinstance(templates := answers.get(Tool.TEMPLATE_RETRIEVER, {}).get("templates"), list) and templates:
        facts["template_count"] = str(len(templates))
    return facts


def _number(value: object) -> str:
    """A number with its thousands apart; anything else as it is."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number:,}" if number.is_finite() else str(value)
