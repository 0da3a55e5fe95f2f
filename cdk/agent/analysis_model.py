"""The model that reads the clients' notes, for the function that runs the tools.

With Converse it is the agent's own model unless another one is named. With the other kinds of agent the rules read the
notes unless a model is named.
"""

from collections.abc import Mapping

from aws_cdk import Stack

from cdk.agent.model_access import model_access
from cdk.functions.function import Function
from cdk.settings import NO_MODEL, Settings


def analysis_environment(settings: Settings) -> Mapping[str, str]:
    """The variables that select the model; none where the function's own default is meant."""
    if not settings.analysis_model:
        return {}
    return {"ANALYSIS_MODEL_ID": "" if settings.analysis_model == NO_MODEL else settings.analysis_model}


def grant_analysis(function: Function, settings: Settings) -> None:
    """Let a function call the model, unless it may already do so as the agent's."""
    if settings.analysis_model not in {"", NO_MODEL} and settings.analysis_model != _agents_own(settings):
        for statement in model_access(Stack.of(function), settings.analysis_model):
            function.role.add_to_policy(statement)


def _agents_own(settings: Settings) -> str:
    return settings.agent_model if settings.worker_calls_the_model else ""
