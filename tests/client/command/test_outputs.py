"""A deployed stack's outputs: what a client reads from them, and the error for a file that it can't use."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from client.cognito import Pool
from client.command.arguments import parse
from client.command.outputs import Outputs, OutputsError
from client.endpoint import ApiKey, Token
from client.sign_in import Login
from local import arguments as local_arguments

URL = "http://127.0.0.1:8000/graphql"
STACK = {
    "GraphqlEndpoint": "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql",
    "RealtimeEndpoint": "wss://abc.appsync-realtime-api.eu-west-1.amazonaws.com/graphql",
    "Region": "eu-west-1",
    "UserPoolId": "eu-west-1_AbCdEf",
    "UserPoolClientId": "client-1",
    "UserPoolEndpoint": "https://cognito-idp.eu-west-1.amazonaws.com/",
    "SessionsTableName": "sessions",
}
POOL = Pool("https://cognito-idp.eu-west-1.amazonaws.com/", "eu-west-1_AbCdEf", "client-1")


def written(folder: Path, content: object) -> Path:
    path = folder / "outputs.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_they_say_where_the_api_and_its_users_are(tmp_path: Path) -> None:
    outputs = Outputs.read(written(tmp_path, {"ScopeSmith": STACK, "Network": {"VpcId": "vpc-1"}}))
    assert outputs.endpoint.url == STACK["GraphqlEndpoint"]
    assert outputs.endpoint.realtime_url == STACK["RealtimeEndpoint"]
    assert outputs.endpoint.host == "abc.appsync-api.eu-west-1.amazonaws.com"
    assert (outputs.pool, outputs.key_command) == (POOL, None)


def test_the_real_time_address_is_the_stacks_own_whatever_the_endpoints_host(tmp_path: Path) -> None:
    own = {"GraphqlEndpoint": "https://api.example.com/graphql", "RealtimeEndpoint": "wss://live.example.com/graphql"}
    outputs = Outputs.read(written(tmp_path, {"ScopeSmith": STACK | own}))
    assert outputs.endpoint.realtime_url == "wss://live.example.com/graphql"


def test_they_say_how_to_read_the_key_and_the_pages_configuration_does_not(tmp_path: Path) -> None:
    outputs = Outputs.read(written(tmp_path, {"ScopeSmith": STACK | {"ApiKeyCommand": "aws appsync"}}))
    assert outputs.key_command == "aws appsync"
    assert outputs.config == {
        "graphqlEndpoint": STACK["GraphqlEndpoint"],
        "realtimeEndpoint": STACK["RealtimeEndpoint"],
        "region": "eu-west-1",
        "userPoolId": "eu-west-1_AbCdEf",
        "userPoolClientId": "client-1",
        "userPoolEndpoint": STACK["UserPoolEndpoint"],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Outputs:\nScopeSmith.Region = eu-west-1", "not JSON: give the file that cdk deploy --outputs-file wrote"),
        ("[" * 100_000, "not JSON"),
        ([STACK], "no stack has the output GraphqlEndpoint"),
        ({}, "no stack has the output GraphqlEndpoint"),
        (STACK, "no stack has the output GraphqlEndpoint"),
        ({"One": STACK, "Two": STACK}, "there are several stacks (One, Two): deploy each with an --outputs-file"),
        (
            {"One": {key: value for key, value in STACK.items() if key != "UserPoolClientId"}},
            "One: the output UserPoolClientId is missing: deploy the stack again",
        ),
        ({"One": STACK | {"Region": 7}}, "One: the output Region is 7, but must be a string"),
        ({"One": STACK | {"ApiKeyCommand": ""}}, "One: the output ApiKeyCommand is '', but must be a string"),
        ({"One": STACK | {"GraphqlEndpoint": "https://abc.example.com/api"}}, "its path must end in /graphql"),
        ({"One": STACK | {"RealtimeEndpoint": URL}}, "the output RealtimeEndpoint is 'http://127.0.0.1:8000/graphql'"),
        ({"One": STACK | {"UserPoolEndpoint": "https://x; script-src *"}}, "the output UserPoolEndpoint is"),
    ],
)
def test_a_file_that_is_of_no_use_is_named_with_what_to_do(tmp_path: Path, content: object, message: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(OutputsError) as raised:
        Outputs.read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert message in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputsError, match=r"none\.json: can't be read: No such file"):
        Outputs.read(tmp_path / "none.json")


# The command line


@pytest.mark.parametrize(
    ("words", "environment", "credentials"),
    [
        (("--user", "ada"), {}, Login("ada", "", POOL)),
        ((), {"SCOPESMITH_USER": "ada", "SCOPESMITH_PASSWORD": "secret"}, Login("ada", "secret", POOL)),
        (("--token", "e.y.j"), {}, Token("e.y.j")),
        (("--api-key", "da2-x"), {}, ApiKey("da2-x")),
        ((), {"SCOPESMITH_API_KEY": "da2-env"}, ApiKey("da2-env")),
        (
            ("--user", "ada", "--user-pool-client-id", "other", "--user-pool-id", "us-east-1_Other"),
            {},
            Login("ada", "", Pool.on_aws("us-east-1_Other", "other")),
        ),
    ],
)
def test_the_credentials_are_those_that_are_given_with_the_outputs(
    tmp_path: Path, words: tuple[str, ...], environment: Mapping[str, str], credentials: object
) -> None:
    path = written(tmp_path, {"ScopeSmith": STACK})
    asked = parse(["list", "--outputs", str(path), *words], environment)
    assert asked.credentials == credentials
    assert (asked.endpoint.url, asked.outputs) == (STACK["GraphqlEndpoint"], path)


def test_a_key_that_is_not_given_is_asked_for_with_the_command_that_reads_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, {"ScopeSmith": STACK | {"ApiKeyCommand": "aws appsync list-api-keys"}})
    with pytest.raises(SystemExit):
        parse(["list", "--outputs", str(path)], {})
    assert "--api-key is missing: give it (read it with: aws appsync list-api-keys), or" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "environment", "endpoint"),
    [
        ((), {"SCOPESMITH_OUTPUTS": "FILE"}, STACK["GraphqlEndpoint"]),
        (("--outputs", "FILE"), {"SCOPESMITH_ENDPOINT": URL}, STACK["GraphqlEndpoint"]),
        (("--endpoint", URL), {"SCOPESMITH_OUTPUTS": "FILE"}, URL),
    ],
)
def test_an_option_says_where_the_api_is_before_the_environment(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], endpoint: str
) -> None:
    file = str(written(tmp_path, {"ScopeSmith": STACK}))
    given = [word.replace("FILE", file) for word in words]
    variables = {name: value.replace("FILE", file) for name, value in environment.items()}
    assert parse(["list", *given, "--token", "e.y.j"], variables).endpoint.url == endpoint


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        (("--outputs", "o", "--endpoint", URL), {}, "--outputs and --endpoint exclude each other"),
        (
            (),
            {"SCOPESMITH_OUTPUTS": "o", "SCOPESMITH_ENDPOINT": URL},
            "SCOPESMITH_OUTPUTS and SCOPESMITH_ENDPOINT exclude each other",
        ),
        (("--outputs", "none.json"), {}, "none.json: can't be read: No such file or directory"),
    ],
)
def test_what_contradicts_or_is_not_there_ends_with_exit_code_2(
    words: tuple[str, ...], environment: Mapping[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["list", "--api-key", "k", *words], environment)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--outputs", "o", "--pace", "0"], "--pace: goes with a stack on this machine"),
        (["--outputs", "o", "--tls"], "--tls: goes with a stack on this machine"),
        (["demo", "--outputs", "o", "--password", "x"], "--password: goes with a stack on this machine"),
        (["demo", "--outputs", "o", "--port", "0"], "--port: goes with a stack on this machine"),
        (["demo", "--user", "ada"], "--user: goes with demo and --outputs"),
        (["--outputs", "o", "--user", "ada"], "--user: goes with demo and --outputs"),
    ],
)
def test_an_option_of_a_stack_on_this_machine_is_refused_for_a_deployed_one(
    given: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        local_arguments.parse(given)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_the_page_of_a_deployed_stack_may_have_a_port_of_ones_own() -> None:
    asked = local_arguments.parse(["--outputs", "o", "--port", "9000"])
    assert (asked.outputs, asked.port, asked.demo) == (Path("o"), 9000, None)
