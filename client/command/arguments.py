"""The command line of `scopesmith`, parsed once into typed values.

The environment gives the endpoint and the credentials if no option does; a deployed stack's outputs give both at once.
A wrong argument ends the program with exit code 2 and a message that names the option. The limits of a submission are
not checked here, because the API checks them.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from client.cognito import Pool, PoolIdError
from client.command import profile_check
from client.command.outputs import Outputs, OutputsError
from client.command.review_options import ReviewOptions, add_review_options, review_options
from client.command.submission import add_options, submission
from client.endpoint import ApiKey, Endpoint, InvalidEndpointError, Token
from client.session import Submission
from client.sign_in import Login


@dataclass(frozen=True)
class Arguments:
    """The parsed command line. Only the fields of the given command are set."""

    command: str
    endpoint: Endpoint
    credentials: ApiKey | Token | Login
    outputs: Path | None = None
    """The outputs file that the endpoint was read from."""
    session_id: str = ""
    submission: Submission | None = None
    request_token: str | None = None
    folder: Path = Path("proposal")
    wait: bool = True
    limit: int = 20
    review: ReviewOptions | None = None
    version: int | None = None
    as_json: bool = False
    sure: bool = False
    """Whether not to ask before something is deleted."""


def parse(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Arguments:
    """Parse the command line; exits with code 2 when an argument is wrong, and with 0 after --help."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        where = _where(given, environment)
        outputs = Outputs.read(where) if isinstance(where, Path) else None
        return Arguments(
            command=given.command,
            endpoint=outputs.endpoint if outputs else Endpoint.parse(str(where)),
            credentials=_credentials(given, environment, outputs),
            outputs=where if isinstance(where, Path) else None,
            submission=submission(given, _notes(given.notes)) if given.command == "submit" else None,
            review=review_options(given) if given.command == "review" else None,
            **{name: value for name, value in vars(given).items() if name in _AS_PARSED},
        )
    except (InvalidEndpointError, OutputsError, _UnusableError) as error:
        parser.error(str(error))


_AS_PARSED = {"session_id", "request_token", "folder", "wait", "limit", "version", "as_json", "sure"}


class _UnusableError(Exception):
    """An argument that can't be used; the message says why."""


_TLS = "Certificates are checked against the system's authorities, or those in the file that SSL_CERT_FILE names."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scopesmith", description="Meeting notes in, a priced proposal out.", epilog=_TLS
    )
    api, session, saving, waiting = _api_options(), _session_argument(), _saving_option(), _waiting_option()
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    submit = commands.add_parser("submit", parents=[api, saving, waiting], help="submit notes and watch the proposal")
    submit.add_argument("notes", metavar="NOTES", help="a text file with the meeting notes; - reads standard input")
    add_options(submit)
    submit.add_argument(
        "--request-token", metavar="TOKEN", help="a token of yours: repeating a submit with it starts nothing new"
    )
    commands.add_parser("watch", parents=[api, session, saving], help="watch a session and save its documents")
    listing = commands.add_parser("list", parents=[api], help="list your sessions, newest first")
    listing.add_argument("--limit", type=_positive, default=20, metavar="N", help="how many at most (default: 20)")
    commands.add_parser("cancel", parents=[api, session], help="ask a session to stop")
    commands.add_parser(
        "retry", parents=[api, session, saving, waiting], help="run a failed or cancelled session again"
    )
    add_review_options(
        commands.add_parser("review", parents=[api, session, saving, waiting], help="correct a proposal, or approve it")
    )
    proposal = commands.add_parser("proposal", parents=[api, session], help="show what is offered")
    proposal.add_argument("--version", type=_positive, metavar="N", help="an earlier version (default: the newest)")
    proposal.add_argument("--json", dest="as_json", action="store_true", help="print it as JSON")
    delete = commands.add_parser("delete", parents=[api, session], help="remove a session with all its files")
    delete.add_argument("--yes", dest="sure", action="store_true", help="do not ask")
    commands.add_parser("token", parents=[api], help="sign in and print the access token, for another program")
    profile_check.add_options(commands.add_parser(profile_check.NAME, help="check a supplier's profile"))
    return parser


