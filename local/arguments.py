"""The command line of `python -m local`, parsed once into typed values.

Without a command it serves until it is stopped; `demo` runs one assessment, `invoke` calls one Lambda. With `--outputs`
nothing of the product runs here: the page is served, or the demo is run, for a deployed stack. A wrong argument ends
the program with exit code 2 and a message that names the argument.
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import invoke, sample
from local.environment import DEFAULT_AGENT, Scripted
from schema.assessment import FIELDS, WholeNumber

DEFAULT_PORT = 8000
DEFAULT_PACE = 0.6

_PARTICULARS = {field.name: field for field in FIELDS if field.name in sample.PARTICULARS}
"""The fields of an assessment for which the demo has an option. The notes come from a file."""

_HELP: Mapping[str, tuple[str, str | None]] = {
    "client_name": ("NAME", "the client that the proposal is for"),
    "project_name": ("NAME", None),
    "industry": ("NAME", "chooses the document templates"),
    "duration": ("TEXT", 'in words, such as "6 months"'),
    "team_size": ("N", None),
}
"""The metavariable and the help of an option. An option that is not here has argparse's own."""


@dataclass(frozen=True)
class Demo:
    """The assessment to run, and the folder for its documents."""

    notes: Path
    folder: Path
    particulars: Mapping[str, Any]
    """The fields of the assessment, without the notes."""
    user: str | None = None
    """The user who signs in to a deployed stack."""


@dataclass(frozen=True)
class Invoke:
    """The Lambda to call, and the file with its event."""

    function: str
    """A key of `local.invoke.FUNCTIONS`."""
    event: Path


@dataclass(frozen=True)
class Arguments:
    """The parsed command line. With neither `demo` nor `invoke`, it serves."""

    port: int
    """0 takes any free port."""
    api_key: str | None
    pace: float
    """Seconds that the scripted agent takes for each stage."""
    verbose: bool
    demo: Demo | None
    password: str | None = None
    """The password of the demo users."""
    tls: bool = False
    agent: Scripted | None = None
    """The scripted agent that was asked for by name."""
    model: str | None = None
    """The real model that was asked for."""
    outputs: Path | None = None
    """The outputs file of a deployed stack, to use instead of a stack on this machine."""
    invoke: Invoke | None = None


