"""The kinds of agent: what each one adds to the template, and what it lets the worker do."""

import pytest
from stack_template import Template, synthesized

from cdk.agent import bedrock as bedrock_agent
from local import environment
from local.environment import Addresses, Credentials, Scripted
from worker.agents.choice import BedrockAgent, chosen
from worker.agents.converse.stream import Model
from worker.settings import Settings
from worker.tools.declarations import TOOLS

WORKSPACES = "{Buckets/Artifacts}/sessions/*"
TEMPLATES = "{Buckets/Templates}/*"
OF_THIS_STACK = "arn:{AWS::Partition}:bedrock:{AWS::Region}:{AWS::AccountId}"

RUNS_TOOLS = {
    "s3:GetObject": [WORKSPACES, TEMPLATES],
    "s3:PutObject": [WORKSPACES],
    "s3:ListBucket": ["{Buckets/Artifacts}", "{Buckets/Templates}"],
}
"""What a function that runs the tools may do with objects."""


@pytest.fixture(scope="module")
def bedrock() -> Template:
    return synthesized(agent="bedrock")


@pytest.fixture(scope="module")
def existing() -> Template:
    return synthesized(agent="existing", agentId="AGENT12345", agentAliasId="ALIAS12345")


@pytest.fixture(scope="module")
def guarded() -> Template:
    """A model of the region itself, behind a guardrail."""
    return synthesized(agentModel="amazon.nova-pro-v1:0", guardrailId="a1b2c3d4", guardrailVersion="3")


def rights(template: Template, construct: str, service: str) -> dict[str, list[str]]:
    """What a function may do with one service."""
    return {action: to for action, to in template.rights(construct).items() if action.startswith(f"{service}:")}


def worker_variables(template: Template) -> dict[str, str]:
    """The worker's environment variables as text."""
    variables = template.one("Lambda::Function", "Worker/Function").properties["Environment"]["Variables"]
    return {name: template.text(value) for name, value in variables.items()}


def worker_settings(template: Template) -> Settings:
    """The worker's settings, as it reads them when it is deployed."""
    return Settings.of({**worker_variables(template), "AWS_REGION": "us-east-1"})


# A model through Converse


def test_a_model_of_the_region_is_the_only_one_that_the_worker_may_call(guarded: Template) -> None:
    """No inference profile, no other region, no other model; and the one guardrail."""
    model = ["arn:{AWS::Partition}:bedrock:{AWS::Region}::foundation-model/amazon.nova-pro-v1:0"]
    assert rights(guarded, "Worker", "bedrock") == {
        "bedrock:InvokeModel": model,
        "bedrock:InvokeModelWithResponseStream": model,
        "bedrock:ApplyGuardrail": [f"{OF_THIS_STACK}:guardrail/a1b2c3d4"],
    }


def test_the_worker_finds_its_model_and_its_guardrail(guarded: Template) -> None:
    assert chosen(worker_settings(guarded)) == Model("amazon.nova-pro-v1:0", "a1b2c3d4", "3")


@pytest.mark.slow
def test_a_global_profile_routes_to_its_model_in_any_region_and_only_through_the_profile() -> None:
    template = synthesized(agentModel="global.anthropic.claude-sonnet-4-6")
    through, model = (one for one in template.statements("Worker") if "bedrock:InvokeModel" in one["Action"])
    assert template.text(through["Resource"]) == f"{OF_THIS_STACK}:inference-profile/global.anthropic.claude-sonnet-4-6"
    assert template.text(model["Resource"]).endswith(":bedrock:*::foundation-model/anthropic.claude-sonnet-4-6")
    assert model["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": through["Resource"]}}


# The model that reads the notes


def test_by_default_the_agents_model_reads_the_notes(guarded: Template) -> None:
    assert "ANALYSIS_MODEL_ID" not in worker_variables(guarded)
    assert worker_settings(guarded).analysis_model_id == "amazon.nova-pro-v1:0"


