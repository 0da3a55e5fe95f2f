"""The worker Lambda's entry: it parses the event, connects the parts, and starts one run.

The resolvers invoke it asynchronously. It raises an exception if the event is not theirs or if the end of the session
could not be published, so that Lambda sends the event again. A failed agent is an ordinary end of a session: then the
Lambda itself succeeds.
"""

import gc

if gc.isenabled():
    gc.disable()  # imported code is never garbage, and searching it takes a tenth of a cold start

import functools
import os
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config
from botocore.session import Session

from schema import xray
from schema.review import Review
from worker import checkpoint
from worker.agents.assignment import assignment_of
from worker.agents.choice import chosen
from worker.agents.converse.stream import Model
from worker.agents.events import AgentStream
from worker.agents.reviewed import ReviewedStream
from worker.agents.start import AgentSite, start
from worker.appsync.connection import connect
from worker.appsync.mutation import AppSyncPublisher
from worker.checkpoint import Checkpoint
from worker.claim import claim
from worker.feed import Feed, ThreadedFeed
from worker.log import logger
from worker.request import InvalidEventError, Request, parse
from worker.run import MARGIN_SECONDS, Run
from worker.settings import Settings
from worker.timing.clock import TIMING
from worker.timing.patience import within
from worker.tools.results import produced
from worker.tools.workspace import ASSESSMENT, CONVERSATION, Workspace

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

gc.freeze()  # later collections skip what was imported too
gc.enable()

WORKSPACE_SECONDS = 15.0
"""The longest wait for one call to the workspace. It is shorter than the run's reserve, and far shorter than the
lease."""

SAVE_SECONDS = 5.0
"""The longest wait for the conversation to be saved. A save may follow another wait for the workspace, and both must
end within the lease. If a save is lost, a run that takes over goes on from the one before."""


@functools.cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings.of(os.environ)


@functools.cache
def publisher() -> AppSyncPublisher:
    """The publisher of this process, which keeps its connection."""
    return connect(settings().api, _session())


@functools.cache
def s3() -> "S3Client":
    """The S3 client of this process. Its time-outs are short, so that it retries within WORKSPACE_SECONDS."""
    retries = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    return cast("S3Client", _session().create_client("s3", config=retries))


@functools.cache
def _session() -> Session:
    """The session of this process. It is botocore's: boto3 adds resources and transfers, which nothing here uses and
    which take a fifteenth of a cold start to load.
    """
    session = Session()
    session.set_config_variable("region", settings().api.region)
    return session


@logger.inject_lambda_context(clear_state=True)
def handler(event: object, context: LambdaContext) -> dict[str, str | None]:
    """Run one session. `status` in the answer is how it ended; null if another run has the session."""
    deadline = TIMING.clock() + context.get_remaining_time_in_millis() / 1000
    try:
        request = parse(event)
    except InvalidEventError:
        logger.exception("[SESSION] Refused: not an event of the resolvers")
        raise
    run_id = str(uuid.uuid4())
    logger.append_keys(session_id=request.session_id, run_id=run_id)
    xray.annotate(request.session_id)
    logger.info("[SESSION] Processing", requirements_length=len(request.assessment.requirements))

    review_id = request.review.id if request.review else 0
    claimed = claim(publisher(), request.session_id, run_id, TIMING, deadline - MARGIN_SECONDS, review_id=review_id)
    if claimed is None:
        return {"session_id": request.session_id, "status": None}
    workspace = Workspace(s3(), settings().artifacts_bucket, request.session_id)
    run = Run(
        request.session_id,
        run_id,
        claimed,
        publisher=publisher(),
        produced=lambda: within(WORKSPACE_SECONDS, "Reading the workspace", lambda: produced(workspace)),
        save=lambda reached: _save(workspace, request, reached),
        timing=TIMING,
        deadline=deadline,
        version=lambda: workspace.version,
        ends_with_review=assignment_of(request).ends_with_review,
    )
    with ExitStack() as connections:
        status = run.follow(lambda: _start_agent(request, run_id, workspace, connections))
    return {"session_id": request.session_id, "status": status}


def _start_agent(request: Request, run_id: str, workspace: Workspace, connections: ExitStack) -> Feed:
    assessment = asdict(request.assessment)
    within(WORKSPACE_SECONDS, "Writing the assessment", lambda: workspace.write_json(ASSESSMENT, assessment))
    site = _site(workspace, connections)
    if request.review is None:
        agent = chosen(settings())
        left = _left_by_an_earlier_run(agent, request, workspace) if isinstance(agent, Model) else None
        logger.info("[BEDROCK AGENT] Starting", **asdict(agent), resumed=left is not None)
        saved = left.conversation if left else None
        stream = start(agent, site, request, run_id, saved, tools=assignment_of(request).tools)
        return ThreadedFeed(stream, resumed=left)
    return _start_reviewed(request, request.review, run_id, site)


def _start_reviewed(request: Request, review: Review, run_id: str, site: AgentSite) -> Feed:
    """The run of a review: price what was changed, then let the agent make the documents if they are approved."""
    from worker.tools.review.apply import apply  # noqa: PLC0415 - loads the analysis, which most runs need later

    workspace = site.workspace
    reviewed = within(WORKSPACE_SECONDS, "Applying the review", lambda: apply(workspace, review))
    logger.info("[SESSION] Reviewed", version=reviewed.version, new=reviewed.new, approved=review.approve)
    if not review.approve:
        return ThreadedFeed(ReviewedStream(review, reviewed, site.tools(), None))
    agent = chosen(settings())
    left = _left_by_an_earlier_run(agent, request, workspace) if isinstance(agent, Model) else None
    saved = left.conversation if left else None

    def begin(priced: Mapping[str, object]) -> AgentStream:
        return start(agent, site, request, run_id, saved, tools=assignment_of(request).tools, priced=priced)

    return ThreadedFeed(ReviewedStream(review, reviewed, site.tools(), begin), resumed=left)


def _site(workspace: Workspace, connections: ExitStack) -> AgentSite:
    return AgentSite(
        _session(),
        s3(),
        workspace,
        settings().templates_bucket,
        TIMING.random,
        connections,
        notes_model_id=settings().analysis_model_id,
        guardrail_id=settings().agent_guardrail_id,
        guardrail_version=settings().agent_guardrail_version,
    )


def _left_by_an_earlier_run(model: Model, request: Request, workspace: Workspace) -> Checkpoint | None:
    """The checkpoint of a run that this one takes over from; None when the conversation starts."""
    saved = within(WORKSPACE_SECONDS, "Reading the conversation", lambda: workspace.read_json(CONVERSATION))
    if saved is None or (saved["revision"], saved["model"]) != (request.revision, model.fingerprint()):
        return None
    return checkpoint.from_json(saved)


def _save(workspace: Workspace, request: Request, reached: Checkpoint) -> None:
    agent = chosen(settings())
    saved = {**reached.to_json(), "revision": request.revision}
    if isinstance(agent, Model):
        saved["model"] = agent.fingerprint()
    within(SAVE_SECONDS, "Saving the conversation", lambda: workspace.write_json(CONVERSATION, saved))
