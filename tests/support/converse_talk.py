"""A conversation with the fake Converse service: tools that answer as a test has planned, and what the agent told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from converse_service import Answer, Block, ConverseService, calls, thinks, turn

from schema.statuses import AgentEventType
from worker.agents.converse.stream import ConverseStream, Model
from worker.agents.events import AgentError, AgentEvent, AgentItem, AgentNotConfiguredError, ModelUsage, Step
from worker.tools.call import Called, Outcome, ToolCall, failed
from worker.tools.declarations import TOOLS
from worker.tools.toolbox import ToolBox
from worker.tools.workbench import Workbench

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

FUNCTIONS = tuple(declaration.function for declaration in TOOLS.values())

MODEL = Model("eu.anthropic.claude-sonnet-5")
TASK = "Prepare the proposal."

DONE = "The proposal is ready."


class PlannedTools(ToolBox):
    """Tools that answer at once: as planned for each call in turn, or that all went well."""

    def __init__(self, **planned: list[Called]) -> None:
        super().__init__(no_workbench)
        self.planned = planned
        self.called: list[str] = []

    def run(self, call: ToolCall) -> Called:
        if call.name not in FUNCTIONS or call.arguments is None:
            return super().run(call)
        self.called.append(call.name)
        answers = self.planned.get(call.name)
        return answers.pop(0) if answers else Called(Outcome.DONE, {"made": call.name})


def no_workbench() -> Workbench:
    raise AssertionError("these tools work with nothing")


def too_early() -> Called:
    return failed("call analyze_requirements first", Outcome.TOO_EARLY)


@dataclass
class Talk:
    """What came of a conversation."""

    items: list[AgentItem] = field(default_factory=list)
    error: AgentError | AgentNotConfiguredError | None = None
    naps: list[float] = field(default_factory=list)
    """The pauses between attempts, in seconds; they cost no time here."""

    @property
    def events(self) -> list[AgentEvent]:
        """All events in their order."""
        return [
            event
            for item in self.items
            if not isinstance(item, ModelUsage)
            for event in (item.events if isinstance(item, Step) else [item])
        ]

    @property
    def usages(self) -> list[ModelUsage]:
        return [item for item in self.items if isinstance(item, ModelUsage)]

    @property
    def saved(self) -> list[Mapping[str, Any]]:
        """Each state of the conversation that a run would save."""
        return [item.conversation for item in self.items if isinstance(item, Step)]

    @property
    def kinds(self) -> list[tuple[AgentEventType, str | None]]:
        return [(event.type, event.tool) for event in self.events]

    def texts(self, kind: AgentEventType) -> list[str]:
        return [event.text for event in self.events if event.type is kind]

    @property
    def warnings(self) -> list[str]:
        return self.texts(AgentEventType.WARNING)

    @property
    def final(self) -> str | None:
        """The final response; None when there was none, and an error when there were two."""
        finals = self.texts(AgentEventType.FINAL_RESPONSE)
        assert len(finals) < 2
        return finals[0] if finals else None


def talk(
    client: "BedrockRuntimeClient",
    tools: ToolBox | None = None,
    *,
    saved: Mapping[str, Any] | None = None,
    model: Model = MODEL,
) -> Talk:
    """A conversation from its beginning, or from what was saved, to its end."""
    came = Talk()
    try:
        came.items.extend(stream(client, tools, saved=saved, model=model, sleep=came.naps.append))
    except (AgentError, AgentNotConfiguredError) as error:
        came.error = error
    return came


def stream(
    client: "BedrockRuntimeClient",
    tools: ToolBox | None = None,
    *,
    saved: Mapping[str, Any] | None = None,
    model: Model = MODEL,
    **timing: Any,  # noqa: ANN401 - as the adapter takes it
) -> ConverseStream:
    """A conversation that has not begun."""
    return ConverseStream(
        client,
        model,
        TASK,
        tools or PlannedTools(),
        session_id="session-1",
        saved=saved,
        **{"random": lambda: 0.5, **timing},
    )


def five_tools(closing: str | Block = DONE) -> list[Answer]:
    """The turns of a model that calls each tool once and then sums up."""
    return [*(turn(thinks(f"Now {name}."), calls(name, "{}")) for name in FUNCTIONS), turn(closing)]


def asked(service: ConverseService) -> list[list[Any]]:
    """The messages of each request."""
    return [request.body["messages"] for request in service.requests]
