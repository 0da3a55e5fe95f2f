"""Makes presigned URLs for the documents in the artifacts bucket. `resolvers.handler` does so on each read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

LINK_SECONDS = 3600
"""How long a link works at most.

It stops working earlier if the Lambda's credentials that signed it expire, so clients read the session again before
they use an old link.
"""


class Links:
    """Download links to one bucket. `client` is called for the first link only, because most reads need none."""

    def __init__(self, client: "Callable[[], S3Client]", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def presign(self, key: str) -> str:
        """A URL that downloads the object `key` under its own file name. It works for `LINK_SECONDS`.

        A browser shows a page in place of downloading it.
        """
        name = key.rpartition("/")[2]
        disposition = "inline" if name.endswith(".html") else "attachment"
        return self._client().generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f'{disposition}; filename="{name}"',
            },
            ExpiresIn=LINK_SECONDS,
        )
