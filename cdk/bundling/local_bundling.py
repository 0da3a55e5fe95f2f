"""Gives the Lambdas' code to the CDK, bundled on this machine without Docker while the stack is synthesized.

`cdk.app` passes `lambda_code` to the stack. To see only the template, set the CDK's own context value
`"aws:cdk:bundling-stacks": []`, which leaves out the bundles.
"""

from collections.abc import Sequence
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import Code

from cdk.bundling.contents import LAMBDA, ROOT, Bundle, Target


def lambda_code(group: str, rooms: Sequence[str], target: Target = LAMBDA) -> Code:
    """The code of a Lambda that needs one dependency group's packages and some of our rooms.

    The asset's hash is known before the bundle is made, so code that has not changed is not bundled or deployed again.
    """
    bundle = Bundle(group, tuple(rooms), target)
    return Code.from_asset(
        str(ROOT / rooms[0]),
        asset_hash=bundle.fingerprint,
        asset_hash_type=AssetHashType.CUSTOM,
        bundling=BundlingOptions(image=_NO_IMAGE, local=_Here(bundle)),
    )


_NO_IMAGE = DockerImage.from_registry("no-image-is-used")
"""The CDK requires an image, and pulls it only if local bundling declines. Ours never does."""


@jsii.implements(ILocalBundling)
class _Here:
    """Writes the bundle on this machine when the CDK asks for it."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def try_bundle(self, output_dir: str, *_options: object, **_more: object) -> bool:
        self._bundle.write(Path(output_dir))
        return True
