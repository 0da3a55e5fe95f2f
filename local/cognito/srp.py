"""The server's side of Cognito's sign-in by SRP, in which the password is never sent. moto does not check it.

Pure arithmetic: `challenge` begins a sign-in, and `Challenge.proves` checks that the client knows the password.
`local.cognito.api` calls it, and gets the tokens once the proof is good.

It follows RFC 5054 (the protocol) and RFC 3526 (the group), except where Cognito differs: numbers are hashed as Java
writes them, the session key is an HKDF of 16 bytes, and the proof is an HMAC over pool, user, secret block and time
stamp.
"""

import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

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
_EXPONENT_BITS = 256


@dataclass(frozen=True)
class Challenge:
    """A sign-in that waits for its proof. Accept only one answer to it."""

    pool: str
    """The pool's id without the region."""
    username: str
    client_number: int
    secret_number: int = field(repr=False)
    server_number: int
    salt: int
    verifier: int = field(repr=False)
    block: bytes
    """The secret block, which the client must send back with its proof."""

    @property
    def parameters(self) -> dict[str, str]:
        """The ChallengeParameters of the answer to InitiateAuth."""
        return {
            "SALT": f"{self.salt:x}",
            "SRP_B": f"{self.server_number:x}",
            "SECRET_BLOCK": b64encode(self.block).decode(),
            "USERNAME": self.username,
            "USER_ID_FOR_SRP": self.username,
        }

    def proves(self, signature: str, timestamp: str) -> bool:
        """Whether the client's PASSWORD_CLAIM_SIGNATURE, made at its TIMESTAMP, shows that it knows the password."""
        shared = _hash_of(self.client_number, self.server_number)
        key_material = pow(self.client_number * pow(self.verifier, shared, _N), self.secret_number, _N)
        extracted = hmac.digest(_bytes(shared), _bytes(key_material), "sha256")
        key = hmac.digest(extracted, _INFO, "sha256")[:16]
        message = f"{self.pool}{self.username}".encode() + self.block + timestamp.encode("utf-8", "surrogatepass")
        expected = b64encode(hmac.digest(key, message, "sha256"))
        return hmac.compare_digest(expected, signature.encode("utf-8", "surrogatepass"))


def challenge(pool_id: str, username: str, password: str, client_number: str) -> Challenge:
    """The challenge for a client that has sent `client_number` (SRP_A, in hexadecimal).

    Raises:
        ValueError: the number is not hexadecimal, or is a multiple of N.
    """
    number = int(client_number, 16)
    if not 0 < number < _N:
        raise ValueError("the client's number is a multiple of N, which would make any proof valid")
    pool = pool_id.rpartition("_")[2]
    salt = secrets.randbits(128) | 1
    identity = sha256(f"{pool}{username}:{password}".encode()).digest()
    verifier = pow(_G, int.from_bytes(sha256(_bytes(salt) + identity).digest()), _N)
    secret_number = secrets.randbits(_EXPONENT_BITS) | 1
    server_number = (_hash_of(_N, _G) * verifier + pow(_G, secret_number, _N)) % _N
    return Challenge(pool, username, number, secret_number, server_number, salt, verifier, secrets.token_bytes(64))


def _bytes(number: int) -> bytes:
    """Big-endian two's complement in the fewest bytes, as Java's BigInteger writes a positive number."""
    return number.to_bytes(number.bit_length() // 8 + 1)


def _hash_of(*numbers: int) -> int:
    return int.from_bytes(sha256(b"".join(_bytes(number) for number in numbers)).digest())
