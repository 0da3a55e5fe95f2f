"""The publisher: sends updates to the API's `publishProgress`, signed with SigV4, over one kept connection.

It tries again when a failure may pass, within the time it is given, and says by its errors what a run should do
about the rest (`worker.publisher`). It decides nothing about a session and keeps no state of one.
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
"""A cold resolver needs a second or two; AppSync itself gives up after 30."""

_NO_TIME = 0.001
"""A time-out must be positive, even when the deadline has passed between two statements."""


class Credentials(Protocol):
    """botocore's credentials, which refresh themselves."""

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """A consistent set of keys, valid now."""
        ...


class AppSyncPublisher:
    """Publishes to one API."""

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
        """Give the connection up."""
        self._pool.clear()

    def _send(self, body: bytes, deadline: float) -> Reply:
        left = max(_NO_TIME, deadline - self._clock())
        timeout = urllib3.Timeout(connect=min(_CONNECT_SECONDS, left), read=min(_ANSWER_SECONDS, left))
        try:
            headers = self._signed(body)
            pool = self._pool
            response = within(
                left,
                f"Publishing to {urlsplit(self._url).netloc}",
                lambda: pool.request("POST", self._url, body=body, headers=headers, timeout=timeout, redirect=False),
            )
        except TimedOutError as error:  # drop by drop, or address by address: no single time-out has struck
            self._pool = _pool()
            raise PublishFailedError(str(error)) from error
        except (urllib3.exceptions.HTTPError, BotoCoreError) as error:
            raise PublishFailedError(
                f"{urlsplit(self._url).netloc} could not be reached or signed for: {error}"
            ) from error
        answer = answers.accepted(response.status, response.data)
        if answer.complaints:
            metrics.publish_error()
        for complaint in answer.complaints:
            logger.error("[SESSION] The API took the update but may not have delivered it", complaint=complaint)
        return answer.reply

    def _signed(self, body: bytes) -> dict[str, str]:
        request = AWSRequest("POST", self._url, {"content-type": "application/json"}, body)
        SigV4Auth(self._credentials.get_frozen_credentials(), "appsync", self._region).add_auth(request)
        return dict(request.headers.items())


def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(num_pools=1, maxsize=1, retries=False)


def region_of(url: str, otherwise: str) -> str:
    """The region in an API's own host name (`<id>.appsync-api.<region>.amazonaws.com`); a custom domain has none."""
    _, found, rest = (urlsplit(url).hostname or "").partition(".appsync-api.")
    return rest.partition(".")[0] if found else otherwise


def _request_body(update: Update) -> bytes:
    request = {
        "query": DOCUMENT,
        "operationName": "PublishProgress",
        "variables": {"input": progress_input(update)},
    }
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
