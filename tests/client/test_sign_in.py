"""The command's users: signed in by the API's own config, renewed while they watch, refused in words."""

import asyncio
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from checkout import DATA
from fakes.http import served
from gql.transport.exceptions import TransportQueryError
from patience import PATIENCE
from programs import PYTHON, SCOPESMITH, Ended, ran, started
from stacks.local import module_stack

from client.api import connected
from client.cognito import Pool
from client.command.arguments import parse
from client.endpoint import ApiKey, Endpoint, Token
from client.errors import ClientError, RejectedError, UnauthorizedError, UnavailableError
from client.session import Submission
from client.sign_in import Login, UserSession, signed_in
from local.cognito import user_pool as cognito
from local.http import loopback
from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings

pytestmark = pytest.mark.asyncio(loop_scope="module")

URL = "http://127.0.0.1:8000/graphql"
ADA, BEN = cognito.DEMO_USERS
PASSWORD = "Correct-Horse-1"


stack = module_stack(StackSettings(password=PASSWORD, pace=0, lambda_host=HostSettings(dispatch_delay=0)))


SPOILT = "e.y.j"


def spoil(user: UserSession) -> None:
    """Make the API refuse the user's token, which the clock calls good."""
    user._tokens = replace(user._tokens, access=SPOILT)  # noqa: SLF001 - the API has no way to end a token early


async def ended() -> AsyncIterator[dict[str, object] | None]:
    """The pushes of a subscription that the API ends because it no longer accepts the token."""
    yield None
    raise TransportQueryError("refused", errors=[{"errorType": "UnauthorizedException", "message": "ended"}])


async def scopesmith(stack: LocalStack, *words: str, password: str | None = PASSWORD) -> Ended:
    """Run the command without a terminal."""
    variables = {} if password is None else {"SCOPESMITH_PASSWORD": password}
    return await ran(*SCOPESMITH, *words, "--endpoint", stack.endpoint, variables=variables)


@pytest.mark.slow
async def test_a_user_submits_with_name_and_password_and_sees_the_own_sessions_alone(
    stack: LocalStack, tmp_path: Path
) -> None:
    notes = ("local/sample_notes.md", "--client-name", "Northwind", "--out", str(tmp_path / "out"))
    code, out, err = await scopesmith(stack, "submit", *notes, "--user", ADA)
    assert (code, err) == (0, ""), out
    assert "COMPLETED" in out
    _, mine, _ = await scopesmith(stack, "list", "--user", ADA)
    assert "Northwind" in mine
    assert await scopesmith(stack, "list", "--user", BEN) == (0, "", "")
    assert await scopesmith(stack, "list", "--api-key", stack.api_key) == (0, "", "")


async def test_the_commands_to_paste_name_the_user(stack: LocalStack) -> None:
    words = ("submit", "local/sample_notes.md", "--client-name", "Northwind", "--no-wait", "--user", ADA)
    code, out, err = await scopesmith(stack, *words)
    assert code == 0
    assert err == f"watch it: scopesmith watch {out.strip()} --endpoint {stack.endpoint} --user {ADA}\n"


async def test_a_wrong_password_is_one_line_and_no_password(stack: LocalStack) -> None:
    code, out, err = await scopesmith(stack, "list", "--user", ADA, password="Wrong-Horse-1")
    assert (code, out) == (1, "")
    assert err == "error: signing in: Incorrect username or password.\n"


async def test_the_token_for_another_program_is_printed_alone(stack: LocalStack) -> None:
    code, out, err = await scopesmith(stack, "token", "--user", ADA)
    assert (code, err) == (0, "")
    async with connected(Endpoint.parse(stack.endpoint), Token(out.removesuffix("\n"))) as api:
        await api.sessions(1)
    assert await scopesmith(stack, "token", "--token", "e.y.j") == (0, "e.y.j\n", "")
    code, out, err = await scopesmith(stack, "token", "--api-key", stack.api_key)
    assert (code, out, err) == (2, "", "error: an API key is no token: sign in with --user\n")


