"""The API as Python calls: one kept HTTP connection, and a WebSocket for each subscription.

Each call sends one document and answers with a value, or raises a `ClientError`. Nothing here retries, orders or
waits for a session: `client.stream` and `client.command.follow` do.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport

from client import answers
from client.endpoint import Credentials, Endpoint
from client.errors import NotFoundError, RejectedError, translated
from client.operations import document
from client.realtime import subscription
from client.session import AgentEvent, Progress, Session, SessionPage, State, Submission
from client.words import EVENT_PAGE_SIZE, api_name

HTTP_SECONDS = 15.0
"""One request. AppSync gives a resolver 30 s, but a read that slow is better asked again."""


class Api(Protocol):
    """What a stream needs of the API. Its simulation in the tests is the other implementation."""

    async def read_state(self, session_id: str) -> State:
        """Where the session stands now; `NotFoundError` when there is none."""

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        """A page of the log, in order, from the event after `after`; empty when there is none yet."""

    def subscribe(self, session_id: str) -> AbstractAsyncContextManager[AsyncIterator[Progress | None]]:
        """A subscription, acknowledged by the server when the block is entered.

        Yields what is pushed, and None for a push that could not be read. Raises `UnavailableError` when the
        connection dies, on entering or while iterating.
        """


class Sessions(Api, Protocol):
    """The calls that the command line needs besides."""

    async def submit(self, submission: Submission, request_token: str) -> Session:
        """Submit an assessment. With the same token and input again, the answer is the same session."""

    async def read_session(self, session_id: str) -> Session:
        """The whole session; `NotFoundError` when there is none."""

    async def sessions(self, limit: int, next_token: str | None = None) -> SessionPage:
        """Some of the caller's own sessions, newest first."""

    async def cancel(self, session_id: str) -> Session:
        """Ask a session to stop."""

    async def retry(self, session_id: str) -> Session:
        """Run an ended, uncompleted session again."""


@dataclass(frozen=True)
class GraphqlApi:
    """The API by gql. Made by `connected`."""

    endpoint: Endpoint
    credentials: Credentials
    http: AsyncClientSession

    async def read_session(self, session_id: str) -> Session:
        return answers.session(await self._call_for(session_id, "session", "session", "reading the session"))

    async def read_state(self, session_id: str) -> State:
        return answers.state(await self._call_for(session_id, "state", "session", "reading the session"))

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        variables = {"sessionId": session_id, "after": after, "limit": EVENT_PAGE_SIZE}
        page = (await self._call("events", variables, "reading the events"))["events"]
        if page is None:
            raise NotFoundError(_no_session(session_id))
        return answers.events(page)

    @asynccontextmanager
    async def subscribe(self, session_id: str) -> AsyncIterator[AsyncIterator[Progress | None]]:
        request = GraphQLRequest(document("on_progress"), variable_values={"sessionId": session_id})
        await self.credentials.fresh()
        auth = self.credentials.for_host(self.endpoint.host)
        with translated("subscribing"):
            async with subscription(self.endpoint.realtime_url, auth, request) as pushes:
                yield _progress(pushes)

    async def submit(self, submission: Submission, request_token: str) -> Session:
        given = {api_name(name): value for name, value in asdict(submission).items() if value is not None}
        variables = {"input": {**given, "clientRequestToken": request_token}}
        answer = (await self._call("submit", variables, "submitting"))["submitAssessment"]
        if answer is None:
            raise RejectedError("submitting: the API answered without a session and without an error")
        return answers.session(answer)

    async def sessions(self, limit: int, next_token: str | None = None) -> SessionPage:
        variables = {"limit": limit, "nextToken": next_token}
        page = (await self._call("sessions", variables, "listing the sessions"))["sessions"]
        if page is None:
            raise RejectedError("listing the sessions: the API answered with neither a page nor an error")
        return answers.session_page(page)

    async def cancel(self, session_id: str) -> Session:
        return answers.session(await self._call_for(session_id, "cancel", "cancelSession", "cancelling the session"))

    async def retry(self, session_id: str) -> Session:
        return answers.session(await self._call_for(session_id, "retry", "retrySession", "retrying the session"))

    async def _call_for(self, session_id: str, operation: str, root_field: str, action: str) -> dict[str, Any]:
        """The answer of an operation on one session, for which null says that there is none."""
        answer: dict[str, Any] | None = (await self._call(operation, {"id": session_id}, action))[root_field]
        if answer is None:
            raise NotFoundError(_no_session(session_id))
        return answer

    async def _call(self, operation: str, variables: dict[str, Any], action: str) -> dict[str, Any]:
        request = GraphQLRequest(document(operation), variable_values=variables)
        await self.credentials.fresh()
        try:
            with translated(action):
                return await self.http.execute(request)
        except (AssertionError, AttributeError, TypeError) as error:
            # What gql stumbles over when an answer is JSON but no GraphQL response.
            raise RejectedError(f"{action}: the answer is not GraphQL; is --endpoint the API's own?") from error


@asynccontextmanager
async def connected(endpoint: Endpoint, credentials: Credentials) -> AsyncIterator[GraphqlApi]:
    """The API at `endpoint`, its HTTP connection kept while inside."""
    transport = AIOHTTPTransport(endpoint.url, auth=credentials.for_host(endpoint.host))
    async with Client(transport=transport, execute_timeout=HTTP_SECONDS) as http:
        yield GraphqlApi(endpoint, credentials, http)


async def _progress(pushes: AsyncIterator[dict[str, Any] | None]) -> AsyncIterator[Progress | None]:
    with translated("receiving updates"):
        async for data in pushes:
            update = data and data.get("onProgress")
            yield answers.progress(update) if update else None


def _no_session(session_id: str) -> str:
    return f"there is no session {session_id!r} among yours; `scopesmith list` shows them"
