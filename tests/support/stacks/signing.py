"""Signs requests to AppSync as an IAM caller does, with botocore's own signer."""

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def signed(url: str, body: str, keys: Credentials, region: str) -> dict[str, str]:
    """The headers of a POST with this JSON body."""
    request = AWSRequest("POST", url, {"content-type": "application/json"}, body.encode())
    SigV4Auth(keys, "appsync", region).add_auth(request)
    return dict(request.headers.items())
