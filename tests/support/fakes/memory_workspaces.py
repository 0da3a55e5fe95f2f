"""Workspaces in memory: the hand-written fake of `resolvers.workspaces.Workspaces`, for tests that need no AWS."""

from collections.abc import Mapping
from typing import Any


class MemoryWorkspaces:
    """Keeps each session's files in a dictionary, by their names in the workspace."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, Any]] = {}

    def proposal(self, session_id: str, version: int) -> Mapping[str, Any] | None:
        return self.files.get(session_id, {}).get(f"versions/{version}/proposal.json")

    def delete(self, session_id: str) -> None:
        self.files.pop(session_id, None)
