"""Reads where a deployed stack is from the file that `cdk deploy --outputs-file FILE` writes.

It reads one file and connects to nothing. The command line and the demo get the API and the user pool from it, and a
locally served page gets its `config.json`. It knows only the names of the outputs.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from client.cognito import Pool
from client.endpoint import Endpoint, InvalidEndpointError
from client.errors import ClientError

ADDRESSES: Mapping[str, str] = {"GraphqlEndpoint": "https?", "RealtimeEndpoint": "wss?", "UserPoolEndpoint": "https?"}
"""Outputs that are URLs, with their schemes. A page may connect to their origins, so other values are refused."""
IDS = ("Region", "UserPoolId", "UserPoolClientId")
KEY_COMMAND = "ApiKeyCommand"
"""The output that says how to read the API key, if the stack was deployed with one. The key itself is no output."""


class OutputsError(ClientError):
    """The file can't be used. The message names it, and says what is wrong and what to do."""


@dataclass(frozen=True)
class Outputs:
    """What clients must know about a deployed stack."""

    endpoint: Endpoint
    pool: Pool
    key_command: str | None
    """The command that prints the stack's API key; None if it has no key."""
    config: Mapping[str, str]
    """The content of the page's `config.json`. It has no API key, because the page is public."""

    @classmethod
    def read(cls, path: Path) -> "Outputs":
        """The outputs of the file's only ScopeSmith stack."""
        name, values = _stack(path)
        where = f"{path}: {name}"
        urls = {key: _url(values, key, scheme, where) for key, scheme in ADDRESSES.items()}
        ids = {key: _text(values, key, where) for key in IDS}
        try:
            endpoint = Endpoint.parse(urls["GraphqlEndpoint"])
        except InvalidEndpointError as error:
            raise OutputsError(f"{where}: GraphqlEndpoint: {error}") from error
        return cls(
            endpoint=replace(endpoint, realtime_url=urls["RealtimeEndpoint"]),
            pool=Pool(urls["UserPoolEndpoint"], ids["UserPoolId"], ids["UserPoolClientId"]),
            key_command=_text(values, KEY_COMMAND, where) if KEY_COMMAND in values else None,
            config={f"{key[0].lower()}{key[1:]}": value for key, value in (urls | ids).items()},
        )


def _stack(path: Path) -> tuple[str, Mapping[object, object]]:
    """The name and the outputs of the file's only stack with an API."""
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise OutputsError(f"{path}: can't be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise OutputsError(f"{path}: not JSON: give the file that cdk deploy --outputs-file wrote") from error
    stacks = content.items() if isinstance(content, dict) else ()
    ours = [(name, values) for name, values in stacks if isinstance(values, dict) and "GraphqlEndpoint" in values]
    match ours:
        case [one]:
            return one
        case []:
            raise OutputsError(
                f"{path}: no stack has the output GraphqlEndpoint: "
                "give the file that cdk deploy --outputs-file wrote for ScopeSmith"
            )
    names = ", ".join(name for name, _ in ours)
    raise OutputsError(f"{path}: there are several stacks ({names}): deploy each with an --outputs-file of its own")


def _text(values: Mapping[object, object], key: str, where: str) -> str:
    match values.get(key):
        case str(value) if value.strip():
            return value
        case None:
            raise OutputsError(f"{where}: the output {key} is missing: deploy the stack again, with --outputs-file")
        case value:
            raise OutputsError(f"{where}: the output {key} is {value!r}, but must be a string")


def _url(values: Mapping[object, object], key: str, scheme: str, where: str) -> str:
    value = _text(values, key, where)
    if not re.fullmatch(rf"{scheme}://[\w.-]+(:\d+)?(/\S*)?", value, re.ASCII):
        raise OutputsError(f"{where}: the output {key} is {value!r}, but must be a URL ({scheme.replace('?', '')}…)")
    return value