@pytest.mark.slow
def test_another_model_reads_the_notes_and_the_worker_may_call_both() -> None:
    template = synthesized(agentModel="amazon.nova-pro-v1:0", analysisModel="amazon.nova-lite-v1:0")
    assert worker_settings(template).analysis_model_id == "amazon.nova-lite-v1:0"
    model = "arn:{AWS::Partition}:bedrock:{AWS::Region}::foundation-model/amazon.nova-"
    assert set(rights(template, "Worker", "bedrock")["bedrock:InvokeModel"]) == {
        f"{model}{one}-v1:0" for one in ("pro", "lite")
    }


@pytest.mark.slow
def test_rules_read_the_notes_where_no_model_is_wanted() -> None:
    assert worker_settings(synthesized(analysisModel="none")).analysis_model_id == ""


def test_rules_read_the_notes_for_a_bedrock_agent_unless_a_model_is_named(existing: Template) -> None:
    assert worker_settings(existing).analysis_model_id == ""


@pytest.mark.slow
def test_the_tools_function_of_a_bedrock_agent_has_a_named_model_read_the_notes() -> None:
    """It gets the right and the time; the worker gets neither."""
    template = synthesized(agent="bedrock", analysisModel="eu.amazon.nova-lite-v1:0")
    tools = template.one("Lambda::Function", "Tools/Function").properties
    assert tools["Environment"]["Variables"]["ANALYSIS_MODEL_ID"] == "eu.amazon.nova-lite-v1:0"
    assert tools["Timeout"] == 300
    assert rights(template, "Tools", "bedrock").keys() == {
        "bedrock:InvokeModel",
        "bedrock:InvokeModelWithResponseStream",
    }
    assert rights(template, "Worker", "bedrock").keys() == {"bedrock:InvokeAgent"}
    assert "ANALYSIS_MODEL_ID" not in worker_variables(template)


# An agent that the stack creates


def test_an_agent_of_the_stack_has_the_five_tools_as_they_are_declared(bedrock: Template) -> None:
    """One action group each, all answered by one function."""
    groups = bedrock.one("Bedrock::Agent").properties["ActionGroups"]
    assert {
        group["ActionGroupName"]: [(one["Name"], one["Description"]) for one in group["FunctionSchema"]["Functions"]]
        for group in groups
    } == {tool.value: [(one.function, one.description)] for tool, one in TOOLS.items()}
    assert {bedrock.text(group["ActionGroupExecutor"]["Lambda"]) for group in groups} == {"{Tools/Function}"}
    assert max(len(group["Description"]) for group in groups) <= 200  # Bedrock takes no more


def test_the_worker_runs_the_alias_of_this_very_agent(bedrock: Template) -> None:
    """The agent is prepared before its alias moves to it."""
    assert bedrock.one("Bedrock::Agent").properties["AutoPrepare"] is True
    alias = bedrock.one("Bedrock::AgentAlias")
    assert chosen(worker_settings(bedrock)) == BedrockAgent("{Agent/Agent}", "{" + alias.path + "}")
    assert alias.properties["AgentId"] == bedrock.arn("Bedrock::Agent", attribute="AgentId")


