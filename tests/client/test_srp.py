"""The command's proof of a password: what another implementation computes, and what Cognito's server accepts."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from checkout import DATA

from client.srp import SECRET_BITS, Challenge, Proof, written
from local.cognito import srp as server

CASES = json.loads((DATA / "client" / "srp.json").read_text(encoding="utf-8"))["cases"]
POOL = "eu-west-1_AbCdEf123"
NOW = datetime(2026, 11, 7, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_another_implementation_answers_the_same(case: Mapping[str, Any]) -> None:
    """The page runs the same cases: tests/web_modules/srp.test.mjs."""
    proof = Proof(int(case["secret"], 16))
    assert f"{proof.number:x}" == case["number"]
    challenge = Challenge.parse(case["challenge"])
    now = datetime.fromisoformat(case["now"])
    assert proof.responses(case["poolId"], challenge, case["password"], now) == case["responses"]


def test_the_server_accepts_the_right_password_and_no_other() -> None:
    """In so many sign-ins, each kind of number occurs: with a first bit that is set, or an odd count of digits."""
    for _ in range(20):
        for password in ("Correct-horse-1", "Wrong-horse-1"):
            proof = Proof(secrets.randbits(SECRET_BITS))
            asked = server.challenge(POOL, "ada@example.com", "Correct-horse-1", f"{proof.number:x}")
            answer = proof.responses(POOL, Challenge.parse(asked.parameters), password, NOW)
            proven = asked.proves(answer["PASSWORD_CLAIM_SIGNATURE"], answer["TIMESTAMP"])
            assert proven is (password == "Correct-horse-1")


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (NOW, "Sat Nov 7 09:05:00 UTC 2026"),
        (datetime(2027, 2, 1, 1, 59, 59, tzinfo=timezone(timedelta(hours=2))), "Sun Jan 31 23:59:59 UTC 2027"),
    ],
)
def test_a_time_is_written_as_cognito_reads_it(time: datetime, expected: str) -> None:
    assert written(time) == expected


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"SRP_B": "0"}, "multiple"),
        ({"SRP_B": f"{2 * server._N:x}"}, "multiple"),  # noqa: SLF001 - the group's prime
        ({"SRP_B": "xyz"}, "invalid literal"),
        ({"SRP_B": "-1"}, "negative"),
        ({"SALT": "-1"}, "negative"),
        ({"SALT": None}, "missing"),
        ({"SALT": 7}, "missing"),
        ({"SECRET_BLOCK": "A"}, "base64"),
        ({"USER_ID_FOR_SRP": None}, "missing"),
    ],
)
def test_what_is_no_challenge_is_not_answered(wrong: Mapping[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Challenge.parse({**CASES[0]["challenge"], **wrong})


@pytest.mark.parametrize("parameters", [None, [], "text", {}])
def test_an_answer_without_parameters_is_no_challenge(parameters: object) -> None:
    with pytest.raises(ValueError, match="missing"):
        Challenge.parse(parameters)


def test_a_proof_does_not_show_its_secret() -> None:
    assert "12345" not in repr(Proof(12345))
