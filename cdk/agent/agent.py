"""The protocol that every kind of agent implements. It has one module for each kind: `converse`, `bedrock`, `existing`.

`cdk.stack` makes the one that the settings select. To add an agent of another service, write a class with these
members.
"""

from collections.abc import Mapping
from typing import Protocol

from aws_cdk import aws_iam as iam


class Agent(Protocol):
    """What the stack needs from any agent."""

    environment: Mapping[str, str]
    """The environment variables that the worker needs to find this agent."""
    worker_runs_tools: bool
    """Whether the agent may ask the worker to run the five tools. The worker then gets the rights that they need."""

    def grant_invoke(self, role: iam.Role) -> None:
        """Let the role invoke this agent, and no other one."""
        ...