def test_a_changed_agent_keeps_its_alias_which_moves_to_a_new_version(
    bedrock: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that started before the deployment goes on with the alias that it knows, and may still call it."""
    monkeypatch.setattr(bedrock_agent, "INSTRUCTION", "Prepare proposals, and be quick about it, please.")
    before, after = (one.one("Bedrock::AgentAlias") for one in (bedrock, synthesized(agent="bedrock")))
    assert after.logical_id == before.logical_id
    old, new = dict(before.properties), dict(after.properties)
    assert old.pop("Description") != new.pop("Description")  # what is updated gets a new version
    assert old == new
    assert "RoutingConfiguration" not in new  # or it would stay with the version that this names


def test_an_agents_tool_can_be_removed_or_renamed(bedrock: Template) -> None:
    """Bedrock deletes the group of an agent in use only if it is told to."""
    groups = bedrock.one("Bedrock::Agent").properties["ActionGroups"]
    assert all(group["SkipResourceInUseCheckOnDelete"] is True for group in groups)


def test_the_worker_of_an_agent_with_a_tools_function_writes_only_the_assessment(bedrock: Template) -> None:
    """It reads what the tools wrote, calls no model, and has no use for the templates."""
    assert rights(bedrock, "Worker", "s3") == {
        "s3:GetObject": [WORKSPACES],
        "s3:PutObject": ["{Buckets/Artifacts}/sessions/*/assessment.json"],
        "s3:ListBucket": ["{Buckets/Artifacts}"],
    }
    alias = "{" + bedrock.one("Bedrock::AgentAlias").path + "}"
    assert rights(bedrock, "Worker", "bedrock") == {"bedrock:InvokeAgent": [alias]}
    assert "TEMPLATES_BUCKET_NAME" not in worker_variables(bedrock)


def test_the_tools_function_may_use_workspaces_and_read_templates(bedrock: Template) -> None:
    """It neither publishes nor calls Bedrock."""
    services = {action.partition(":")[0] for action in bedrock.rights("Tools")}
    assert services == {"logs", "xray", "s3"}
    assert rights(bedrock, "Tools", "s3") == RUNS_TOOLS


def test_the_tools_function_is_that_of_the_local_stack(bedrock: Template) -> None:
    """The same variables as with the scripted agent that speaks this protocol."""
    there = environment.function_environments(Addresses("a", "b", "c"), Credentials("a", "b"), Scripted.BEDROCK)
    here = bedrock.one("Lambda::Function", "Tools/Function").properties
    assert (here["Handler"], here["Timeout"], here["MemorySize"]) == ("worker.tools.handler.handler", 120, 1024)
    ours = {key for key in there[environment.TOOLS] if not key.startswith(("AWS_", "POWERTOOLS_"))}
    assert ours <= set(here["Environment"]["Variables"])


def test_only_the_agent_of_this_account_calls_the_tools(bedrock: Template) -> None:
    """Bedrock's right to invoke names the agent and the account."""
    (permission,) = (
        one.properties for one in bedrock.all("Lambda::Permission") if "bedrock" in str(one.properties["Principal"])
    )
    assert bedrock.text(permission["FunctionName"]) == "{Tools/Function}"
    assert bedrock.text(permission["SourceArn"]) == "{Agent/Agent}"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_the_agent_may_use_one_model_through_one_inference_profile(bedrock: Template) -> None:
    """In the regions that Bedrock chooses, if it comes through the profile; and only Bedrock acts as the agent."""
    profile, model = bedrock.statements("Agent")
    assert "bedrock:GetInferenceProfile" in profile["Action"]
    assert bedrock.text(profile["Resource"]).endswith(":inference-profile/us.anthropic.claude-sonnet-4-6")
    assert bedrock.text(model["Resource"]).endswith(":bedrock:*::foundation-model/anthropic.claude-sonnet-4-6")
    assert model["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": profile["Resource"]}}
    (trust,) = bedrock.one("IAM::Role", "Agent").properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


# An agent that the account has


def test_an_existing_agent_adds_no_agent_and_no_tools_function(existing: Template) -> None:
    assert existing.all("Bedrock::Agent") == []
    assert "Tools/Function" not in {one.path for one in existing.all("Lambda::Function")}
    assert chosen(worker_settings(existing)) == BedrockAgent("AGENT12345", "ALIAS12345")


def test_the_worker_may_run_the_tools_for_an_existing_agent_that_returns_control(existing: Template) -> None:
    """It may invoke that one alias, call no model, and use workspaces and templates as the tools do."""
    alias = f"{OF_THIS_STACK}:agent-alias/AGENT12345/ALIAS12345"
    assert rights(existing, "Worker", "bedrock") == {"bedrock:InvokeAgent": [alias]}
    assert rights(existing, "Worker", "s3") == RUNS_TOOLS
    assert worker_variables(existing)["TEMPLATES_BUCKET_NAME"] == "{Buckets/Templates}"
