"""The API as Python calls, over one HTTP connection and a WebSocket for each subscription.

Each call sends one document and returns a value, or raises a `ClientError`. Nothing here retries, sorts or waits for a
session: `client.stream` and `client.command.follow` do.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from gql import Client, GraphQLRequest
from gql.client import AsyncClientSession
from gql.transport.aiohttp import AIOHTTPTransport

from client import answers
from client.endpoint import Credentials, Endpoint
from client.errors import NotFoundError, RejectedError, UnauthorizedError, UnavailableError, translated
from client.operations import document
from client.proposal import Proposal, Review
from client.realtime import subscription
from client.session import AgentEvent, Progress, Session, SessionPage, State, Submission
from client.words import EVENT_PAGE_SIZE, api_name

HTTP_SECONDS = 15.0
"""The time limit of one request. AppSync gives a resolver 30 s, but it is better to repeat a read that is so slow."""


class Api(Protocol):
    """The calls that a stream needs. `GraphqlApi` and the tests' simulation implement them."""

    async def read_state(self, session_id: str) -> State:
        """The session's current state. Raises `NotFoundError` if there is no such session."""

    async def read_events(self, session_id: str, after: int) -> tuple[AgentEvent, ...]:
        """A page of the log, in order, from the event after `after`; empty if there is none yet."""

    def subscribe(self, session_id: str) -> AbstractAsyncContextManager[AsyncIterator[Progress | None]]:
        """A subscription. The server has acknowledged it when the block is entered.

        It yields what is pushed, and None for a push that could not be read. It raises `UnavailableError` if the
        connection dies, on entering or while iterating.
        """


class Sessions(Api, Protocol):
    """The further calls that the command line needs."""

    async def submit(self, submission: Submission, request_token: str) -> Session:
        """Submit an assessment. If you repeat it with the same token and input, you get the same session."""

    async def read_session(self, session_id: str) -> Session:
        """The whole session. Raises `NotFoundError` if there is no such session."""

    async def sessions(self, limit: int, next_token: str | None = None) -> SessionPage:
        """A page of the caller's sessions, newest first."""

    async def cancel(self, session_id: str) -> Session:
        """Ask a session to stop."""

    async def retry(self, session_id: str) -> Session:
        """Run a session again that has ended without completing."""

    async def proposal(self, session_id: str, version: int | None = None) -> Proposal:
        """A version of the proposal, or the newest. Raises `NotFoundError` if there is none yet."""

    async def review(self, session_id: str, review: Review) -> Session:
        """Change a proposal that waits for a review or is completed. Raises `ConflictError` in any other state."""

    async def delete(self, session_id: str) -> None:
        """Remove a session with all its files. Raises `ConflictError` while it is running."""


@dataclass(frozen=True)
class GraphqlApi:
    """The API, called with gql. Use `connected` to make one."""

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
        async with AsyncExitStack() as stack:
            used = await self.credentials.fresh()
            try:
                pushes = await stack.enter_async_context(self._subscription(request))
            except UnauthorizedError:
                if not await self.credentials.renewed(used):
                    raise
                used = await self.credentials.fresh()
                pushes = await stack.enter_async_context(self._subscription(request))
            yield self._progress(pushes, used)

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

    async def proposal(self, session_id: str, version: int | None = None) -> Proposal:
        variables = {"sessionId": session_id, "version": version}
        answer = (await self._call("proposal", variables, "reading the proposal"))["proposal"]
        if answer is None:
            which = "proposal yet" if version is None else f"version {version} of the proposal"
            raise NotFoundError(f"the session {session_id!r} has no {which}, or it is not among yours")
        return answers.proposal(answer)

    async def review(self, session_id: str, review: Review) -> Session:
        variables = {"id": session_id, "input": review.as_input()}
        answer = (await self._call("review", variables, "sending the review"))["reviewSession"]
        if answer is None:
            raise NotFoundError(_no_session(session_id))
        return answers.session(answer)

    async def delete(self, session_id: str) -> None:
        if (await self._call("delete", {"id": session_id}, "deleting the session"))["deleteSession"] is None:
            raise NotFoundError(_no_session(session_id))

    async def _call_for(self, session_id: str, operation: str, root_field: str, action: str) -> dict[str, Any]:
        """The answer of an operation on one session; null means that there is no such session."""
        answer: dict[str, Any] | None = (await self._call(operation, {"id": session_id}, action))[root_field]
        if answer is None:
            raise NotFoundError(_no_session(session_id))
        return answer

    async def _call(self, operation: str, variables: dict[str, Any], action: str) -> dict[str, Any]:
        """The data of an operation. Refused credentials are renewed once: the machine's clock may be wrong."""
        used = await self.credentials.fresh()
        try:
            return await self._sent(operation, variables, action)
        except UnauthorizedError:
            if not await self.credentials.renewed(used):
                raise
        return await self._sent(operation, variables, action)

    async def _sent(self, operation: str, variables: dict[str, Any], action: str) -> dict[str, Any]:
        request = GraphQLRequest(document(operation), variable_values=variables)
        try:
            with translated(action):
                return await self.http.execute(request)
        except (AssertionError, AttributeError, TypeError) as error:
            # gql raises this if the answer is JSON but not a GraphQL response.
            raise RejectedError(f"{action}: the answer is not GraphQL; is --endpoint the API's own?") from error

    @asynccontextmanager
    async def _subscription(self, request: GraphQLRequest) -> AsyncIterator[AsyncIterator[dict[str, Any] | None]]:
        auth = self.credentials.for_host(self.endpoint.host)
        with translated("subscribing"):
            async with subscription(self.endpoint.realtime_url, auth, request) as pushes:
                yield pushes

    async def _progress(
        self, pushes: AsyncIterator[dict[str, Any] | None], used: str
    ) -> AsyncIterator[Progress | None]:
        """The pushes. If the API refuses the credentials meanwhile and there are others, another socket is worth it."""
        try:
            with translated("receiving updates"):
                async for data in pushes:
                    update = data and data.get("onProgress")
                    yield answers.progress(update) if update else None
        except UnauthorizedError as error:
            if await self.credentials.renewed(used):
                raise UnavailableError("receiving updates: the token has ended") from error
            raise


@asynccontextmanager
async def connected(endpoint: Endpoint, credentials: Credentials) -> AsyncIterator[GraphqlApi]:
    """The API at `endpoint`, with one HTTP connection for the whole block."""
    transport = AIOHTTPTransport(endpoint.url, auth=credentials.for_host(endpoint.host))
    async with Client(transport=transport, execute_timeout=HTTP_SECONDS) as http:
        yield GraphqlApi(endpoint, credentials, http)


def _no_session(session_id: str) -> str:
    return f"there is no session {session_id!r} among yours; `scopesmith list` shows them"
