"""The Lambdas' code as the CDK takes it: bundled on this machine, when and only when a stack is synthesized for good.

`cdk.app` hands it to the stack. Docker is never asked. A context with `"aws:cdk:bundling-stacks": []` leaves the
bundles out, for who wants to see the template alone: it is the CDK's own switch.
"""

from collections.abc import Sequence
from pathlib import Path

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk.aws_lambda import Code

from cdk.bundling.contents import LAMBDA, ROOT, Bundle, Target


def lambda_code(group: str, rooms: Sequence[str], target: Target = LAMBDA) -> Code:
    """The code of a Lambda that needs one dependency group's packages and some of our rooms.

    The asset is named for its content before that is made, so what has not changed is not deployed again.
    """
    bundle = Bundle(group, tuple(rooms), target)
    return Code.from_asset(
        str(ROOT / rooms[0]),
        asset_hash=bundle.fingerprint,
        asset_hash_type=AssetHashType.CUSTOM,
        bundling=BundlingOptions(image=_NO_IMAGE, local=_Here(bundle)),
    )


_NO_IMAGE = DockerImage.from_registry("no-image-is-used")
"""The CDK asks for one; it is pulled only when local bundling declines, which ours never does."""


@jsii.implements(ILocalBundling)
class _Here:
    """Bundles on this machine."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    def try_bundle(self, output_dir: str, *_options: object, **_more: object) -> bool:
        self._bundle.write(Path(output_dir))
        return True
