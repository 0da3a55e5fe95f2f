"""What a browser is served beside the API: files, their headers, and Cognito's public part."""

import asyncio
import io
import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from moto.utilities.utils import load_resource

from client.srp import SECRET_BITS, Challenge, Proof
from local.aws import server as aws
from local.cognito import user_pool as cognito
from local.cognito.user_pool import Account, Cognito, UserPool
from local.http import loopback, pages

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADA = Account("ada@example.com", "Correct-Horse-1")
FILES = {
    "web/index.html": "<!doctype html><title>page</title>",
    "web/main.js": "export {}",
    "web/views/list.js": "export {}",
    "web/styles.css": ":root {}",
    "web/favicon.svg": "<svg/>",
    "web/.hidden.js": "secret",
    "web/notes.py": "secret",
    "web/plain": "secret",
    "operations/session.graphql": "query { session }",
    "operations/__init__.py": "secret",
    "playground/index.html": "<!doctype html><title>playground</title>",
    "playground/dist/app.js": "export {}",
    "playground/.cache/app.js": "secret",
    "playground/node_modules/package/app.js": "secret",
    "secret.js": "secret",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def users(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[UserPool]:
    with (tmp_path_factory.mktemp("aws") / "log").open("wb") as log:
        async with aws.running(table="t", buckets=(), region="eu-west-1", output=log.fileno()) as cloud:
            await cloud.ready()
            yield await cognito.create_pool(Cognito(cloud.url, "eu-west-1"), "pool", [ADA])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(users: UserPool, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The origin of a site with the files above."""
    client = tmp_path_factory.mktemp("client")
    for name, content in FILES.items():
        path = client / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (client / "web" / "link.js").symlink_to(client / "secret.js")
    app = web.Application()
    pages.add_routes(app, users, client=client)
    with loopback.listen() as listener:
        async with loopback.serving(app, listener):
            yield f"http://{loopback.address(listener)}"


@pytest_asyncio.fixture(loop_scope="module")
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.mark.parametrize(
    ("path", "file", "content_type"),
    [
        ("/", "web/index.html", "text/html; charset=utf-8"),
        ("/index.html", "web/index.html", "text/html; charset=utf-8"),
        ("/main.js", "web/main.js", "text/javascript; charset=utf-8"),
        ("/views/list.js", "web/views/list.js", "text/javascript; charset=utf-8"),
        ("/styles.css", "web/styles.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "web/favicon.svg", "image/svg+xml"),
        ("/operations/session.graphql", "operations/session.graphql", "application/graphql; charset=utf-8"),
        ("/playground", "playground/index.html", "text/html; charset=utf-8"),
        ("/playground/dist/app.js", "playground/dist/app.js", "text/javascript; charset=utf-8"),
    ],
)
async def test_a_file_is_served_as_what_it_is(
    http: ClientSession, site: str, path: str, file: str, content_type: str
) -> None:
    async with http.get(site + path) as response:
        assert (response.status, await response.text()) == (200, FILES[file])
        assert response.headers["content-type"] == content_type
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.js",
        "/.hidden.js",
        "/notes.py",
        "/plain",
        "/link.js",
        "/views",
        "/views/",
        "/../secret.js",
        "/%2e%2e/secret.js",
        "/..%2fsecret.js",
        "/%2e%2e%5csecret.js",
        "/views/../../secret.js",
        "//secret.js",
        "/main.js%00.js",
        "/operations/__init__.py",
        "/operations/../web/main.graphql",
        "/playground/.cache/app.js",
        "/playground/node_modules/package/app.js",
        f"/{'a' * 300}.js",
        f"/operations/{'a' * 300}.graphql",
        "/playground/../secret.js",
    ],
)
async def test_what_is_hidden_outside_or_of_another_kind_is_not_there(site: str, path: str) -> None:
    """The path is sent as it stands: a client of ours would tidy it up first."""
    host, port = site.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert re.match(rb"HTTP/1.1 (404|400) ", answer), answer
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2]


async def test_the_page_runs_its_own_code_alone_and_no_site_frames_it(http: ClientSession, site: str) -> None:
    async with http.get(site + "/") as response:
        policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    host = site.removeprefix("http://")
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert policy["connect-src"].split()[:2] == ["'self'", f"ws://{host}"]
    assert policy["frame-src"] == "http://127.0.0.1:* https:"
    assert policy["frame-ancestors"] == "'none'"


async def test_the_config_says_where_everything_is_and_holds_no_secret(
    http: ClientSession, site: str, users: UserPool
) -> None:
    async with http.get(site + "/config.json") as response:
        assert await response.json() == {
            "graphqlEndpoint": "/graphql",
            "realtimeEndpoint": "/graphql/realtime",
            "region": "eu-west-1",
            "userPoolId": users.pool_id,
            "userPoolClientId": users.client_id,
            "userPoolEndpoint": "/cognito-idp",
        }


# Cognito


async def call(
    http: ClientSession, site: str, action: str, body: object, path: str = "/cognito-idp"
) -> tuple[int, Any]:
    headers = {"x-amz-target": f"AWSCognitoIdentityProviderService.{action}", "origin": "http://elsewhere"}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with http.post(site + path, data=io.BytesIO(data), headers=headers) as response:
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.content_type == "application/x-amz-json-1.1"
        return response.status, json.loads(await response.read())


async def sign_in(
    http: ClientSession, site: str, users: UserPool, account: Account = ADA, path: str = "/cognito-idp"
) -> tuple[int, Any]:
    """The answer to a proof of the account's password."""
    proof = Proof(secrets.randbits(SECRET_BITS))
    given = {"USERNAME": account.username, "SRP_A": f"{proof.number:x}"}
    begin = {"ClientId": users.client_id, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": given}
    status, asked = await call(http, site, "InitiateAuth", begin, path)
    assert (status, asked["ChallengeName"]) == (200, "PASSWORD_VERIFIER")
    challenge = Challenge.parse(asked["ChallengeParameters"])
    answer = proof.responses(users.pool_id, challenge, account.password, datetime.now(UTC))
    return await call(http, site, "RespondToAuthChallenge", respond(users, "PASSWORD_VERIFIER", answer), path)


def respond(users: UserPool, challenge: str, answer: Mapping[str, str], session: str = "") -> dict[str, object]:
    return {
        "ClientId": users.client_id,
        "ChallengeName": challenge,
        "ChallengeResponses": answer,
        **({"Session": session} if session else {}),
    }


def refresh(users: UserPool, token: str) -> dict[str, object]:
    parameters = {"REFRESH_TOKEN": token}
    return {"ClientId": users.client_id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}


@pytest.mark.parametrize("path", ["/cognito-idp", "/cognito-idp/"])
async def test_a_user_signs_in_refreshes_and_signs_out(
    http: ClientSession, site: str, users: UserPool, path: str
) -> None:
    status, answer = await sign_in(http, site, users, path=path)
    assert status == 200
    result = answer["AuthenticationResult"]
    assert {"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"} <= result.keys()
    status, me = await call(http, site, "GetUser", {"AccessToken": result["AccessToken"]}, path)
    assert {"Name": "email", "Value": ADA.username} in me["UserAttributes"]
    status, answer = await call(http, site, "InitiateAuth", refresh(users, result["RefreshToken"]), path)
    assert status == 200
    assert answer["AuthenticationResult"]["AccessToken"] != result["AccessToken"]
    assert await call(http, site, "GlobalSignOut", {"AccessToken": result["AccessToken"]}, path) == (200, {})
    status, answer = await call(http, site, "InitiateAuth", refresh(users, result["RefreshToken"]), path)
    assert (status, answer["__type"]) == (400, "NotAuthorizedException")


async def test_a_revoked_token_refreshes_nothing_and_the_others_still_do(
    http: ClientSession, site: str, users: UserPool
) -> None:
    tokens = []
    for _ in range(2):
        _, answer = await sign_in(http, site, users)
        tokens.append(answer["AuthenticationResult"]["RefreshToken"])
    revoke = {"Token": tokens[0], "ClientId": users.client_id}
    assert await call(http, site, "RevokeToken", revoke) == (200, {})
    assert (await call(http, site, "InitiateAuth", refresh(users, tokens[0])))[1]["__type"] == "NotAuthorizedException"
    assert (await call(http, site, "InitiateAuth", refresh(users, tokens[1])))[0] == 200
    assert (await call(http, site, "RevokeToken", {"Token": tokens[1]}))[1]["__type"] == "InvalidParameterException"


async def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    http: ClientSession, site: str, users: UserPool
) -> None:
    expected = (400, {"__type": "NotAuthorizedException", "message": "Incorrect username or password."})
    assert await sign_in(http, site, users, Account(ADA.username, "Wrong-Horse-12")) == expected
    assert await sign_in(http, site, users, Account("eve@example.com", ADA.password)) == expected


async def test_an_invited_user_signs_in_with_the_password_of_their_choice(
    http: ClientSession, site: str, users: UserPool
) -> None:
    invited, chosen = Account("ida@example.com", "Temporary-Horse-1"), Account("ida@example.com", "Chosen-Horse-1")
    await users.add(invited, invited=True)
    status, asked = await sign_in(http, site, users, invited)
    assert (status, asked["ChallengeName"]) == (200, "NEW_PASSWORD_REQUIRED")
    answer = {"USERNAME": chosen.username, "NEW_PASSWORD": chosen.password}
    given = respond(users, "NEW_PASSWORD_REQUIRED", answer, asked["Session"])
    weak = {**given, "ChallengeResponses": {**answer, "NEW_PASSWORD": "weak"}}
    assert (await call(http, site, "RespondToAuthChallenge", weak))[0] == 400
    assert (await sign_in(http, site, users, invited))[0] == 200, "the refused one was not remembered"
    assert (await call(http, site, "RespondToAuthChallenge", given))[0] == 200
    assert (await sign_in(http, site, users, invited))[0] == 400
    status, answer = await sign_in(http, site, users, chosen)
    assert status == 200
    assert "AccessToken" in answer["AuthenticationResult"]


@pytest.mark.parametrize("action", ["AdminCreateUser", "AdminSetUserPassword", "ListUsers", "SignUp", "DeleteUser", ""])
async def test_nothing_that_an_operator_does_is_offered(
    http: ClientSession, site: str, users: UserPool, action: str
) -> None:
    status, answer = await call(http, site, action, {"UserPoolId": users.pool_id})
    assert (status, answer["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize(
    "flow", ["USER_PASSWORD_AUTH", "CUSTOM_AUTH", "ADMIN_USER_PASSWORD_AUTH", ["REFRESH_TOKEN_AUTH"], {}, 7, None]
)
async def test_a_flow_that_the_app_client_does_not_have_is_refused(
    http: ClientSession, site: str, users: UserPool, flow: object
) -> None:
    """The right password is worth nothing when it is sent."""
    given = {"USERNAME": ADA.username, "PASSWORD": ADA.password, "REFRESH_TOKEN": "r"}
    body = {"ClientId": users.client_id, "AuthFlow": flow, "AuthParameters": given}
    status, answer = await call(http, site, "InitiateAuth", body)
    assert (status, answer["__type"]) == (400, "InvalidParameterException")
    assert answer["message"] == f"{flow} flow not enabled for this client"


async def test_a_body_that_is_too_large_is_refused_in_cognitos_form(http: ClientSession, site: str) -> None:
    status, answer = await call(http, site, "InitiateAuth", b" " * 2_000_000)
    assert (status, answer["__type"]) == (413, "RequestTooLargeException")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
async def test_a_body_that_is_no_object_is_refused(http: ClientSession, site: str, body: bytes) -> None:
    status, answer = await call(http, site, "InitiateAuth", body)
    assert (status, answer["__type"]) == (400, "SerializationException")


async def test_a_page_elsewhere_may_ask_first(http: ClientSession, site: str) -> None:
    wanted = {"origin": "http://elsewhere", "access-control-request-headers": "content-type,x-amz-target"}
    async with http.options(site + "/cognito-idp", headers=wanted) as response:
        assert response.status == 200
        assert response.headers["access-control-allow-headers"] == "content-type,x-amz-target"


async def test_the_pools_keys_are_public_and_no_other_pools(http: ClientSession, site: str, users: UserPool) -> None:
    async with http.get(f"{site}/cognito-idp/{users.pool_id}/.well-known/jwks.json") as response:
        assert [key["kty"] for key in (await response.json())["keys"]] == ["RSA"]
    async with http.get(f"{site}/cognito-idp/eu-west-1_other/.well-known/jwks.json") as response:
        assert response.status == 404


async def test_motos_own_key_which_everybody_has_signs_no_token(users: UserPool) -> None:
    """The pool's tokens are good by the key that it publishes, and that key is not the one in moto's package."""
    token = await users.token(ADA.username)
    [published] = json.loads(await users.keys())["keys"]
    motos = load_resource("cognitoidp/resources/jwks-private.json")
    assert jwt.get_unverified_header(token) == {"typ": "JWT", "alg": "RS256", "kid": published["kid"]}
    claims = jwt.decode(token, jwt.PyJWK(published), ["RS256"], options={"verify_aud": False})
    assert claims["iss"] == users.issuer
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(jwt.encode(claims, jwt.PyJWK(motos), "RS256"), jwt.PyJWK(published), ["RS256"])
    assert "d" not in published


async def test_a_password_that_the_policy_refuses_is_named(users: UserPool) -> None:
    with pytest.raises(cognito.CognitoError, match=r"AdminSetUserPassword.*policy"):
        await cognito.create_pool(users.cognito, "weak", [Account("a@example.com", "weak")])


async def test_every_random_password_suits_the_policy(users: UserPool) -> None:
    accounts = [Account(f"user{n}@example.com", cognito.random_password()) for n in range(20)]
    made = await cognito.create_pool(users.cognito, "many", accounts)
    assert len({account.password for account in made.accounts}) == 20


def kinds_in(folder: Path) -> set[str]:
    return {path.suffix for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}


async def test_the_files_of_the_real_page_are_all_of_kinds_that_are_served() -> None:
    """Whoever adds a picture or a font to the page learns here that its kind is missing."""
    kinds = kinds_in(pages.CLIENT / "web")
    assert {".html", ".js"} <= kinds <= set(pages.CONTENT_TYPES)
