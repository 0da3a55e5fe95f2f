"""The CDK app: reads the context, creates the stack with the real bundling, and adds its outputs.

`cdk.__main__` calls it, and so do the tests, with bundling of their own.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import aws_cdk

from cdk import acknowledgments, outputs
from cdk.bundling.local_bundling import lambda_code
from cdk.context import KEYS, settings_of
from cdk.contradictions import check_region
from cdk.functions.function import LambdaCode
from cdk.stack import ScopeSmithStack

_CDK_JSON = Path(__file__).with_name("cdk.json")


def app(
    *, outdir: str | None, context: Mapping[str, object], region: str = "", code: LambdaCode = lambda_code
) -> aws_cdk.App:
    """The app with its stack.

    `context` takes precedence over what the CDK's command line passes in the environment. `region` is where the stack
    will be deployed, if that is known.

    Raises:
        SettingsError: a value of the context can't be used.
    """
    flags = json.loads(_CDK_JSON.read_text(encoding="utf-8"))["context"]
    made = aws_cdk.App(outdir=outdir, context={**flags, **context})
    known = {key: made.node.try_get_context(key) for key in KEYS}
    settings = settings_of(known)
    if region:
        check_region(settings, region)
    stack = ScopeSmithStack(made, settings=settings, code=code)
    outputs.write(stack)
    acknowledgments.write(stack, settings)
    return made
