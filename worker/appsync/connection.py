"""A Lambda's connection to the API: what each entry of this room needs, made once for its process.

It reads no environment and publishes nothing. `worker.handler` and `worker.failure.handler` call it.
"""

import boto3

from worker.appsync.mutation import AppSyncPublisher, region_of
from worker.settings import ApiSettings, SettingsError
from worker.timing.clock import TIMING


def connect(api: ApiSettings, session: boto3.Session) -> AppSyncPublisher:
    """A publisher that signs with the session's credentials.

    Raises:
        SettingsError: the session has none.
    """
    credentials = session.get_credentials()
    if credentials is None:
        raise SettingsError("No AWS credentials: whoever publishes signs, so give this Lambda a role")
    region = region_of(api.graphql_url, api.region)
    return AppSyncPublisher(api.graphql_url, region, credentials, random=TIMING.random)
