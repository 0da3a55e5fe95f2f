"""The publisher: sends updates to the API's `publishProgress` mutation, signed with SigV4, over one connection.

After a temporary failure it tries again, within the time it is given. Its other errors tell a run what to do (see
`worker.publisher`). It decides nothing about a session and stores nothing about one.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import BotoCoreError
from tenacity import RetryCallState, Retrying, retry_if_exception_type

import schema
from worker import metrics
from worker.appsync import answers
from worker.log import logger
from worker.publisher import PublishFailedError, PublishRefusedError
from worker.timing.backoff import equal_jitter
from worker.timing.patience import TimedOutError, within
from worker.updates import Reply, Update, progress_input

DOCUMENT = Path(schema.__file__).with_name("publish_progress.graphql").read_text(encoding="utf-8")

ATTEMPTS = 4
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 10.0

_CONNECT_SECONDS = 3.0
_ANSWER_SECONDS = 10.0
"""A cold start of the resolvers takes a second or two. AppSync itself gives up after 30."""

_SHORTEST_SECONDS = 0.001
"""The time-out used if the deadline has just passed, because a time-out must be positive."""


class Credentials(Protocol):
    """botocore's credentials, which refresh themselves."""

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Keys that belong together and are valid now."""
        ...


class AppSyncPublisher:
    """A `worker.publisher.Publisher` for one AppSync API."""

    def __init__(
        self,
        url: str,
        region: str,
        credentials: Credentials,
        *,
        random: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._region = region
        self._credentials = credentials
        self._clock = clock
        self._sleep = sleep
        self._wait = equal_jitter(FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, random)
        self._pool = _pool()

    def update_session_status(self, update: Update, *, deadline: float, patient: bool = False) -> Reply:
        """Publish one update: see `worker.publisher.Publisher`."""
        body = _request_body(update)

        def no_more(state: RetryCallState) -> bool:
            spent = state.attempt_number >= ATTEMPTS and not patient
            return spent or self._clock() + state.upcoming_sleep >= deadline

        retrying = Retrying(
            retry=retry_if_exception_type(PublishFailedError),
            stop=no_more,
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._send, body, deadline)
        except (PublishFailedError, PublishRefusedError):
            metrics.publish_error()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()

    def _send(self, body: bytes, deadline: float) -> Reply:
        left = max(_SHORTEST_SECONDS, deadline - self._clock())
        timeout = urllib3.Timeout(connect=min(_CONNECT_SECONDS, left), read=min(_ANSWER_SECONDS, left))
        try:
            headers = self._signed(body)
            pool = self._pool
            response = within(
                left,
                f"Publishing to {urlsplit(self._url).netloc}",
                lambda: pool.request("POST", self._url, body=body, headers=headers, timeout=timeout, redirect=False),
            )
        except TimedOutError as error:
            # No single time-out has struck: the answer came slowly, or several addresses were tried one by one. The
            # thread that still waits keeps the old pool, so later publishes need a new one.
            self._pool = _pool()
            raise PublishFailedError(str(error)) from error
        except (urllib3.exceptions.HTTPError, BotoCoreError) as error:
            raise PublishFailedError(
                f"{urlsplit(self._url).netloc} could not be reached, or the request not signed: {error}"
            ) from error
        answer = answers.accepted(response.status, response.data)
        if answer.complaints:
            metrics.publish_error()
        for complaint in answer.complaints:
            logger.error("[SESSION] The API accepted the update but may not have delivered it", complaint=complaint)
        return answer.reply

    def _signed(self, body: bytes) -> dict[str, str]:
        request = AWSRequest("POST", self._url, {"content-type": "application/json"}, body)
        SigV4Auth(self._credentials.get_frozen_credentials(), "appsync", self._region).add_auth(request)
        return dict(request.headers.items())


def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=1, maxsize=1, retries=False)


def region_of(url: str, otherwise: str) -> str:
    """The region in the host name of an API's URL, or `otherwise` if the API has a custom domain.

    AWS's own host names have the form `<id>.appsync-api.<region>.amazonaws.com`.
    """
    _, found, rest = (urlsplit(url).hostname or "").partition(".appsync-api.")
    return rest.partition(".")[0] if found else otherwise


def _request_body(update: Update) -> bytes:
    request = {
        "query": DOCUMENT,
        "operationName": "PublishProgress",
        "variables": {"input": progress_input(update)},
    }
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