def _api_options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    group = options.add_argument_group("the API")
    group.add_argument("--endpoint", metavar="URL", help="the GraphQL endpoint (or SCOPESMITH_ENDPOINT)")
    group.add_argument(
        "--outputs",
        metavar="FILE",
        help="the file that cdk deploy --outputs-file wrote, instead of the endpoint (or SCOPESMITH_OUTPUTS)",
    )
    group.add_argument("--api-key", metavar="KEY", help="the API key (or SCOPESMITH_API_KEY)")
    group.add_argument(
        "--user",
        metavar="NAME",
        help="sign in as this user (or SCOPESMITH_USER); prompts for the password unless SCOPESMITH_PASSWORD is set",
    )
    group.add_argument("--token", metavar="JWT", help="a user's Cognito token instead of the key (or SCOPESMITH_TOKEN)")
    group.add_argument(
        "--user-pool-client-id",
        metavar="ID",
        help="the app client to sign in with, if the endpoint has no config.json beside it; needs --user-pool-id",
    )
    group.add_argument("--user-pool-id", metavar="ID", help="the app client's user pool")
    return options


def _session_argument() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("session_id", metavar="ID", help="the session")
    return options


def _saving_option() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--out",
        dest="folder",
        type=Path,
        default=Path("proposal"),
        metavar="DIR",
        help="the folder for the documents (default: proposal)",
    )
    return options


def _waiting_option() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--no-wait", dest="wait", action="store_false", help="print the session's id instead of watching it"
    )
    return options


def _where(given: argparse.Namespace, environment: Mapping[str, str]) -> Path | str:
    """Where the API is: an outputs file, or an endpoint as text. An option overrides the environment."""
    options = {"--outputs": given.outputs, "--endpoint": given.endpoint}
    variables = {name: environment.get(name) for name in ("SCOPESMITH_OUTPUTS", "SCOPESMITH_ENDPOINT")}
    for level in (options, variables):
        match [(name, value) for name, value in level.items() if value]:
            case [(name, value)]:
                return Path(value) if name in {"--outputs", "SCOPESMITH_OUTPUTS"} else value
            case [(one, _), (other, _)]:
                raise _UnusableError(f"{one} and {other} exclude each other: give one")
    raise _UnusableError("--endpoint is missing: give it, or set SCOPESMITH_ENDPOINT; or give --outputs")


def _credentials(
    given: argparse.Namespace, environment: Mapping[str, str], outputs: Outputs | None
) -> ApiKey | Token | Login:
    """The credentials: an option, or else the environment's token, user or key."""
    options = {"--user": given.user, "--token": given.token, "--api-key": given.api_key}
    named = [name for name, value in options.items() if value]
    if len(named) > 1:
        raise _UnusableError(f"{' and '.join(named)} exclude each other: give one")
    kinds: dict[str, tuple[str | None, Callable[[str], ApiKey | Token | Login]]] = {
        "SCOPESMITH_TOKEN": (given.token, Token),
        "SCOPESMITH_USER": (given.user, lambda name: _login(name, given, environment, outputs)),
        "SCOPESMITH_API_KEY": (given.api_key, ApiKey),
    }
    for option, made in kinds.values():
        if option:
            return made(option)
    for variable, (_, made) in kinds.items():
        if value := environment.get(variable):
            return made(value)
    read_it = f" (read it with: {outputs.key_command})" if outputs and outputs.key_command else ""
    raise _UnusableError(f"--api-key is missing: give it{read_it}, or set SCOPESMITH_API_KEY; or sign in with --user")


def _login(name: str, given: argparse.Namespace, environment: Mapping[str, str], outputs: Outputs | None) -> Login:
    pool_id, client_id = given.user_pool_id, given.user_pool_client_id
    if bool(client_id) != bool(pool_id):
        raise _UnusableError("--user-pool-id and --user-pool-client-id go together: give both, or neither")
    pool = outputs.pool if outputs else None
    if client_id:
        try:
            pool = Pool.on_aws(pool_id, client_id)
        except PoolIdError as error:
            raise _UnusableError(f"--user-pool-id: {error}") from error
    return Login(name, environment.get("SCOPESMITH_PASSWORD", ""), pool)


def _notes(name: str) -> str:
    """The text of a notes file, or of standard input for `-`; UTF-8, with or without a byte order mark."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise _UnusableError(f"NOTES: can't read {name}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise _UnusableError(f"NOTES: {name} is not UTF-8 text ({error.reason} at byte {error.start})") from error


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value
