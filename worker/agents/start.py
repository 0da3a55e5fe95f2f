"""Starts the agent of a run: the chosen service's adapter, over the session's workspace.

The one place that knows both adapters. `worker.handler` calls it with the process's clients.
"""

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from schema.statuses import Tool
from worker.agents import prompt
from worker.agents.bedrock.invoke import invoke_bedrock_agent
from worker.agents.choice import BedrockAgent
from worker.agents.converse import prompt as converse_prompt
from worker.agents.converse.stream import READ_SECONDS, ConverseStream, Model
from worker.agents.events import AgentStream
from worker.agents.service import client_config
from worker.request import Request
from worker.tools import usage
from worker.tools.toolbox import ToolBox
from worker.tools.workbench import NotesModel, TemplateStore, Workbench
from worker.tools.workspace import Workspace

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.session import Session
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient
    from types_boto3_bedrock_runtime import BedrockRuntimeClient
    from types_boto3_s3 import S3Client

READING_SECONDS = 420.0
"""How long a model may read the notes: half of the worker's time, so that the rules and the other tools have theirs."""

_LONGEST_RUN_SECONDS = 900.0
"""Lambda's own limit: an InvokeAgent can't be repeated unseen, so its silence is never taken for a failure."""


@dataclass(frozen=True)
class AgentSite:
    """What an agent works with."""

    session: "Session"
    s3: "S3Client"
    workspace: Workspace
    templates_bucket: str | None
    random: Callable[[], float]
    connections: ExitStack
    """Closes the clients of the run's models and agents with it: a connection kept from an earlier run may have died
    while the Lambda was frozen."""
    notes_model_id: str = ""
    """The model that reads the notes; empty lets the rules read them."""
    guardrail_id: str = ""
    guardrail_version: str = ""

    def client(self, service: str, read_seconds: float) -> "BaseClient":
        """A client whose service may be silent for so long."""
        client = self.session.create_client(service, config=client_config(read_seconds))
        return self.connections.enter_context(closing(client))

    def tools(self, offered: Sequence[Tool] = tuple(Tool)) -> ToolBox:
        """The tools over the session's workspace. `offered` are those that the agent is shown."""
        templates = TemplateStore(self.s3, self.templates_bucket)
        model = self._notes_model()
        return ToolBox(
            lambda: Workbench(self.workspace, templates, dt.datetime.now(dt.UTC).date(), notes_model=model), offered
        )

    @functools.cached_property
    def models(self) -> "BedrockRuntimeClient":
        """The run's client of all models."""
        return cast("BedrockRuntimeClient", self.client("bedrock-runtime", READ_SECONDS))

    def _notes_model(self) -> NotesModel | None:
        if not self.notes_model_id:
            return None
        return NotesModel(
            self.models, self.notes_model_id, READING_SECONDS, self.random, self.guardrail_id, self.guardrail_version
        )


def start(
    agent: Model | BedrockAgent,
    site: AgentSite,
    request: Request,
    run_id: str,
    saved: Mapping[str, Any] | None,
    *,
    tools: Sequence[Tool] = tuple(Tool),
    priced: Mapping[str, object] | None = None,
) -> AgentStream:
    """The agent's stream. `saved` is a conversation that an earlier run of the same agent has left.

    The agent calls `tools`. `priced` is CostCalculator's answer, where a person has reviewed it.
    """
    if isinstance(agent, Model):
        return ConverseStream(
            site.models,
            agent,
            converse_prompt.task(request.assessment, priced),
            site.tools(tools),
            session_id=request.session_id,
            saved=saved,
            random=site.random,
        )
    asked = prompt.agent_request(request, run_id, tools, priced)
    return invoke_bedrock_agent(
        cast("AgentsforBedrockRuntimeClient", site.client("bedrock-agent-runtime", _LONGEST_RUN_SECONDS)),
        asked,
        agent_id=agent.agent_id,
        alias_id=agent.alias_id,
        tools=site.tools(tools),
        random=site.random,
        spent=lambda: usage.spent(site.workspace, asked.conversation_id()),
    )
