"""Gives moto's Cognito a signing key that is made when it starts.

moto signs with a key from its package, which is public. Any web page that a browser on this machine shows can reach
the API, and could sign a token with that key. Only `local.aws.server` applies this, to the server that it runs.
"""

import json

_KEY_ID = "dummy"
"""The key id that moto writes into the headers of its tokens."""


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
