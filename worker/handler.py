"""The worker Lambda's entry: parses the event, puts the parts together, and lets one run do the work.

It is invoked asynchronously by the resolvers. It raises when the event is no event of theirs or when the session's
end could not be delivered, so that Lambda brings the event again; an agent that fails is no failure of the Lambda.
"""

import gc

if gc.isenabled():
    gc.disable()  # what importing makes stays: looking through it for garbage is a tenth of a cold start

import functools
import os
import uuid
from contextlib import ExitStack, closing
from dataclasses import asdict
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from worker.agents import prompt
from worker.agents.bedrock.invoke import client_config, configured, invoke_bedrock_agent
from worker.appsync.connection import connect
from worker.appsync.mutation import AppSyncPublisher
from worker.claim import claim
from worker.feed import Feed, ThreadedFeed
from worker.log import logger
from worker.request import InvalidEventError, Request, parse
from worker.run import MARGIN_SECONDS, Run
from worker.settings import Settings
from worker.timing.clock import TIMING
from worker.timing.patience import within
from worker.tools.results import produced
from worker.tools.workspace import ASSESSMENT, Workspace

if TYPE_CHECKING:
    from types_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient
    from types_boto3_s3 import S3Client

gc.freeze()  # nor is it looked through later
gc.enable()

_LONGEST_RUN_SECONDS = 900.0
"""Lambda's own limit."""

WORKSPACE_SECONDS = 15.0
"""How long the workspace is waited for at a time: less than the run's reserve, and than the lease by far."""


@functools.cache
def settings() -> Settings:
    """The process's settings."""
    return Settings.of(os.environ)


@functools.cache
def publisher() -> AppSyncPublisher:
    """The process's publisher, with its connection."""
    return connect(settings().api, _session())


@functools.cache
def s3() -> "S3Client":
    """The process's S3 client. Its time-outs are short: it must have tried again before WORKSPACE_SECONDS are over."""
    retries = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return _session().client("s3", config=retries)


def bedrock() -> "AgentsforBedrockRuntimeClient":
    """A Bedrock client for one run: a connection kept from an earlier one may have died while the Lambda was frozen,
    and what must not be sent twice can't be sent again to find out.
    """
    return _session().client("bedrock-agent-runtime", config=client_config(_LONGEST_RUN_SECONDS))


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session(region_name=settings().api.region)


@logger.inject_lambda_context(clear_state=True)
def handler(event: object, context: LambdaContext) -> dict[str, str | None]:
    """Work on one session; `status` is how it ended, null when another run has it."""
    deadline = TIMING.clock() + context.get_remaining_time_in_millis() / 1000
    try:
        request = parse(event)
    except InvalidEventError:
        logger.exception("[SESSION] Refused: not an event of the resolvers")
        raise
    run_id = str(uuid.uuid4())
    logger.append_keys(session_id=request.session_id, run_id=run_id)
    logger.info("[SESSION] Processing", requirements_length=len(request.assessment.requirements))

    claimed = claim(publisher(), request.session_id, run_id, TIMING, deadline - MARGIN_SECONDS)
    if claimed is None:
        return {"session_id": request.session_id, "status": None}
    workspace = Workspace(s3(), settings().artifacts_bucket, request.session_id)
    run = Run(
        request.session_id,
        run_id,
        claimed,
        publisher=publisher(),
        produced=lambda: within(WORKSPACE_SECONDS, "Reading the workspace", lambda: produced(workspace)),
        timing=TIMING,
        deadline=deadline,
    )
    with ExitStack() as connections:
        status = run.follow(lambda: _start_agent(request, run_id, workspace, connections))
    return {"session_id": request.session_id, "status": status}


def _start_agent(request: Request, run_id: str, workspace: Workspace, connections: ExitStack) -> Feed:
    agent_id = configured("BEDROCK_AGENT_ID", settings().agent_id)
    alias_id = configured("BEDROCK_AGENT_ALIAS_ID", settings().agent_alias_id)
    assessment = asdict(request.assessment)
    within(WORKSPACE_SECONDS, "Writing the assessment", lambda: workspace.write_json(ASSESSMENT, assessment))
    logger.info("[BEDROCK AGENT] Starting", agent_id=agent_id, alias_id=alias_id)
    stream = invoke_bedrock_agent(
        connections.enter_context(closing(bedrock())),
        prompt.agent_request(request, run_id),
        agent_id=agent_id,
        alias_id=alias_id,
        random=TIMING.random,
    )
    return ThreadedFeed(stream)
