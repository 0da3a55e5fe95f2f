"""The arrows between the rooms, and what a Lambda loads when it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT

SCRIPTS = Path(sys.executable).parent
FOREIGN = {"strawberry", "graphql", "pydantic", "moto"}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_DEFAULT_REGION": "us-east-1",
    "SESSIONS_TABLE_NAME": "sessions",
    "ARTIFACTS_BUCKET_NAME": "artifacts",
    "TEMPLATES_BUCKET_NAME": "templates",
    "WORKER_FUNCTION_NAME": "worker",
    "GRAPHQL_URL": "https://example.com/graphql",
    "BEDROCK_AGENT_ID": "AGENT12345",
    "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345",
}


def test_every_room_imports_only_what_it_may() -> None:
    """The contracts stand in pyproject.toml, under tool.importlinter."""
    done = subprocess.run(  # noqa: S603 - a tool of ours
        [SCRIPTS / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("handler", "besides"),
    [
        ("resolvers.handler", {"worker", "local", "client", "pptx", "docx"}),
        ("worker.handler", {"resolvers", "local", "client", "pptx", "docx"}),
        ("worker.tools.handler", {"resolvers", "local", "client", "pptx", "docx"}),
    ],
)
def test_a_lambda_starts_without_what_it_does_not_need(handler: str, besides: set[str]) -> None:
    """No Strawberry, graphql-core, pydantic or moto; and the documents' libraries only when a document is made."""
    code = f"import sys, {handler}; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & (FOREIGN | besides) == set()
