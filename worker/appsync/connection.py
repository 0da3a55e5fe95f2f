"""Makes the publisher of a Lambda's process from its settings and credentials.

It reads no environment and publishes nothing. `worker.handler` and `worker.failure.handler` call it once.
"""

from typing import Protocol

from worker.appsync.mutation import AppSyncPublisher, Credentials, region_of
from worker.settings import ApiSettings, SettingsError
from worker.timing.clock import TIMING


class Session(Protocol):
    """A session of boto3 or botocore."""

    def get_credentials(self) -> Credentials | None:
        """The credentials that it finds."""
        ...


def connect(api: ApiSettings, session: Session) -> AppSyncPublisher:
    """A publisher that signs with the session's credentials.

    Raises:
        SettingsError: the session has no credentials.
    """
    credentials = session.get_credentials()
    if credentials is None:
        raise SettingsError("No AWS credentials: publishing signs its requests with them, so give this Lambda a role")
    region = region_of(api.graphql_url, api.region)
    return AppSyncPublisher(api.graphql_url, region, credentials, random=TIMING.random)