async def test_without_a_terminal_the_password_must_be_in_the_environment(stack: LocalStack) -> None:
    code, _, err = await scopesmith(stack, "list", "--user", ADA, password=None)
    assert code == 2
    assert "set SCOPESMITH_PASSWORD" in err


@pytest.mark.slow
async def test_at_a_terminal_the_password_is_asked_for_and_not_shown(stack: LocalStack) -> None:
    """It is read from the terminal itself, never from standard input, which may be the notes."""
    spawn = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    listing = (*SCOPESMITH, "list", "--endpoint", stack.endpoint, "--user", BEN)
    async with started(PYTHON, "-c", spawn, *listing, stdin=PIPE) as process, asyncio.timeout(PATIENCE):
        assert process.stdin is not None
        assert process.stdout is not None
        asked = await process.stdout.readuntil(b": ")
        process.stdin.write(PASSWORD.encode() + b"\n")
        rest = await process.stdout.read()
        process.stdin.close()
        code = await process.wait()
    assert asked == f"Password of {BEN}: ".encode()
    assert PASSWORD.encode() not in rest
    assert code == 0, rest


async def test_a_token_is_renewed_shortly_before_it_ends_and_not_before(stack: LocalStack) -> None:
    now = 1_000_000.0
    endpoint = Endpoint.parse(stack.endpoint)
    async with signed_in(endpoint, Login(ADA, PASSWORD), lambda: now) as user, connected(endpoint, user) as api:
        assert isinstance(user, UserSession)
        session = await api.submit(Submission("Northwind", "Customers must see their orders."), "renewal")
        first = user.token
        now += 3600 - 61
        assert (await api.read_state(session.id)).session_id == session.id
        assert user.token == first
        now += 2
        states = await asyncio.gather(*(api.read_state(session.id) for _ in range(5)))
        assert {state.session_id for state in states} == {session.id}
        second = user.token
        assert second != first
        now += 3600
        async with api.subscribe(session.id):
            pass
        assert user.token not in {first, second}
        assert user.for_host("h").get_headers() == {"host": "h", "Authorization": user.token}


async def test_a_token_that_the_api_refuses_is_renewed_once_whatever_the_clock_says(stack: LocalStack) -> None:
    """For each call and for a subscription; all that were refused with one token get the same new one."""
    endpoint = Endpoint.parse(stack.endpoint)
    async with signed_in(endpoint, Login(ADA, PASSWORD)) as user, connected(endpoint, user) as api:
        assert isinstance(user, UserSession)
        session = await api.submit(Submission("Northwind", "Customers must see their orders."), "refused")
        spoil(user)
        states = await asyncio.gather(*(api.read_state(session.id) for _ in range(5)))
        assert {state.session_id for state in states} == {session.id}
        renewed = user.token
        await api.read_state(session.id)
        assert user.token == renewed
        spoil(user)
        async with api.subscribe(session.id):
            assert user.token not in {renewed, SPOILT}


async def test_a_subscription_that_ends_with_its_token_is_worth_another_one(stack: LocalStack) -> None:
    """If there is another token; else the user is told."""
    endpoint = Endpoint.parse(stack.endpoint)
    async with signed_in(endpoint, Login(ADA, PASSWORD)) as user, connected(endpoint, user) as api:
        assert isinstance(user, UserSession)
        first = user.token
        for credentials, used, expected in ((user, first, UnavailableError), (Token(first), "", UnauthorizedError)):
            pushes = replace(api, credentials=credentials)._progress(ended(), used)  # noqa: SLF001 - no API here does it
            assert await anext(pushes) is None
            with pytest.raises(expected):
                await anext(pushes)
        assert user.token != first


async def test_who_is_refused_with_a_renewed_token_too_is_told_so(stack: LocalStack) -> None:
    """One renewal, no more; who signed in with a token has none."""
    endpoint = Endpoint.parse(stack.endpoint)
    async with signed_in(endpoint, Login(ADA, PASSWORD)) as user:
        assert isinstance(user, UserSession)
        elsewhere = answering(401, '{"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}')
        with loopback.listen() as listener:
            refusing = Endpoint.parse(f"http://{loopback.address(listener)}/graphql")
            async with loopback.serving(elsewhere, listener):
                first = user.token
                for credentials in (user, Token("e.y.j")):
                    async with connected(refusing, credentials) as api:
                        with pytest.raises(UnauthorizedError):
                            await api.read_state("s")
                assert user.token != first


