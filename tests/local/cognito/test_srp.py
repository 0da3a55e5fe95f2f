"""Sign-in by SRP at the local Cognito: only a client that knows the password can prove it, once, without sending it."""

import asyncio
import hmac
import json
import secrets
from asyncio.subprocess import PIPE
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from aiohttp import ClientSession, web
from checkout import ROOT
from clients.node_programs import NODE
from fakes.http import served
from patience import PATIENCE
from programs import started

from local.cognito.api import CognitoApi
from local.cognito.srp import challenge
from local.cognito.user_pool import TARGET, Account, Cognito, UserPool

POOL = "eu-west-1_AbCdEf123"
TIMESTAMP = "Mon Nov 23 23:00:00 UTC 2026"
ADA = Account("ada@example.com", "Correct-horse-1")
# Group 15 of RFC 3526 is a formula: 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 * pi) + 1690314).
PI = 3141592653589793238462643383279502884197


def padded(number: int) -> bytes:
    """Big-endian, with a zero byte before a first bit that is set."""
    text = f"{number:x}"
    text = text if len(text) % 2 == 0 else f"0{text}"
    return bytes.fromhex(text if text[0] in "01234567" else f"00{text}")


def digest(*parts: bytes) -> int:
    return int.from_bytes(sha256(b"".join(parts)).digest())


def group() -> int:
    """The prime that a server computes with: what N must be for its challenge's numbers to be below it."""
    from local.cognito import srp as cognito_srp  # noqa: PLC0415 - only this test needs the constant

    return cognito_srp._N  # noqa: SLF001


