"""What the scripted agent says: its thoughts before each tool, and its answer at the end.

Pure. A sentence is made from the fields of the tools' answers. A sentence that needs a missing field is left out, so
the agent never states what it can't know. The agents of both protocols say it.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from schema.statuses import Tool

TRIES = 2
"""How often the agent calls a tool that answers with an error."""

Answers = Mapping[Tool, Mapping[str, object]]

_THOUGHTS: Mapping[Tool, tuple[str, ...]] = {
    Tool.REQUIREMENTS_ANALYZER: (
        "The notes have to become requirements before anything can be priced.",
        "RequirementsAnalyzer sorts them and keeps the line that each one came from.",
    ),
    Tool.COST_CALCULATOR: (
        "The notes state {functional} functional and {non_functional:non-functional requirement}.",
        "With {integrations:integration}, that makes a complexity of “{complexity}”.",
        "The client has {open_questions:open question} to answer, so the estimate must name its assumptions.",
        "With the scope known, CostCalculator can price the work by role.",
    ),
    Tool.TEMPLATE_RETRIEVER: (
        "The estimate is {total_hours:hour} over {weeks:week} — {total_cost} {currency} in all.",
        "A team of {team_size} carries it.",
        "Before writing, TemplateRetriever should look for a house design for this industry.",
    ),
    Tool.POWERPOINT_GENERATOR: (
        "There is a choice of {template_count:template} to build on.",
        "PowerPointGenerator can write the deck now: scope, timeline, team and costs.",
    ),
    Tool.SOW_GENERATOR: (
        "The deck is written, on the {template} template.",
        "The statement of work must carry the same figures as the deck, so SOWGenerator reads the same estimate.",
    ),
}

_CLOSING = (
    "The proposal{for_whom} is ready.",
    "\n\n• Scope: {functional} functional and {non_functional:non-functional requirement}.",
    "\n• Integrations: {integrations}. Complexity: “{complexity}”.",
    "\n• Effort: {total_hours:hour} in {weeks:week} with a team of {team_size}.",
    "\n• Price: {total_cost} {currency}.",
    "\n• Still open: {open_questions:question} for the client to answer.",
    "\n\nBoth documents — the presentation and the statement of work — carry these figures.",
)


def thoughts(tool: Tool, answers: Answers, refusal: str) -> tuple[str, ...]:
    """The agent's reasoning before it calls `tool`; `refusal` is what the tool said to its first call."""
    if refusal:
        return (f"{tool} did not do its work: {refusal}", "It may be a passing fault: one more try.")
    return _said(_THOUGHTS[tool], _facts(answers))


def closing(answers: Answers, attributes: Mapping[str, str]) -> str:
    """The answer after every tool has done its work; `attributes` may have the client's name."""
    client = attributes.get("client_name")
    return "".join(_said(_CLOSING, {"for_whom": f" for {client}" if client else "", **_facts(answers)}))


def giving_up(tool: Tool, refusal: str) -> str:
    """The answer when a tool refused twice."""
    return (
        f"I could not finish the proposal — {tool} failed twice. It said: “{refusal}”. "
        "What was finished before it is kept; once the cause is removed, the session can be run again."
    )


class _Fact(str):
    """A value from a tool's answer. `{fact:week}` adds the noun, in the plural unless the value is 1."""

    __slots__ = ()

    def __format__(self, noun: str) -> str:
        return f"{self!s} {noun}{'' if self == '1' else 's'}" if noun else str(self)


def _said(sentences: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    said = []
    for sentence in sentences:
        try:
            said.append(sentence.format_map(facts))
        except KeyError:
            continue
    return tuple(said)


def _facts(answers: Answers) -> dict[str, str]:
    """The fields of all answers that are texts or numbers; empty texts and zeros are left out."""
    facts: dict[str, str] = {}
    for answer in answers.values():
        told = {name: value for name, value in answer.items() if isinstance(value, str | int | float) and value}
        facts |= {name: _Fact(_readable(str(value))) for name, value in told.items()}
    templates = answers.get(Tool.TEMPLATE_RETRIEVER, {}).get("templates")
    if isinstance(templates, list) and templates:
        facts["template_count"] = _Fact(len(templates))
    return facts


def _readable(text: str) -> str:
    """A number with separators for thousands; any other text unchanged."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return f"{number:,.0f}" if number == number.to_integral_value() else f"{number:,}"
