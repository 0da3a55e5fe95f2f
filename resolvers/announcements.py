"""Tells a session's subscribers what a request has changed: a cancel without a run, a retry, a review, a deletion.

AppSync pushes nothing but the answers of mutations. So this Lambda calls the mutation `announceProgress`, which AppSync
itself answers with what it is given: no second Lambda runs, and nothing is written. A lost announcement does no harm,
because clients also poll. It is sent once, with short time-outs, and its failure is only logged.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import NoCredentialsError

import schema
from resolvers.activity import Admission
from resolvers.session import AgentEvent, Session
from resolvers.storage.store import Store
from resolvers.storage.wrapped import WrappedStore
from schema.review import Review
from schema.statuses import SessionStatus

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from botocore.session import Session as AwsSession

DOCUMENT = Path(schema.__file__).with_name("announce_progress.graphql").read_text(encoding="utf-8")

DELETED = "This session was deleted."
"""The error message in the last announcement of a session. Whoever reads the session after it finds none."""

_TIMEOUT = urllib3.Timeout(connect=1, read=2)
"""The caller's own answer waits for this."""


class AnnouncingStore(WrappedStore):
    """A `Store` that announces each change of status that no run has published, once it is written."""

    def __init__(self, store: Store, announce: Callable[[Session], None]) -> None:
        super().__init__(store)
        self._announce = announce

    def write(
        self,
        before: Session,
        after: Session,
        events: Sequence[AgentEvent] = (),
        admission: Admission | None = None,
        review: Review | None = None,
    ) -> None:
        super().write(before, after, events, admission, review)
        was, now = before.state, after.state
        if now.deleting:
            # A client keeps the newest revision that it has seen, so the last one must be newer.
            over = replace(now, status=SessionStatus.CANCELLED, error_message=DELETED, revision=now.revision + 1)
            self._announce(Session(over))
        elif now.revision != was.revision and now.last_update == was.last_update:
            self._announce(after)


class Announcer:
    """Sends announcements to one API. `aws` is called for the first one, because most requests announce nothing."""

    def __init__(self, url: str, aws: "Callable[[], AwsSession]", log: "Logger") -> None:
        self._url = url
        self._aws = aws
        self._log = log
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def announce(self, progress: object) -> None:
        """Push a `Progress` to the subscribers of its session."""
        variables = {"progress": json.dumps(progress, ensure_ascii=False)}  # AWSJSON goes in as a string
        body = json.dumps({"query": DOCUMENT, "variables": variables}, ensure_ascii=False).encode()
        try:
            answer = self._pool.request("POST", self._url, body=body, headers=self._signed(body), redirect=False)
            told = answer.json()
        except Exception:  # noqa: BLE001 - the request itself has succeeded, whatever becomes of this
            self._log.warning("[SESSION] subscribers could not be told", exc_info=True)
            return
        if answer.status != 200 or told.get("errors"):  # noqa: PLR2004 - OK
            extra = {"status": answer.status, "errors": told.get("errors")}
            self._log.warning("[SESSION] subscribers were not told", extra=extra)

    def _signed(self, body: bytes) -> dict[str, str]:
        aws = self._aws()
        credentials = aws.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        request = AWSRequest("POST", self._url, headers={"content-type": "application/json"}, data=body)
        SigV4Auth(credentials, "appsync", aws.get_config_variable("region")).add_auth(request)
        return dict(request.headers)
