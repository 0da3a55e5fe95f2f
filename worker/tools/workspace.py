"""A session's workspace: the S3 prefix under which the tools hand their work to each other.

It stores bytes and JSON by name and remembers what each was made from. It never interprets them and never lists
another session's objects. The worker writes the assessment; the tools read and write the rest.
"""

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

JSON_TYPE = "application/json"

_SESSION_ID = re.compile(r"[0-9a-zA-Z-]+")
_NAME = re.compile(r"[0-9a-z-]+\.[0-9a-z]+")
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})
_MADE_FROM = "made-from"


def digest(*parts: bytes) -> str:
    """One SHA-256 for all the parts; their lengths count, so that moving a boundary changes it."""
    combined = hashlib.sha256()
    for part in parts:
        combined.update(len(part).to_bytes(8, "big"))
        combined.update(part)
    return combined.hexdigest()


class Workspace:
    """The objects of one session."""

    def __init__(self, s3: "S3Client", bucket: str, session_id: str) -> None:
        """Raises ValueError for an id that could lead out of the session's own prefix."""
        if not _SESSION_ID.fullmatch(session_id):
            raise ValueError(f"{session_id!r} is no session id: only letters, digits and '-' make one")
        self.session_id = session_id
        self._s3 = s3
        self._bucket = bucket
        self._prefix = f"sessions/{session_id}/"

    def key(self, name: str) -> str:
        """The S3 key of an object; ValueError for a name that is more than a file name."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name in a workspace: use one of the names in {__name__}")
        return self._prefix + name

    def names(self) -> frozenset[str]:
        """What exists. One request: a workspace holds far fewer than a page of objects."""
        page = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix)
        return frozenset(entry["Key"].removeprefix(self._prefix) for entry in page.get("Contents", []))

    def read(self, name: str) -> bytes | None:
        """The object's bytes; None when there is no such object."""
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=self.key(name))["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise

    def write(self, name: str, body: bytes, *, content_type: str, made_from: str = "") -> None:
        """Store an object whole: a reader sees the old one or this one, never a part.

        `made_from` is the digest of everything that went into it.
        """
        self._s3.put_object(
            Bucket=self._bucket,
            Key=self.key(name),
            Body=body,
            ContentType=content_type,
            Metadata={_MADE_FROM: made_from} if made_from else {},
        )

    def made_from(self, name: str) -> str | None:
        """The digest the object was written with; None when it is absent or was written without one."""
        try:
            metadata = self._s3.head_object(Bucket=self._bucket, Key=self.key(name))["Metadata"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return metadata.get(_MADE_FROM)

    def read_json(self, name: str) -> dict[str, object] | None:
        """The object as a JSON object; None when absent, ValueError when it is something else."""
        body = self.read(name)
        if body is None:
            return None
        value = json.loads(body)
        if not isinstance(value, dict):
            raise ValueError(f"{self.key(name)} holds {type(value).__name__}, not a JSON object")  # noqa: TRY004 - a fault of the content, not of an argument's type
        return value

    def write_json(self, name: str, value: Mapping[str, object], *, made_from: str = "") -> None:
        """Store a JSON object. It is written as ASCII, so that a lone surrogate in a text can't break it."""
        self.write(name, json.dumps(value).encode("ascii"), content_type=JSON_TYPE, made_from=made_from)
