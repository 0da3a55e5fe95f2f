"""Which settings the local functions get: tables from a developer's environment to the functions' variables."""

import re

import pytest
from checkout import ROOT

from local.environment import (
    FAILURE,
    RESOLVERS,
    TOOLS,
    WORKER,
    Addresses,
    Credentials,
    DeployedAgent,
    RealModel,
    Scripted,
    SettingsError,
    deployed_agent,
    function_environments,
    named_model,
    random_api_key,
)
from local.isolation import base_environment

ADDRESSES = Addresses("http://127.0.0.1:1/graphql", "http://127.0.0.1:2", "http://127.0.0.1:3")
LOCAL = Credentials("LOCALID", "local secret")

DEPLOYED = {
    "BEDROCK_AGENT_ID": "AGENT12345",
    "BEDROCK_AGENT_ALIAS_ID": "TSTALIASID",
    "ARTIFACTS_BUCKET_NAME": "the-deployed-bucket",
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "real secret",
    "AWS_SESSION_TOKEN": "real token",
}
AGENT = DeployedAgent(
    "AGENT12345",
    "TSTALIASID",
    "the-deployed-bucket",
    "eu-central-1",
    Credentials("AKIAEXAMPLE", "real secret", "real token"),
)


GENEROUS = {
    "ACTIVE_SESSIONS": "1000",
    "SUBMITS_PER_DAY": "1000000",
    "API_KEY_ACTIVE_SESSIONS": "1000",
    "API_KEY_SUBMITS_PER_DAY": "1000000",
}
"""Nobody who works with the local stack meets the limits of an owner."""

CONVERSE = {
    RESOLVERS: {
        "AWS_ACCESS_KEY_ID": "LOCALID",
        "AWS_SECRET_ACCESS_KEY": "local secret",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:3",
        "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:2",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:3",
        "ARTIFACTS_BUCKET_NAME": "scopesmith-artifacts",
        **GENEROUS,
        "SESSIONS_TABLE_NAME": "scopesmith-sessions",
        "WORKER_FUNCTION_NAME": "scopesmith-worker",
        "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
    },
    WORKER: {
        "AWS_ACCESS_KEY_ID": "LOCALID",
        "AWS_SECRET_ACCESS_KEY": "local secret",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": "http://127.0.0.1:2",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:3",
        "ARTIFACTS_BUCKET_NAME": "scopesmith-artifacts",
        "TEMPLATES_BUCKET_NAME": "scopesmith-templates",
        "AGENT_MODEL_ID": "scopesmith.scripted-v1",
        "ANALYSIS_MODEL_ID": "",
        "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
    },
    FAILURE: {
        "AWS_ACCESS_KEY_ID": "LOCALID",
        "AWS_SECRET_ACCESS_KEY": "local secret",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
    },
}


def test_the_scripted_model_needs_no_setting_and_no_function_for_its_tools() -> None:
    assert function_environments(ADDRESSES, LOCAL, Scripted.CONVERSE) == CONVERSE


