"""Which room may import which, and what a Lambda loads when it starts."""

import pytest
from programs import PYTHON, ran, tool

FOREIGN = {"strawberry", "graphql", "pydantic", "moto"}
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "SESSIONS_TABLE_NAME": "sessions",
    "ARTIFACTS_BUCKET_NAME": "artifacts",
    "TEMPLATES_BUCKET_NAME": "templates",
    "WORKER_FUNCTION_NAME": "worker",
    "GRAPHQL_URL": "https://example.com/graphql",
    "BEDROCK_AGENT_ID": "AGENT12345",
    "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345",
}


async def test_every_room_imports_only_what_it_may() -> None:
    """The contracts are in pyproject.toml, under tool.importlinter."""
    code, out, _ = await ran(tool("lint-imports"), "--no-cache")
    assert code == 0, out


@pytest.mark.parametrize(
    ("handler", "besides"),
    [
        ("resolvers.handler", {"worker", "local", "client", "pptx", "docx", "lxml"}),
        ("worker.handler", {"resolvers", "local", "client", "pptx", "docx", "lxml"}),
        ("worker.tools.handler", {"resolvers", "local", "client", "pptx", "docx", "lxml"}),
    ],
)
async def test_a_lambda_starts_without_what_it_does_not_need(handler: str, besides: set[str]) -> None:
    """No Strawberry, graphql-core, pydantic or moto; and the documents' libraries only when a document is made."""
    code, out, err = await ran(PYTHON, "-c", f"import sys, {handler}; print(*sys.modules)", variables=ENVIRONMENT)
    assert code == 0, err
    loaded = {name.partition(".")[0] for name in out.split()}
    assert loaded & (FOREIGN | besides) == set()