async def test_who_was_signed_out_everywhere_must_sign_in_again(stack: LocalStack) -> None:
    now = 1_000_000.0
    endpoint = Endpoint.parse(stack.endpoint)
    async with signed_in(endpoint, Login(BEN, PASSWORD), lambda: now) as user:
        assert isinstance(user, UserSession)
        await stack.users.cognito.call("GlobalSignOut", AccessToken=user.token)
        now += 3600
        with pytest.raises(UnauthorizedError, match="signing in"):
            await user.fresh()


async def test_a_password_for_one_time_sends_the_user_to_the_page(stack: LocalStack) -> None:
    await stack.users.add(cognito.Account("new@example.com", PASSWORD), invited=True)
    with pytest.raises(UnauthorizedError, match="temporary one; sign in on the page"):
        async with signed_in(Endpoint.parse(stack.endpoint), Login("new@example.com", PASSWORD)):
            pytest.fail("it is signed in")


async def test_a_pool_that_is_named_is_not_looked_for(stack: LocalStack) -> None:
    pool = Pool(f"{stack.page}cognito-idp", stack.users.pool_id, stack.users.client_id)
    async with signed_in(Endpoint.parse("http://127.0.0.1:9/graphql"), Login(ADA, PASSWORD, pool)) as user:
        assert isinstance(user, UserSession)


async def test_the_protocol_is_the_one_that_moto_speaks(stack: LocalStack) -> None:
    """It checks no proof, but it asks and answers as Cognito does; its `USER_ID_FOR_SRP` is not the user's name."""
    pool = Pool(stack.users.cognito.url, stack.users.pool_id, stack.users.client_id)
    endpoint = Endpoint.parse(stack.endpoint)
    async with signed_in(endpoint, Login(ADA, PASSWORD, pool)) as user, connected(endpoint, user) as api:
        await api.sessions(1)


async def test_the_password_is_never_sent() -> None:
    """Neither to begin the sign-in nor in the answer to the challenge."""
    heard: list[str] = []
    case = json.loads((DATA / "client" / "srp.json").read_text(encoding="utf-8"))["cases"][0]

    async def answer(request: web.Request) -> web.Response:
        heard.append(await request.text())
        challenge = {"ChallengeName": "PASSWORD_VERIFIER", "Session": "s", "ChallengeParameters": case["challenge"]}
        tokens = {"AuthenticationResult": {"AccessToken": "a", "RefreshToken": "r", "ExpiresIn": 3600}}
        return web.json_response(challenge if request.headers["x-amz-target"].endswith("InitiateAuth") else tokens)

    app = web.Application()
    app.router.add_post("/", answer)
    async with served(app) as url:
        login = Login(ADA, PASSWORD, Pool(f"{url}/", case["poolId"], "client"))
        async with signed_in(Endpoint.parse(URL), login) as user:
            assert isinstance(user, UserSession)
            assert user.token == "a"
    begun, proven = (json.loads(text) for text in heard)
    assert begun["AuthParameters"].keys() == {"USERNAME", "SRP_A"}
    assert (proven["Session"], proven["ChallengeResponses"]["USERNAME"]) == ("s", case["challenge"]["USER_ID_FOR_SRP"])
    assert PASSWORD not in "".join(heard)


async def test_a_key_or_a_token_asks_nobody() -> None:
    for given in (ApiKey("da2-x"), Token("e.y.j")):
        async with signed_in(Endpoint.parse("http://127.0.0.1:9/graphql"), given) as credentials:
            assert credentials is given
            await credentials.fresh()


def answering(status: int, text: str) -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


async def failure(app: web.Application, *, pool: bool) -> ClientError:
    """The error of signing in, with this application as the page, or as the pool's own address."""
    with loopback.listen() as listener:
        origin = f"http://{loopback.address(listener)}"
        async with loopback.serving(app, listener):
            login = Login(ADA, PASSWORD, Pool(origin, "eu-west-1_AbCdEf123", "client") if pool else None)
            with pytest.raises(ClientError) as raised:
                async with signed_in(Endpoint.parse(f"{origin}/graphql"), login):
                    pytest.fail("it is signed in")
    return raised.value