@pytest.mark.parametrize("endpoint", ["", "https://vpce-1.bedrock-runtime.eu-west-3.vpce.amazonaws.com"])
def test_a_real_model_is_called_with_credentials_that_only_the_worker_has(endpoint: str) -> None:
    model = RealModel("eu.a-model", "eu-west-3", Credentials("AKIAEXAMPLE", "real secret", "real token"), endpoint)
    expected = {name: dict(variables) for name, variables in CONVERSE.items()}
    del expected[WORKER]["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
    del expected[WORKER]["ANALYSIS_MODEL_ID"]  # by default it is the agent's
    expected[WORKER] |= {
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "real secret",
        "AWS_SESSION_TOKEN": "real token",
        "AGENT_MODEL_ID": "eu.a-model",
    } | ({"AWS_ENDPOINT_URL_BEDROCK_RUNTIME": endpoint} if endpoint else {})
    assert function_environments(ADDRESSES, LOCAL, model) == expected


@pytest.mark.parametrize(
    ("environ", "asked", "named"),
    [
        ({}, None, None),
        ({}, "a", "a"),
        ({"AGENT_MODEL_ID": "b"}, None, "b"),
        ({"AGENT_MODEL_ID": "b"}, "a", "a"),
        ({"AGENT_MODEL_ID": "PLACEHOLDER_MODEL"}, None, None),
        ({"AGENT_MODEL_ID": "b", "BEDROCK_AGENT_ID": "PLACEHOLDER_AGENT_ID"}, None, "b"),
    ],
)
def test_the_command_line_names_the_model_before_the_environment_does(
    environ: dict[str, str], asked: str | None, named: str | None
) -> None:
    assert named_model(environ, asked) == named


@pytest.mark.parametrize(
    ("environ", "asked", "first"), [({}, "a.model", "--model"), ({"AGENT_MODEL_ID": "a.model"}, None, "AGENT_MODEL_ID")]
)
def test_a_model_and_a_deployed_agent_at_once_are_refused(
    environ: dict[str, str], asked: str | None, first: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{first} names the model a.model and BEDROCK_AGENT_ID .* AGENT12345"):
        named_model(DEPLOYED | environ, asked)


def test_the_scripted_bedrock_agent_needs_no_setting_at_all() -> None:
    assert function_environments(ADDRESSES, LOCAL, Scripted.BEDROCK) == {
        RESOLVERS: CONVERSE[RESOLVERS],  # they know nothing of the agent
        WORKER: {
            "AWS_ACCESS_KEY_ID": "LOCALID",
            "AWS_SECRET_ACCESS_KEY": "local secret",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME": "http://127.0.0.1:2",
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:3",
            "ARTIFACTS_BUCKET_NAME": "scopesmith-artifacts",
            "BEDROCK_AGENT_ALIAS_ID": "LOCALALIAS",
            "BEDROCK_AGENT_ID": "LOCALAGENT",
            "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
        },
        FAILURE: {
            "AWS_ACCESS_KEY_ID": "LOCALID",
            "AWS_SECRET_ACCESS_KEY": "local secret",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
        },
        TOOLS: {
            "AWS_ACCESS_KEY_ID": "LOCALID",
            "AWS_SECRET_ACCESS_KEY": "local secret",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:3",
            "ARTIFACTS_BUCKET_NAME": "scopesmith-artifacts",
            "TEMPLATES_BUCKET_NAME": "scopesmith-templates",
        },
    }


def test_a_deployed_agent_is_reached_in_the_cloud_with_the_bucket_and_the_credentials_of_the_cloud() -> None:
    credentials = {
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "real secret",
        "AWS_SESSION_TOKEN": "real token",
    }
    assert function_environments(ADDRESSES, AGENT.credentials, AGENT) == {
        RESOLVERS: credentials
        | {
            "POWERTOOLS_TRACE_DISABLED": "true",
            "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:3",
            "AWS_ENDPOINT_URL_LAMBDA": "http://127.0.0.1:2",
            "ARTIFACTS_BUCKET_NAME": "the-deployed-bucket",
            **GENEROUS,
            "SESSIONS_TABLE_NAME": "scopesmith-sessions",
            "WORKER_FUNCTION_NAME": "scopesmith-worker",
            "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
        },
        WORKER: credentials
        | {
            "POWERTOOLS_TRACE_DISABLED": "true",
            "ARTIFACTS_BUCKET_NAME": "the-deployed-bucket",
            "BEDROCK_AGENT_ALIAS_ID": "TSTALIASID",
            "BEDROCK_AGENT_ID": "AGENT12345",
            "GRAPHQL_URL": "http://127.0.0.1:1/graphql",
        },
        FAILURE: credentials | {"POWERTOOLS_TRACE_DISABLED": "true", "GRAPHQL_URL": "http://127.0.0.1:1/graphql"},
    }


def test_the_environment_of_a_deployed_agent_is_read() -> None:
    assert deployed_agent(DEPLOYED) == AGENT


def test_either_name_of_the_region_will_do() -> None:
    other = {"AWS_DEFAULT_REGION" if name == "AWS_REGION" else name: value for name, value in DEPLOYED.items()}
    assert deployed_agent(other) == AGENT


@pytest.mark.parametrize("agent_id", [None, "", "PLACEHOLDER_AGENT_ID"])
def test_without_an_agents_id_there_is_no_deployed_agent_whatever_else_is_set(agent_id: str | None) -> None:
    environ = {name: value for name, value in DEPLOYED.items() if name != "BEDROCK_AGENT_ID"}
    assert deployed_agent(environ | ({} if agent_id is None else {"BEDROCK_AGENT_ID": agent_id})) is None


@pytest.mark.parametrize(
    "name",
    [
        "BEDROCK_AGENT_ALIAS_ID",
        "ARTIFACTS_BUCKET_NAME",
        "AWS_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ],
)
@pytest.mark.parametrize("value", ["", "PLACEHOLDER_VALUE"])
def test_what_a_deployed_agent_lacks_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        deployed_agent(DEPLOYED | {name: value})
    named = set(re.findall(r"\b(?:AWS|BEDROCK|ARTIFACTS)_[A-Z_]+\b", str(raised.value)))
    assert named == {name, "BEDROCK_AGENT_ID"}


def test_a_child_inherits_nothing_but_what_python_needs() -> None:
    developers = {"PATH": "/bin", "AWS_PROFILE": "mine", "HTTPS_PROXY": "http://proxy", "HOME": "/home/me"}
    environment = base_environment(developers)
    assert environment["PATH"] == "/bin"
    assert environment["PYTHONPATH"] == str(ROOT)
    assert not {"mine", "http://proxy", "/home/me"} & set(environment.values())


def test_secrets_are_random_and_stay_out_of_logs() -> None:
    assert re.fullmatch(r"da2-[a-z0-9]{26}", random_api_key())
    assert random_api_key() != random_api_key()
    credentials = Credentials.random()
    assert credentials != Credentials.random()
    assert credentials.secret_access_key not in repr(credentials)
