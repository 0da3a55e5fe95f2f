"""The command line of `python -m local`, parsed once into typed values.

Two commands: without a name it serves until it is stopped, `demo` runs one assessment. With `--outputs` nothing of
the product runs here: the page is served, or the demo run, for a deployed stack. What is wrong with an argument ends
the program with exit code 2 and a message that names it.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local import sample

DEFAULT_PORT = 8000
DEFAULT_PACE = 0.6


@dataclass(frozen=True)
class Demo:
    """The assessment to run, and where its documents go."""

    notes: Path
    folder: Path
    client_name: str
    project_name: str | None
    industry: str | None
    duration: str | None
    team_size: int | None
    user: str | None = None
    """Who signs in to a deployed stack."""


@dataclass(frozen=True)
class Arguments:
    """What was asked for; serving, unless there is a demo to run."""

    port: int
    """0 lets the kernel choose."""
    api_key: str | None
    pace: float
    """Seconds for a stage."""
    verbose: bool
    demo: Demo | None
    password: str | None = None
    """Of the demo users."""
    tls: bool = False
    outputs: Path | None = None
    """A deployed stack's, to use instead of one on this machine."""


def parse(arguments: Sequence[str] | None) -> Arguments:
    """The arguments; exits with code 2 when they are wrong, 0 after --help."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.tls and given.command:
        parser.error("--tls: the demo has no use for it, only serving")
    if given.outputs and (named := _of_a_stack_here(given)):
        parser.error(f"{named}: goes with a stack on this machine, not with --outputs")
    if given.user and not (given.outputs and given.command):
        parser.error("--user: goes with demo and --outputs; the page asks who is there itself")
    demo = _demo(given) if given.command == "demo" else None
    port = given.port if given.port is not None else (0 if demo else DEFAULT_PORT)
    pace = DEFAULT_PACE if given.pace is None else given.pace
    return Arguments(port, given.api_key, pace, given.verbose, demo, given.password, given.tls, given.outputs)


def _of_a_stack_here(given: argparse.Namespace) -> str | None:
    """An option that says how a stack on this machine is to be, if one was given."""
    options = {
        "--api-key": given.api_key,
        "--password": given.password,
        "--pace": None if given.pace is None else "given",
        "--verbose": given.verbose,
        "--tls": given.tls,
        "--port": "given" if given.command and given.port is not None else None,
    }
    return next((name for name, value in options.items() if value), None)


def _demo(given: argparse.Namespace) -> Demo:
    """The sample's own particulars go with the sample's notes alone."""
    is_sample = given.notes is None
    return Demo(
        notes=sample.NOTES if is_sample else given.notes,
        folder=given.out,
        client_name=given.client_name or (sample.CLIENT_NAME if is_sample else sample.UNNAMED_CLIENT),
        project_name=given.project_name or (sample.PROJECT_NAME if is_sample else None),
        industry=given.industry or (sample.INDUSTRY if is_sample else None),
        duration=given.duration or (sample.DURATION if is_sample else None),
        team_size=given.team_size or (sample.TEAM_SIZE if is_sample else None),
        user=given.user,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local",
        description="ScopeSmith on this machine, offline: serves the GraphQL API until Ctrl-C, or runs a demo.",
    )
    parser.set_defaults(port=None, api_key=None, password=None, pace=None, verbose=False, outputs=None, user=None)
    _add_common(parser)
    parser.add_argument("--tls", action="store_true", help="speak HTTPS and WSS, with a certificate made at the start")
    commands = parser.add_subparsers(dest="command", metavar="demo")
    demo = commands.add_parser("demo", help="run one assessment and save its documents")
    _add_common(demo)
    demo.add_argument("notes", nargs="?", type=Path, metavar="NOTES", help="the meeting's notes (default: the sample)")
    demo.add_argument(
        "--out", type=Path, default=Path("proposal"), metavar="DIR", help="the documents' folder (default: proposal)"
    )
    demo.add_argument("--client-name", metavar="NAME", help="whom the proposal is for")
    demo.add_argument("--project-name", metavar="NAME")
    demo.add_argument("--industry", metavar="NAME", help="chooses the document templates")
    demo.add_argument("--duration", metavar="TEXT", help='as a person writes it: "6 months"')
    demo.add_argument("--team-size", type=int, metavar="N")
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    """What both commands take, before or after the command's name."""

    def add(name: str, description: str, **options: object) -> None:
        parser.add_argument(name, default=argparse.SUPPRESS, help=description, **options)  # type: ignore[arg-type]  # argparse's own checks apply

    add("--port", f"of the GraphQL endpoint; 0: any (default: {DEFAULT_PORT}; demo: any)", type=_port, metavar="PORT")
    add("--api-key", "the API's key (default: a random one)", type=_api_key, metavar="KEY")
    add("--password", "the demo users' (default: a random one)", metavar="PASSWORD")
    add("--pace", "what the scripted agent takes for a stage (default: 0.6)", type=_seconds, metavar="SECONDS")
    add(
        "--outputs",
        "a deployed stack's, as cdk deploy --outputs-file wrote them: serve its page, or run the demo there",
        type=Path,
        metavar="FILE",
    )
    add("--user", "with demo --outputs: signs in; the password is SCOPESMITH_PASSWORD or asked for", metavar="NAME")
    add("--verbose", "show what the functions log, on standard error", action="store_true")


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
        raise argparse.ArgumentTypeError("must be printable ASCII without spaces, as it travels in an HTTP header")
    return text
