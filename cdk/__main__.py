"""`python -m cdk --out DIR` writes the cloud assembly; `python -m cdk check` checks the account before a deployment.

Both need only Python packages. The CDK's command line runs this module too, and sets the folder of the assembly in the
environment.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from cdk.bundling.contents import BundlingError
from cdk.context import KEYS, settings_of
from cdk.settings import SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Synthesize or check; exits with code 2 when a setting can't be used, and 1 when something else is missing."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        context = _context(options.context)
        settings = settings_of(context)
        if options.command == "check":
            from cdk.account.command import check_account  # noqa: PLC0415 - the CDK's command line never needs boto3

            return check_account(settings, profile=options.profile, region=options.region)
        if not options.out:
            parser.error("--out DIR is missing: give the folder for the assembly")
        return _synthesize(options.out, context)
    except SettingsError as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cdk", description="Write the cloud assembly, or check an account.")
    parser.add_argument("command", nargs="?", choices=["check"], help="check the account, and change nothing in it")
    parser.add_argument("--out", metavar="DIR", default=os.environ.get("CDK_OUTDIR"), help="the assembly's folder")
    parser.add_argument("--profile", help="for check: the profile with the account's credentials")
    parser.add_argument("--region", help="for check: where the stack will be deployed")
    parser.add_argument(
        "-c", dest="context", metavar="KEY=VALUE", action="append", default=[], help=f"one of {', '.join(sorted(KEYS))}"
    )
    return parser


def _context(pairs: Sequence[str]) -> dict[str, str]:
    context: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or key not in KEYS:
            raise SettingsError(f"-c {pair}: give KEY=VALUE with one of {', '.join(sorted(KEYS))}")
        context[key] = value
    return context


def _synthesize(out: str, context: dict[str, str]) -> int:
    region = os.environ.get("CDK_DEFAULT_REGION", "")  # the CDK's command line sets it to where it deploys
    from cdk.app import app  # noqa: PLC0415 - takes seconds; a wrong setting is reported at once

    try:
        app(outdir=out, context=context, region=region).synth()
    except RuntimeError as error:  # the CDK's engine puts our message into one of its own
        if not isinstance(error.__context__, BundlingError):
            raise
        sys.stderr.write(f"{error.__context__}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