@pytest.mark.parametrize(("status", "text"), [(404, ""), (200, "<html>"), (200, "[]"), (200, '{"userPoolId": "r_p"}')])
async def test_an_endpoint_without_a_config_says_how_to_name_the_pool(status: int, text: str) -> None:
    error = await failure(answering(status, text), pool=False)
    assert isinstance(error, RejectedError)
    assert "--user-pool-id and --user-pool-client-id" in str(error)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (400, '{"__type": "NotAuthorizedException", "message": "no"}', UnauthorizedError),
        (400, '{"__type": "prefix#UserNotConfirmedException"}', UnauthorizedError),
        (400, '{"__type": "InvalidParameterException", "message": "flow"}', RejectedError),
        (400, '{"__type": "TooManyRequestsException"}', UnavailableError),
        (503, "down", UnavailableError),
        (200, "{}", RejectedError),
        (200, '{"ChallengeName": "PASSWORD_VERIFIER"}', RejectedError),
        (200, '{"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {"SALT": "1"}}', RejectedError),
        (200, '{"ChallengeName": "SOFTWARE_TOKEN_MFA"}', UnauthorizedError),
    ],
)
async def test_each_answer_of_cognito_is_an_error_of_the_clients(
    status: int, text: str, kind: type[ClientError]
) -> None:
    assert type(await failure(answering(status, text), pool=True)) is kind


async def test_a_sign_in_is_sent_to_the_pool_alone_wherever_it_points() -> None:
    reached = []

    async def elsewhere(request: web.Request) -> web.Response:
        reached.append(await request.text())
        return web.json_response({"AuthenticationResult": {"AccessToken": "a", "ExpiresIn": 3600}})

    async def pointing(_: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect("/elsewhere")

    app = web.Application()
    app.add_routes([web.post("/elsewhere", elsewhere), web.post("/", pointing)])
    assert type(await failure(app, pool=True)) is RejectedError
    assert reached == []


async def test_no_answer_is_worth_another_try() -> None:
    with pytest.raises(UnavailableError):
        async with signed_in(Endpoint.parse("http://127.0.0.1:9/graphql"), Login(ADA, PASSWORD)):
            pytest.fail("it is signed in")


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [
        (("--user", "ada"), {}, Login("ada")),
        (("--user", "ada"), {"SCOPESMITH_PASSWORD": "p", "SCOPESMITH_TOKEN": "t"}, Login("ada", "p")),
        ((), {"SCOPESMITH_USER": "ada", "SCOPESMITH_API_KEY": "k"}, Login("ada")),
        ((), {"SCOPESMITH_USER": "ada", "SCOPESMITH_TOKEN": "t"}, Token("t")),
        (("--api-key", "k"), {"SCOPESMITH_USER": "ada"}, ApiKey("k")),
        (
            ("--user", "ada", "--user-pool-client-id", "c", "--user-pool-id", "eu-west-1_Ab1"),
            {},
            Login("ada", "", Pool("https://cognito-idp.eu-west-1.amazonaws.com/", "eu-west-1_Ab1", "c")),
        ),
    ],
)
async def test_the_command_line_names_a_user(
    words: tuple[str, ...], environment: dict[str, str], expected: object
) -> None:
    assert parse(["list", "--endpoint", URL, *words], environment).credentials == expected
    assert "'p'" not in repr(expected)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--user", "ada", "--api-key", "k"), "--user and --api-key exclude each other"),
        (("--user", "ada", "--user-pool-id", "eu-west-1_Ab1"), "go together"),
        (("--user", "ada", "--user-pool-client-id", "c"), "go together"),
        (("--user", "a", "--user-pool-client-id", "c", "--user-pool-id", "evil.com/_1"), "not the id of a user pool"),
        ((), "or sign in with --user"),
    ],
)
async def test_what_is_wrong_about_a_user_is_named(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(["list", "--endpoint", URL, *words], {})
    assert message in capsys.readouterr().err
