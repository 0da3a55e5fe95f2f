"""What `python -m local invoke` makes before the call: the sessions and the workspace that an event relies on.

A worker's event or a failure record names a session that exists in the cloud by then; here nothing exists yet.
`local.invoke` calls it. It never rejects an event: if it can't tell which session an event is about, it makes none, and
the function's own answer says what is wrong.
"""

import asyncio
import itertools
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import boto3
import botocore.session
from botocore.config import Config

from local import environment, sample
from local.stack import LocalStack
from resolvers import lifecycle
from resolvers.api.caller import API_KEY_OWNER, caller
from resolvers.api.inputs import Submission, is_session_id
from resolvers.errors import UnauthorizedError
from resolvers.storage.dynamodb import DynamoDBStore
from schema.assessment import Assessment
from worker import request
from worker.failure import invocation_record
from worker.tools.declarations import TOOLS
from worker.tools.workspace import ASSESSMENT, Workspace

_KEEP = timedelta(days=1)
"""How long a session is kept; the stack ends long before."""

_DEVELOPERS_FILES = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}
"""Session variables of botocore that keep it from reading your own profile and credentials."""


@dataclass(frozen=True)
class NewSession:
    """A session to create before the call."""

    session_id: str
    owner: str
    assessment: Assessment


def sessions(function: str, event: object) -> list[NewSession]:
    """The sessions that an event of this function names, each once."""
    found = {"resolvers": _asked_for, "worker": _worked_on, "failure": _failed}.get(function, _none)(event)
    return list({one.session_id: one for one in found}.values())


class Setup:
    """Writes to a running stack's table and bucket, as the functions would have before such an event."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._boto3 = boto3.Session(
            aws_access_key_id=stack.credentials.access_key_id,
            aws_secret_access_key=stack.credentials.secret_access_key,
            aws_session_token=stack.credentials.session_token,
            region_name=stack.region,
            botocore_session=botocore.session.Session(session_vars=_DEVELOPERS_FILES),
        )
        self._direct = Config(proxies={})
        dynamodb = self._boto3.client("dynamodb", endpoint_url=stack.addresses.aws, config=self._direct)
        self._store = DynamoDBStore(dynamodb, environment.SESSIONS_TABLE)

    def create(self, sessions: Iterable[NewSession]) -> None:
        """Store the sessions as submitAssessment does, without starting a worker."""
        now = datetime.now(UTC)
        for new in sessions:
            digest = Submission(new.assessment, None).digest
            state = lifecycle.create(new.session_id, new.owner, new.assessment, digest=digest, now=now, keep=_KEEP)
            self._store.create(state, new.assessment, now)

    def states(self, sessions: Iterable[NewSession]) -> Iterator[str]:
        """A line about each session: its status, its progress, and its error if it has one."""
        for new in sessions:
            if found := self._store.read(new.session_id, datetime.now(UTC)):
                state = found.state
                text = state.error_message or state.current_stage
                yield f"Session {state.session_id} is {state.status}, {state.progress} %: {text}"

    async def prepare_workspace(self, event: object) -> None:
        """Write the assessment that the tools read, and run the tools before the one that the event calls."""
        s3 = self._boto3.client("s3", endpoint_url=self._stack.addresses.aws, config=self._direct)
        try:
            workspace = Workspace(s3, environment.ARTIFACTS_BUCKET, str(_at(event, "sessionAttributes", "session_id")))
        except ValueError:
            return
        await asyncio.to_thread(workspace.write_json, ASSESSMENT, asdict(sample.assessment()))
        for earlier in _earlier_calls(event):
            await self._stack.host.invoke(environment.TOOLS, json.dumps(earlier).encode())


def _earlier_calls(event: object) -> Iterator[Mapping[str, object]]:
    """The event, changed to call each of the tools that come before the one it calls."""
    called = _at(event, "function")
    functions = {declaration.function: tool for tool, declaration in TOOLS.items()}
    if isinstance(event, Mapping) and called in functions:
        for function, tool in itertools.takewhile(lambda pair: pair[0] != called, functions.items()):
            yield {**event, "actionGroup": tool, "function": function}


def _asked_for(event: object) -> Iterator[NewSession]:
    """The session that a root field's arguments name, owned by the event's caller."""
    arguments = _at(event, "arguments")
    named = _at(arguments, "id") or _at(arguments, "sessionId") or _at(arguments, "input", "sessionId")
    if isinstance(named, str) and is_session_id(named):
        yield NewSession(named, _owner(_at(event, "identity")), sample.assessment())


def _owner(identity: object) -> str:
    """The owner of the new session. An IAM caller owns no sessions and may see all, so for it any owner will do."""
    try:
        return caller(identity if isinstance(identity, Mapping) else None).owner or API_KEY_OWNER
    except UnauthorizedError:
        return API_KEY_OWNER


def _worked_on(event: object) -> Iterator[NewSession]:
    """The session of a worker's event, with the assessment that the event carries."""
    try:
        asked = request.parse(event)
    except request.InvalidEventError:
        return
    yield NewSession(asked.session_id, API_KEY_OWNER, asked.assessment)


def _failed(event: object) -> Iterator[NewSession]:
    records = _at(event, "Records")
    for message in records if isinstance(records, list) else []:
        try:
            record = invocation_record.parse(str(_at(message, "body")))
        except invocation_record.InvocationRecordError:
            continue
        yield NewSession(record.session_id, API_KEY_OWNER, sample.assessment())


def _none(_: object) -> Iterator[NewSession]:
    yield from ()


def _at(value: object, *names: str) -> object:
    """The value at a path of names in a JSON value; None if there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
