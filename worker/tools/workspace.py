"""A session's workspace: the S3 prefix through which the tools pass their work to each other.

It stores bytes and JSON by name, with a digest of what each object was made from. It never interprets them, and it
can't read another session's objects. The worker writes the assessment, and the tools read and write the rest.

What belongs to one version of the proposal lies below `versions/<number>/`, and the workspace is at one version at a
time. So the tools work on the version that the worker has chosen, and an earlier one is never rewritten.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ASSESSMENT = "assessment.json"
REQUIREMENTS = "requirements.json"
COSTS = "costs.json"
TEMPLATES = "templates.json"
PRESENTATION = "presentation.pptx"
STATEMENT_OF_WORK = "statement-of-work.docx"
PROPOSAL_PAGE = "proposal.html"

PROFILE = "profile.json"
"""The supplier's profile as it was when the session was priced."""

PROPOSAL = "proposal.json"
"""The version in the API's form, for the resolvers."""

TERMS = "terms.json"
"""What the reviewer said about team, dates, currency and discount, in this version and before."""

CHANGES = "changes.json"
"""What the version has changed."""

_OF_A_VERSION = frozenset({
    REQUIREMENTS, COSTS, TEMPLATES, PROFILE, PROPOSAL, TERMS, CHANGES, PRESENTATION, STATEMENT_OF_WORK, PROPOSAL_PAGE,
})  # fmt: skip
_DOCUMENTS = frozenset({PRESENTATION, STATEMENT_OF_WORK, PROPOSAL_PAGE})

CURRENT = "current.json"
"""Which version is the newest, and which review made it."""

CONVERSATION = "conversation.json"
"""Where the worker's conversation with a model stands."""

USAGE = "usage.json"
"""What the tools' Lambda has spent on a model."""

JSON_TYPE = "application/json"

_SESSION_ID = re.compile(r"[0-9a-zA-Z-]+")
_NAME = re.compile(r"[0-9a-z-]+\.[0-9a-z]+")
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_REFUSED = frozenset({"403", "AccessDenied"})
_MADE_FROM = "made-from"


def digest(*parts: bytes) -> str:
    """One SHA-256 over all parts. It includes their lengths, so that the same bytes in other parts give another one."""
    combined = hashlib.sha256()
    for part in parts:
        combined.update(len(part).to_bytes(8, "big"))
        combined.update(part)
    return combined.hexdigest()


class Workspace:
    """The objects of one session."""

    def __init__(self, s3: "S3Client", bucket: str, session_id: str) -> None:
        """Raise ValueError for an id that could lead out of the session's own prefix."""
        if not _SESSION_ID.fullmatch(session_id):
            raise ValueError(f"{session_id!r} is not a session id: use only letters, digits and '-'")
        self.session_id = session_id
        self.version = 1
        """The version of the proposal that the tools work on."""
        self._s3 = s3
        self._bucket = bucket
        self._prefix = f"sessions/{session_id}/"

    def key(self, name: str) -> str:
        """The S3 key of an object. Raises ValueError if the name is not just a file name."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name in a workspace: use one of the names in {__name__}")
        if name not in _OF_A_VERSION:
            return self._prefix + name
        stem, _, extension = name.partition(".")
        file = f"{stem}-v{self.version}.{extension}" if name in _DOCUMENTS else name
        return f"{self._prefix}versions/{self.version}/{file}"

    def names(self) -> Mapping[str, dt.datetime]:
        """The names of this version's objects that exist, and when each was written, in UTC.

        It takes one request: a page of 1,000 objects is enough.
        """
        page = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=f"{self._prefix}versions/{self.version}/")
        found = {entry["Key"]: entry["LastModified"].astimezone(dt.UTC) for entry in page.get("Contents", [])}
        return {name: found[self.key(name)] for name in _OF_A_VERSION if self.key(name) in found}

    def read(self, name: str) -> bytes | None:
        """The object's bytes, or None if it does not exist."""
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=self.key(name))["Body"].read()
        except ClientError as error:
            if self._is_absent(name, error):
                return None
            raise

    def write(self, name: str, body: bytes, *, content_type: str, made_from: str = "") -> None:
        """Store an object. A reader sees the old object or this one, never a part of it.

        `made_from` is the digest of everything that the object was made from.
        """
        self._s3.put_object(
            Bucket=self._bucket,
            Key=self.key(name),
            Body=body,
            ContentType=content_type,
            Metadata={_MADE_FROM: made_from} if made_from else {},
        )

    def made_from(self, name: str) -> str | None:
        """The digest that was stored with the object, or None if there is no object or no digest."""
        try:
            metadata = self._s3.head_object(Bucket=self._bucket, Key=self.key(name))["Metadata"]
        except ClientError as error:
            if self._is_absent(name, error):
                return None
            raise
        return metadata.get(_MADE_FROM)

    def _is_absent(self, name: str, error: ClientError) -> bool:
        """Whether a read failed because there is no such object.

        S3 says so only to a caller that may list the whole bucket. The deployed role may list the workspaces alone, so
        it is refused instead, and the list of this workspace tells.
        """
        code = error.response["Error"]["Code"]
        if code not in _REFUSED:
            return code in _ABSENT
        key = self.key(name)
        page = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=key)
        return all(entry["Key"] != key for entry in page.get("Contents", []))

    def read_json(self, name: str) -> dict[str, object] | None:
        """The parsed JSON object, or None if the S3 object does not exist.

        Raises:
            ValueError: it holds something else.
        """
        body = self.read(name)
        if body is None:
            return None
        value = json.loads(body)
        if not isinstance(value, dict):
            raise ValueError(f"{self.key(name)} holds {type(value).__name__}, not a JSON object")  # noqa: TRY004 - a fault of the content, not of an argument's type
        return value

    def write_json(self, name: str, value: Mapping[str, object], *, made_from: str = "") -> None:
        """Store a JSON object. It is written as ASCII, because UTF-8 can't encode a lone surrogate in a text."""
        self.write(name, json.dumps(value).encode("ascii"), content_type=JSON_TYPE, made_from=made_from)
