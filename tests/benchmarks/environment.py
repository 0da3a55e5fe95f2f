"""What the measured processes find around them: a Lambda's variables, and moto where DynamoDB and S3 are meant."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import local.aws.server
from local.isolation import ROOT, base_environment

DATA = ROOT / "tests" / "data"

REGION = "us-east-1"
TABLE = "sessions"
ARTIFACTS, TEMPLATES = "artifacts", "templates"

MODEL = "us.anthropic.claude-sonnet-4-6"
"""The default agent's. It has a price, so the worker reads its price list, as it does once deployed."""

BEDROCK_AGENT = {"AGENT_MODEL_ID": "", "BEDROCK_AGENT_ID": "AGENT12345", "BEDROCK_AGENT_ALIAS_ID": "ALIAS12345"}
"""What a worker's variables have in its place for an agent of Bedrock Agents."""


def lambdas(*, dynamodb: str, s3: str, services: str) -> dict[str, str]:
    """The variables of all four functions, with the default agent.

    `services` is the address for Lambda, AppSync and Bedrock; all are URLs.
    """
    return {
        **base_environment(os.environ),
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_DYNAMODB": dynamodb,
        "AWS_ENDPOINT_URL_S3": s3,
        "AWS_ENDPOINT_URL_LAMBDA": services,
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": services,
        "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": services,
        "GRAPHQL_URL": f"{services}/graphql",
        "SESSIONS_TABLE_NAME": TABLE,
        "ARTIFACTS_BUCKET_NAME": ARTIFACTS,
        "TEMPLATES_BUCKET_NAME": TEMPLATES,
        "WORKER_FUNCTION_NAME": "worker",
        "API_KEY_ACTIVE_SESSIONS": "1000",
        "API_KEY_SUBMITS_PER_DAY": "1000000",
        "AGENT_MODEL_ID": MODEL,
        "ANALYSIS_MODEL_ID": "",  # no model is served that fills in forms
        "POWERTOOLS_TRACE_DISABLED": "true",
    }


@asynccontextmanager
async def moto() -> AsyncIterator[str]:
    """The address of moto's server, in a process of its own, with the sessions table and the buckets."""
    with Path(os.devnull).open("wb") as nothing:  # noqa: ASYNC230 - it never blocks
        buckets = (ARTIFACTS, TEMPLATES)
        async with local.aws.server.running(
            table=TABLE, buckets=buckets, region=REGION, output=nothing.fileno()
        ) as aws:
            await aws.ready()
            yield aws.url
