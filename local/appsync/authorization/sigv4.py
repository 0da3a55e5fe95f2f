"""The IAM mode: checks a Signature Version 4 by computing it again with botocore.

It knows access keys and their secrets, but no policies. A caller whose signature is right is an IAM caller, and the
schema's directives say what IAM callers may do.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials as SigningKey

from local.appsync.authorization.callers import AuthMode, Caller, Credentials
from local.appsync.errors import UNAUTHORIZED, RejectedError

SERVICE = "appsync"
ACCOUNT_ID = "123456789012"
MAX_SKEW = timedelta(minutes=5)
_SCHEME = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{_SCHEME} Credential=(?P<key_id>[^/]+)/(?P<date>\d{{8}})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request,"
    r"\s*SignedHeaders=(?P<signed>[a-z0-9;._-]+),\s*Signature=(?P<signature>[0-9a-f]{64})",
    re.ASCII,
)
_MUST_BE_SIGNED = frozenset({"host", "x-amz-date"})


class _AsSigned(SigV4Auth):
    """Signs the headers that the caller says it signed; botocore would choose them itself."""

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        return request.headers


@dataclass(frozen=True)
class SignatureV4:
    """The IAM mode's authorizer."""

    secrets: Mapping[str, str]
    """Secret access key by access key id."""
    region: str
    clock: Callable[[], datetime]

    async def authorize(self, credentials: Credentials) -> Caller | None:
        authorization = credentials.headers.get("authorization", "")
        if not authorization.startswith(_SCHEME):
            return None
        match = _AUTHORIZATION.fullmatch(authorization)
        if match is None or not self._is_good(match, credentials):
            raise RejectedError(UNAUTHORIZED)
        return Caller(AuthMode.IAM, identity=_identity(match["key_id"], credentials.source_ip))

    def _is_good(self, claim: re.Match[str], credentials: Credentials) -> bool:
        secret = self.secrets.get(claim["key_id"])
        names = claim["signed"].split(";")
        timestamp = credentials.headers.get("x-amz-date", "")
        return (
            secret is not None
            and (claim["service"], claim["region"]) == (SERVICE, self.region)
            and _MUST_BE_SIGNED.issubset(names)
            and credentials.headers.keys() >= set(names)
            and claim["date"] == timestamp[:8]
            and self._is_recent(timestamp)
            and all(map(_is_text, [*credentials.paths, *(credentials.headers[name] for name in names)]))
            and _is_hash_of_body(credentials)
            and any(
                hmac.compare_digest(claim["signature"], self._signature(secret, claim, path, credentials))
                for path in credentials.paths
            )
        )

    def _is_recent(self, timestamp: str) -> bool:
        try:
            signed_at = datetime.strptime(timestamp, SIGV4_TIMESTAMP).replace(tzinfo=UTC)
        except ValueError:
            return False
        return abs(self.clock() - signed_at) <= MAX_SKEW

    def _signature(self, secret: str, claim: re.Match[str], path: str, credentials: Credentials) -> str:
        request = AWSRequest(
            method="POST",
            url=f"https://{SERVICE}{path}",  # only the path of the URL is signed; the host is in a header
            data=credentials.body,
            headers={name: credentials.headers[name] for name in claim["signed"].split(";")},
        )
        request.context["timestamp"] = credentials.headers["x-amz-date"]
        signer = _AsSigned(SigningKey(claim["key_id"], secret), SERVICE, self.region)
        return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


def _is_text(value: str) -> bool:
    """Whether the value can be encoded and so signed. A lone surrogate can't, and botocore would raise for it."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _is_hash_of_body(credentials: Credentials) -> bool:
    """Whether a declared payload hash is that of the body. botocore uses the declared hash without checking it."""
    declared = credentials.headers.get("x-amz-content-sha256")
    return declared is None or hmac.compare_digest(
        declared.encode("utf-8", "surrogatepass"), sha256(credentials.body).hexdigest().encode()
    )


def _identity(key_id: str, source_ip: str) -> dict[str, object]:
    return {
        "accountId": ACCOUNT_ID,
        "cognitoIdentityPoolId": None,
        "cognitoIdentityId": None,
        "sourceIp": [source_ip],
        "username": key_id,
        "userArn": f"arn:aws:iam::{ACCOUNT_ID}:user/{key_id}",
        "cognitoIdentityAuthType": None,
        "cognitoIdentityAuthProvider": None,
    }
