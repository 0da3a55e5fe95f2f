"""moto's Cognito, with a signing key that is made at its start.

moto signs with a key that is part of its package: whoever can reach the API, such as any web page that a browser on
this machine shows, could sign a token with it. `local.aws.server` applies this to the server that it runs; nothing
else does.
"""

import json

_KEY_ID = "dummy"
"""What moto writes into its tokens' headers."""


def sign_with_a_new_key() -> None:
    """Let every pool of this process sign with one new key, and publish that one."""
    # They take half a second to load.
    from joserfc.jwk import RSAKey  # noqa: PLC0415
    from moto.cognitoidp.models import CognitoIdpUserPool  # noqa: PLC0415
    from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse  # noqa: PLC0415

    key = RSAKey.generate_key(2048, {"kid": _KEY_ID, "alg": "RS256", "use": "sig"})
    # A pool sets its own key to moto's when it is made: that goes nowhere.
    CognitoIdpUserPool.json_web_key = property(lambda _pool: key, lambda _pool, _motos: None)
    CognitoIdpJsonWebKeyResponse.json_web_key = json.dumps({"keys": [key.as_dict(private=False)]}).encode()
