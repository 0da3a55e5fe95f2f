"""What a tool works with: the session's workspace, the templates and today's date.

Whoever calls a tool makes a `Workbench` for the call. A tool uses nothing else: it reads no environment variable and
no clock.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from worker.tools.workspace import Workspace

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient
    from types_boto3_s3 import S3Client

    from worker.agents.events import ModelUsage


class ToolError(Exception):
    """A tool can't work, for a reason that a person can correct. The message says how."""


class MissingInputError(ToolError):
    """A tool was called before another tool whose output it needs. The agent can correct this by calling that tool."""


@dataclass(frozen=True)
class TemplateFile:
    """One object of the templates bucket."""

    key: str
    etag: str
    modified: dt.datetime
    size: int


class TemplateStore:
    """The templates bucket, for reading. If there is no bucket, or it does not exist, the store is empty."""

    def __init__(self, s3: "S3Client", bucket: str | None) -> None:
        self._s3 = s3
        self._bucket = bucket

    def files(self, prefix: str) -> Iterator[TemplateFile]:
        """The files under a prefix.

        Raises:
            ToolError: the tools' role may not list the bucket.
        """
        if not self._bucket:
            return
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        try:
            for page in pages:
                for entry in page.get("Contents", []):
                    yield TemplateFile(entry["Key"], entry["ETag"].strip('"'), entry["LastModified"], entry["Size"])
        except ClientError as error:
            match error.response["Error"]["Code"]:
                case "NoSuchBucket":
                    return
                case "AccessDenied":
                    raise ToolError(
                        f"the templates bucket {self._bucket} may not be listed: grant the tools' role"
                        " s3:ListBucket and s3:GetObject on it"
                    ) from error
            raise

    def read(self, key: str) -> bytes | None:
        """A template's bytes, or None if it does not exist any more."""
        if not self._bucket:
            return None
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "NoSuchBucket"}:
                return None
            raise


@dataclass(frozen=True)
class NotesModel:
    """The model that reads the notes."""

    client: "BedrockRuntimeClient"
    """It doesn't retry by itself."""
    model_id: str
    seconds: float
    """How long it may take for the whole of the notes."""
    random: Callable[[], float]
    """Gives numbers of [0, 1) for the pauses between attempts."""
    guardrail_id: str = ""
    guardrail_version: str = ""
    sleep: Callable[[float], object] | None = None
    """Waits between attempts, in seconds. None waits in a way that the end of the reading interrupts."""


@dataclass(frozen=True)
class Workbench:
    """Everything that a tool may use."""

    workspace: Workspace
    templates: TemplateStore
    today: dt.date
    """The date that a new proposal gets. The callers pass the day in UTC."""
    notes_model: NotesModel | None = None
    """None lets the rules read the notes."""
    usage: list["ModelUsage"] = field(default_factory=list)
    """Takes what the tool's calls of a model have spent. It is for the session's usage, and not for the agent."""
    notices: list[str] = field(default_factory=list)
    """Takes what happened on the way and is worth a warning in the session's log, but is no part of the result."""
    faults: list[str] = field(default_factory=list)
    """Takes a service's own texts about its faults, for the Lambda's log alone."""
