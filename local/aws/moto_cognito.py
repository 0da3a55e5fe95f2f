"""Gives moto's Cognito a signing key that is made when it starts, and each user the same id at each start.

moto signs with a key from its package, which is public. Any web page that a browser on this machine shows can reach
the API, and could sign a token with that key. Only `local.aws.server` applies this, to the server that it runs.
"""

import json
import uuid

_KEY_ID = "dummy"
"""The key id that moto writes into the headers of its tokens."""

_IDS = uuid.UUID("6f1f4f0e-52a5-4c0b-9e0b-7d2b3a0c51d4")
"""The namespace of the users' ids. Any value does, as long as it stays the same."""


def sign_with_a_new_key() -> None:
    """Make every pool of this process sign with one new key, and publish it."""
    # Imported here because they take half a second to load.
    from joserfc.jwk import RSAKey  # noqa: PLC0415
    from moto.cognitoidp.models import CognitoIdpUserPool  # noqa: PLC0415
    from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse  # noqa: PLC0415

    key = RSAKey.generate_key(2048, {"kid": _KEY_ID, "alg": "RS256", "use": "sig"})
    # A new pool sets its key to moto's: ignore that.
    CognitoIdpUserPool.json_web_key = property(lambda _pool: key, lambda _pool, _motos: None)
    CognitoIdpJsonWebKeyResponse.json_web_key = json.dumps({"keys": [key.as_dict(private=False)]}).encode()


def know_users_again() -> None:
    """Give a user with an e-mail address an id that follows from it, as sessions that were kept name their owner's id.

    moto draws a random one.
    """
    from moto.cognitoidp.models import CognitoIdpUser  # noqa: PLC0415 - as above

    initialise = CognitoIdpUser.__init__

    def __init__(  # noqa: N807 - it replaces this method
        user: CognitoIdpUser,
        pool_id: str,
        username: str | None,
        password: str | None,
        status: str,
        attributes: list[dict[str, str]],
    ) -> None:
        initialise(user, pool_id, username, password, status, attributes)
        if address := user.attribute_lookup.get("email"):
            user.id = str(uuid.uuid5(_IDS, address))
            user.username = username or user.id
            user.update_attributes([{"Name": "sub", "Value": user.id}])

    CognitoIdpUser.__init__ = __init__
