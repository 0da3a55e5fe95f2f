"""Presigned URLs for the documents in the artifacts bucket, made at the moment somebody reads a session."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

LINK_SECONDS = 3600
"""How long a link works at most. It ends with the credentials that signed it, if that is earlier: clients read the
session again before they use an old one."""


class Links:
    """Download links to one bucket. `client` is called when the first link is made: few reads need one."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def presign(self, key: str) -> str:
        """A URL that downloads the object `key` under its own name, for `LINK_SECONDS`."""
        name = key.rpartition("/")[2]
        return self._client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f'attachment; filename="{name}"',
            },
            ExpiresIn=LINK_SECONDS,
        )
