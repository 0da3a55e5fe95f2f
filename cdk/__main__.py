"""`python -m cdk --out DIR`: write the cloud assembly, with Python packages alone.

The CDK's command line runs this too, and says in the environment where the assembly goes.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from cdk.settings import KEYS, Settings, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Synthesize; 2 when the context asks for something that can't be."""
    parser = argparse.ArgumentParser(prog="python -m cdk", description="Write the cloud assembly.")
    parser.add_argument("--out", metavar="DIR", default=os.environ.get("CDK_OUTDIR"), help="where the assembly goes")
    parser.add_argument(
        "-c", dest="context", metavar="KEY=VALUE", action="append", default=[], help=f"one of {', '.join(sorted(KEYS))}"
    )
    options = parser.parse_args(arguments)
    if not options.out:
        parser.error("--out DIR is missing: say where the assembly goes")
    context: dict[str, str] = {}
    for pair in options.context:
        key, equals, value = pair.partition("=")
        if not equals or key not in KEYS:
            parser.error(f"-c {pair}: give KEY=VALUE with one of {', '.join(sorted(KEYS))}")
        context[key] = value
    try:
        Settings.of(context)
        region = os.environ.get("CDK_DEFAULT_REGION", "")  # the CDK's command line says where it deploys to
        from cdk.app import app  # noqa: PLC0415 - seconds of work, which a wrong setting need not wait for

        app(outdir=options.out, context=context, region=region).synth()
    except SettingsError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