def parse(arguments: Sequence[str] | None) -> Arguments:
    """Parse the command line; exits with code 2 when an argument is wrong, and with 0 after --help."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.tls and given.command:
        parser.error(f"--tls: only for serving, not with {given.command}")
    if given.outputs and given.command == "invoke":
        parser.error("--outputs: goes with the page and the demo, not with invoke")
    if given.outputs and (named := _of_a_stack_here(given)):
        parser.error(f"{named}: goes with a stack on this machine, not with --outputs")
    if given.model and given.agent:
        parser.error("--agent: chooses a scripted agent, and --model a real one; give only one of them")
    if given.user and not (given.outputs and given.command == "demo"):
        parser.error("--user: goes with demo and --outputs; the page has its own sign-in")
    return Arguments(
        port=given.port if given.port is not None else (0 if given.command else DEFAULT_PORT),
        api_key=given.api_key,
        pace=DEFAULT_PACE if given.pace is None else given.pace,
        verbose=given.verbose,
        demo=_demo(given) if given.command == "demo" else None,
        password=given.password,
        tls=given.tls,
        agent=Scripted(given.agent) if given.agent else None,
        model=given.model,
        outputs=given.outputs,
        invoke=Invoke(given.function, given.event) if given.command == "invoke" else None,
    )


def _of_a_stack_here(given: argparse.Namespace) -> str | None:
    """The first option given that only makes sense for a stack on this machine."""
    options = {
        "--api-key": given.api_key,
        "--password": given.password,
        "--pace": None if given.pace is None else "given",
        "--verbose": given.verbose,
        "--tls": given.tls,
        "--agent": given.agent,
        "--model": given.model,
        "--port": "given" if given.command and given.port is not None else None,
    }
    return next((name for name, value in options.items() if value), None)


def _demo(given: argparse.Namespace) -> Demo:
    """The sample's client, project and so on are used only with the sample's notes."""
    default = sample.PARTICULARS if given.notes is None else sample.UNNAMED
    return Demo(
        notes=given.notes or sample.NOTES,
        folder=given.out,
        particulars={name: getattr(given, name) or default.get(name) for name in _PARTICULARS},
        user=given.user,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="ScopeSmith on this machine, offline: serves the GraphQL API, runs a demo, or calls one Lambda.",
    )
    parser.set_defaults(port=None, api_key=None, password=None, pace=None, verbose=False, outputs=None, user=None)
    parser.set_defaults(agent=None, model=None)
    _add_common(parser)
    parser.add_argument("--tls", action="store_true", help="speak HTTPS and WSS, with a certificate made at the start")
    commands = parser.add_subparsers(dest="command")
    _add_demo(commands.add_parser("demo", help="run one assessment and save its documents"))
    _add_invoke(
        commands.add_parser(
            "invoke",
            help="call one Lambda's handler with an event from a file",
            description=invoke.EXPLANATION,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    return parser


def _add_demo(demo: argparse.ArgumentParser) -> None:
    _add_common(demo)
    demo.add_argument("notes", nargs="?", type=Path, metavar="NOTES", help="the meeting notes (default: the sample)")
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("proposal"),
        metavar="DIR",
        help="where to save the documents (default: proposal)",
    )
    for name, field in _PARTICULARS.items():
        metavar, text = _HELP.get(name, (None, None))
        kind = int if isinstance(field.holds, WholeNumber) else str
        demo.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar=metavar, help=text)


def _add_invoke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("function", choices=invoke.FUNCTIONS, help="the Lambda to call")
    parser.add_argument("event", type=Path, metavar="EVENT", help='a file with the event as JSON; "-": standard input')
    _add_pace(parser)


def _add_pace(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pace",
        default=argparse.SUPPRESS,
        type=_seconds,
        metavar="SECONDS",
        help=f"how long the scripted agent takes for each stage (default: {DEFAULT_PACE})",
    )


def _add_common(parser: argparse.ArgumentParser) -> None:
    """The options of serving and of the demo. You may give them before or after `demo`."""

    def add(name: str, description: str, **options: object) -> None:
        parser.add_argument(name, default=argparse.SUPPRESS, help=description, **options)  # type: ignore[arg-type]  # argparse's own checks apply

    add(
        "--port",
        f"the port of the GraphQL endpoint; 0 takes any free port (default: {DEFAULT_PORT}; demo: 0)",
        type=_port,
        metavar="PORT",
    )
    add("--api-key", "the API key (default: a random one)", type=_api_key, metavar="KEY")
    add("--password", "the password of the demo users (default: a random one)", metavar="PASSWORD")
    _add_pace(parser)
    add(
        "--agent",
        f"the service that the scripted agent speaks: Converse, or Bedrock Agents (default: {DEFAULT_AGENT})",
        choices=[str(agent) for agent in Scripted],
    )
    add(
        "--model",
        "the Amazon Bedrock model or inference profile to use, with your AWS credentials",
        metavar="ID",
    )
    add(
        "--outputs",
        "the file that cdk deploy --outputs-file wrote: serve that stack's page here, or run the demo on that stack",
        type=Path,
        metavar="FILE",
    )
    add(
        "--user",
        "with demo --outputs: the user who signs in. You are asked for the password unless SCOPESMITH_PASSWORD is set",
        metavar="NAME",
    )
    add("--verbose", "write the functions' log to standard error", action="store_true")


def _port(text: str) -> int:
    port = int(text)
    if port not in range(65_536):
        raise argparse.ArgumentTypeError(f"must be between 0 and 65535, not {port}")
    return port


def _seconds(text: str) -> float:
    seconds = float(text)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"must be 0 or more seconds, not {text}")
    return seconds


def _api_key(text: str) -> str:
    if not (text and text.isascii() and text.isprintable() and " " not in text):
        raise argparse.ArgumentTypeError("must be printable ASCII without spaces, because it is sent in an HTTP header")
    return text
