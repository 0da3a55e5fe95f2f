"""`python -m cdk --out DIR`: writes the cloud assembly. It needs only Python packages.

The CDK's command line runs this module too, and sets the folder of the assembly in the environment.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from cdk.settings import KEYS, Settings, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Synthesize; exits with code 2 when a setting can't be used."""
    parser = argparse.ArgumentParser(prog="python -m cdk", description="Write the cloud assembly.")
    parser.add_argument("--out", metavar="DIR", default=os.environ.get("CDK_OUTDIR"), help="the assembly's folder")
    parser.add_argument(
        "-c", dest="context", metavar="KEY=VALUE", action="append", default=[], help=f"one of {', '.join(sorted(KEYS))}"
    )
    options = parser.parse_args(arguments)
    if not options.out:
        parser.error("--out DIR is missing: give the folder for the assembly")
    context: dict[str, str] = {}
    for pair in options.context:
        key, equals, value = pair.partition("=")
        if not equals or key not in KEYS:
            parser.error(f"-c {pair}: give KEY=VALUE with one of {', '.join(sorted(KEYS))}")
        context[key] = value
    try:
        Settings.of(context)
        region = os.environ.get("CDK_DEFAULT_REGION", "")  # the CDK's command line sets it to where it deploys
        from cdk.app import app  # noqa: PLC0415 - takes seconds; a wrong setting is reported at once

        app(outdir=options.out, context=context, region=region).synth()
    except SettingsError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
