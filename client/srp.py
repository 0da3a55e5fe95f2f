"""The client's side of Cognito's sign-in by SRP: it proves that the user knows the password without sending it.

Pure arithmetic: it sends nothing, and takes the secret number and the time from its caller, `client.sign_in`.

It follows RFC 5054 with the group 15 of RFC 3526, except where Cognito differs: numbers are hashed as Java writes them,
the session key is an HKDF of 16 bytes, and the proof is an HMAC over pool, user, secret block and time stamp. AWS
describes the calls ("SRP-based sign-in" in Cognito's guide); the numbers are those of AWS's own library, Amplify.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

SECRET_BITS = 256
"""The length of the secret number: the least that RFC 5054 (3.1) asks for."""

_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2
_INFO = b"Caldera Derived Key\x01"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Challenge:
    """What Cognito asks of the client: its ChallengeParameters."""

    salt: int
    number: int
    """SRP_B, the server's number."""
    block: str
    """The secret block in base64, which goes back with the proof."""
    claimed: bytes
    """The secret block, which the proof signs."""
    user: str
    """USER_ID_FOR_SRP, which Cognito's proof names instead of the name that was typed."""

    @classmethod
    def parse(cls, parameters: object) -> "Challenge":
        """Raises `ValueError` if the parameters are none, or any password would answer them."""
        match parameters:
            case {"SALT": str(salt), "SRP_B": str(number), "SECRET_BLOCK": str(block), "USER_ID_FOR_SRP": str(user)}:
                challenge = cls(_positive(salt), _positive(number), block, b64decode(block), user)
            case _:
                raise ValueError("parameters are missing")
        if challenge.number % _N == 0:
            raise ValueError("SRP_B is a multiple of N: any password would answer it")
        return challenge


@dataclass(frozen=True)
class Proof:
    """One sign-in. Its secret number, of `SECRET_BITS` random bits, must not be used for another."""

    secret: int = field(repr=False)

    @property
    def number(self) -> int:
        """The client's number, which begins the sign-in: SRP_A, when it is written in hexadecimal."""
        return pow(_G, self.secret, _N)

    def responses(self, pool_id: str, challenge: Challenge, password: str, now: datetime) -> Mapping[str, str]:
        """Cognito's ChallengeResponses."""
        whose = f"{pool_id.rpartition('_')[2]}{challenge.user}"
        timestamp = written(now)
        key = self._key(_password(challenge.salt, f"{whose}:{password}"), challenge.number)
        claim = whose.encode() + challenge.claimed + timestamp.encode()
        return {
            "USERNAME": challenge.user,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge.block,
            "PASSWORD_CLAIM_SIGNATURE": b64encode(hmac.digest(key, claim, "sha256")).decode(),
            "TIMESTAMP": timestamp,
        }

    def _key(self, password: int, theirs: int) -> bytes:
        """The key that signs the claim. The server gets the same one only for the right password."""
        shared = _hash_of(self.number, theirs)
        base = theirs - _hash_of(_N, _G) * pow(_G, password, _N)
        material = pow(base, self.secret + shared * password, _N)
        extracted = hmac.digest(_bytes(shared), _bytes(material), "sha256")
        return hmac.digest(extracted, _INFO, "sha256")[:16]


def written(time: datetime) -> str:
    """A time as Java's `EEE MMM d HH:mm:ss z yyyy` has it in English, whatever the locale."""
    utc = time.astimezone(UTC)
    return f"{_DAYS[utc.weekday()]} {_MONTHS[utc.month - 1]} {utc.day} {utc:%H:%M:%S} UTC {utc.year}"


def _positive(text: str) -> int:
    number = int(text, 16)
    if number < 0:
        raise ValueError(f"{text} is negative")
    return number


def _password(salt: int, identity: str) -> int:
    return _digest(_bytes(salt) + sha256(identity.encode(errors="surrogateescape")).digest())


def _hash_of(*numbers: int) -> int:
    return _digest(b"".join(_bytes(number) for number in numbers))


def _digest(data: bytes) -> int:
    return int.from_bytes(sha256(data).digest())


def _bytes(number: int) -> bytes:
    """Big-endian two's complement in the fewest bytes, as Java's BigInteger writes a positive number."""
    return number.to_bytes(number.bit_length() // 8 + 1)
