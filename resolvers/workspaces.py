"""The sessions' files in the artifacts bucket: the resolvers read proposals, and delete what belongs to a session.

The worker writes them below `sessions/<id>/`. `resolvers.operations` calls this module. Nothing here writes a file.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from resolvers.errors import InternalError
from schema.limits import PROPOSAL_BYTES

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_ABSENT = frozenset({"NoSuchKey", "AccessDenied"})
"""How S3 says that there is no such object. Callers that may not list the bucket, as this Lambda's role, get the
second."""


class Workspaces(Protocol):
    """Every session's files. Tests have their own."""

    def proposal(self, session_id: str, version: int) -> Mapping[str, Any] | None:
        """One version of a session's proposal as the worker wrote it, or None if there is no such file.

        Raises:
            InternalError: it is too large to be answered.
        """

    def delete(self, session_id: str) -> None:
        """Delete all files of a session and their old versions. Repeating it does no harm."""


class S3Workspaces:
    """The workspaces in one bucket. `client` is called when it is first needed, because most requests need no file."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def proposal(self, session_id: str, version: int) -> Mapping[str, Any] | None:
        key = f"{_prefix(session_id)}versions/{version}/proposal.json"
        try:
            found = self._client().get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        if found["ContentLength"] > PROPOSAL_BYTES:
            raise too_large(version, found["ContentLength"])
        proposal: Mapping[str, Any] = json.loads(found["Body"].read())
        return proposal

    def delete(self, session_id: str) -> None:
        # A page has up to 1,000 versions, as many as one request deletes. A marker of a deleted file is a version too.
        pages = self._client().get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self._bucket, Prefix=_prefix(session_id)):
            versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            if not versions:
                continue
            named = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
            answer = self._client().delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": named, "Quiet": True},  # type: ignore[typeddict-item]  # the stubs want a subclass
            )
            if errors := answer.get("Errors"):
                raise RuntimeError(f"{len(errors)} of {len(named)} files were not deleted, the first: {errors[0]}")


def too_large(version: int, size: int) -> InternalError:
    """The error for a proposal that AppSync would not accept."""
    return InternalError(
        f"Internal error: version {version} of the proposal takes {size} bytes, and at most {PROPOSAL_BYTES} can be"
        " answered. Review the session with fewer or shorter requirements to get a smaller one."
    )


def _prefix(session_id: str) -> str:
    return f"sessions/{session_id}/"