class Client:
    """What a browser does, written from the protocol rather than from our server."""

    def __init__(self, username: str, password: str) -> None:
        self.username = username
        self.password = password
        self.secret = secrets.randbits(256)
        self.number = pow(2, self.secret, group())

    def proof(self, parameters: dict[str, str], timestamp: str = TIMESTAMP) -> str:
        n, pool = group(), POOL.split("_")[1]
        salt, server_number = int(parameters["SALT"], 16), int(parameters["SRP_B"], 16)
        user = parameters["USER_ID_FOR_SRP"]
        x = digest(padded(salt), sha256(f"{pool}{user}:{self.password}".encode()).digest())
        u = digest(padded(self.number), padded(server_number))
        k = digest(padded(n), padded(2))
        key_material = pow(server_number - k * pow(2, x, n), self.secret + u * x, n)
        extracted = hmac.digest(padded(u), padded(key_material), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        message = f"{pool}{user}".encode() + b64decode(parameters["SECRET_BLOCK"]) + timestamp.encode()
        return b64encode(hmac.digest(key, message, "sha256")).decode()


def test_the_group_is_the_one_of_the_standard() -> None:
    n = group()
    assert n.bit_length() == 3072
    assert f"{n:X}"[:16] == f"{n:X}"[-16:] == "F" * 16
    assert (((n >> 64) - 1690314) & ((1 << 2942) - 1)) >> (2942 - 100) == (PI << 100) // 10**39 & ((1 << 100) - 1)
    for prime in (n, (n - 1) // 2):
        assert pow(3, prime - 1, prime) == 1, "it is a safe prime, as far as Fermat can tell"


def test_only_the_right_password_proves() -> None:
    for password in (ADA.password, "wrong"):
        client = Client(ADA.username, password)
        asked = challenge(POOL, ADA.username, ADA.password, f"{client.number:X}")
        assert asked.proves(client.proof(asked.parameters), TIMESTAMP) is (password == ADA.password)


def test_a_proof_is_bound_to_its_time_and_its_challenge() -> None:
    client = Client(ADA.username, ADA.password)
    first, second = (challenge(POOL, ADA.username, ADA.password, f"{client.number:x}") for _ in range(2))
    proof = client.proof(first.parameters)
    assert first.proves(proof, TIMESTAMP)
    assert not first.proves(proof, TIMESTAMP.replace("23:00", "23:01"))
    assert not second.proves(proof, TIMESTAMP)


@pytest.mark.parametrize("factor", [0, 1, 2])
def test_a_number_that_would_prove_anything_is_refused(factor: int) -> None:
    with pytest.raises(ValueError, match="multiple"):
        challenge(POOL, ADA.username, ADA.password, f"{factor * group():x}")


@pytest.mark.slow
async def test_the_page_proves_the_right_password_and_no_other() -> None:
    """In so many sign-ins, each kind of number occurs: with a first bit that is set, or an odd count of digits."""
    rounds = 40
    given = {"pool": POOL, "passwords": [ADA.password, "Wrong-horse-1"] * rounds}
    script = ROOT / "tests" / "web_modules" / "srp_proofs.mjs"
    quiet = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"
    async with started(NODE, quiet, script, json.dumps(given), stdin=PIPE) as page, asyncio.timeout(PATIENCE):
        assert page.stdin is not None
        assert page.stdout is not None
        numbers = json.loads(await page.stdout.readline())
        asked = [challenge(POOL, ADA.username, ADA.password, number) for number in numbers]
        page.stdin.write(json.dumps([one.parameters for one in asked]).encode() + b"\n")
        answers = json.loads(await page.stdout.readline())
        page.stdin.close()
        await page.wait()
    assert [answer["PASSWORD_CLAIM_SECRET_BLOCK"] for answer in answers] == [
        b64encode(one.block).decode() for one in asked
    ]
    proven = [
        one.proves(answer["PASSWORD_CLAIM_SIGNATURE"], answer["TIMESTAMP"])
        for one, answer in zip(asked, answers, strict=True)
    ]
    assert proven == [True, False] * rounds


class Moto(Cognito):
    """Takes an operator's sign-in of a user and answers with it."""

    async def post(self, action: str, body: bytes) -> tuple[int, bytes]:
        return 200, json.dumps({"action": action, **json.loads(body)}).encode()


@dataclass
class Door:
    http: ClientSession
    url: str

    async def call(self, action: str, **parameters: object) -> tuple[int, dict[str, Any]]:
        headers = {"x-amz-target": f"{TARGET}.{action}"}
        async with self.http.post(self.url, data=json.dumps(parameters), headers=headers) as answer:
            return answer.status, json.loads(await answer.read())

    async def begin(self, client: Client) -> dict[str, str]:
        status, answer = await self.call(
            "InitiateAuth",
            AuthFlow="USER_SRP_AUTH",
            ClientId="web",
            AuthParameters={"USERNAME": client.username, "SRP_A": f"{client.number:x}"},
        )
        assert (status, answer["ChallengeName"]) == (200, "PASSWORD_VERIFIER")
        parameters: dict[str, str] = answer["ChallengeParameters"]
        return parameters

    async def answer(
        self, parameters: dict[str, str], proof: str, timestamp: str = TIMESTAMP
    ) -> tuple[int, dict[str, Any]]:
        responses = {
            "USERNAME": parameters["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": proof,
            "TIMESTAMP": timestamp,
        }
        return await self.call(
            "RespondToAuthChallenge", ChallengeName="PASSWORD_VERIFIER", ClientId="web", ChallengeResponses=responses
        )


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    app = web.Application()
    CognitoApi(UserPool(Moto("http://127.0.0.1:9", "eu-west-1"), POOL, "web", [ADA])).add_routes(app)
    async with served(app) as url, ClientSession() as http:
        yield Door(http, f"{url}/cognito-idp")


async def test_a_good_proof_is_worth_one_sign_in(door: Door) -> None:
    client = Client(ADA.username, ADA.password)
    asked = await door.begin(client)
    assert ADA.password not in json.dumps(asked)
    status, answer = await door.answer(asked, client.proof(asked))
    assert (status, answer["action"], answer["AuthFlow"]) == (200, "AdminInitiateAuth", "ADMIN_USER_PASSWORD_AUTH")
    assert answer["AuthParameters"] == {"USERNAME": ADA.username, "PASSWORD": ADA.password}
    status, answer = await door.answer(asked, client.proof(asked))
    assert (status, answer["__type"]) == (400, "NotAuthorizedException")


async def test_an_answer_in_no_characters_proves_nothing(door: Door) -> None:
    """JSON can hold half a character, which no text can be encoded from."""
    client = Client(ADA.username, ADA.password)
    for proof, timestamp in (("\ud800", TIMESTAMP), ("proof", "\ud800")):
        status, answer = await door.answer(await door.begin(client), proof, timestamp)
        assert (status, answer["__type"]) == (400, "NotAuthorizedException")


async def test_a_stranger_is_asked_and_refused_as_a_user_with_a_wrong_password_is(door: Door) -> None:
    answers = []
    for username in (ADA.username, "nobody@example.com"):
        client = Client(username, "wrong")
        asked = await door.begin(client)
        answers.append((sorted(asked), await door.answer(asked, client.proof(asked))))
    assert answers[0] == answers[1]
    assert answers[0][1] == (400, {"__type": "NotAuthorizedException", "message": "Incorrect username or password."})


async def test_another_app_client_is_not_known(door: Door) -> None:
    status, answer = await door.call(
        "InitiateAuth", AuthFlow="USER_SRP_AUTH", ClientId="other", AuthParameters={"USERNAME": "a", "SRP_A": "2"}
    )
    assert (status, answer["__type"]) == (400, "ResourceNotFoundException")


@pytest.mark.parametrize("number", ["", "0", "-1", "xyz", None, 7])
async def test_what_is_no_number_is_answered_with_an_error(door: Door, number: object) -> None:
    status, answer = await door.call(
        "InitiateAuth",
        AuthFlow="USER_SRP_AUTH",
        ClientId="web",
        AuthParameters={"USERNAME": "ada@example.com", "SRP_A": number},
    )
    assert (status, answer["__type"]) == (400, "InvalidParameterException")
