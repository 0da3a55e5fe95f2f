"""Whether the account may call the models of the settings. `cdk.account.checks` calls `check`.

Bedrock answers without a call to a model, so this costs nothing.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from cdk.account.finding import Finding, failed, looked_up, ok, warning
from cdk.agent import inference_profiles
from cdk.settings import Settings

if TYPE_CHECKING:
    from types_boto3_bedrock import BedrockClient

_ANTHROPIC = "anthropic."
_FORM = "Anthropic's form"

FIRST_CALL = (
    "let an administrator call it once, who may subscribe in AWS Marketplace: `aws bedrock-runtime converse --model-id"
    """ {model} --messages '[{{"role": "user", "content": [{{"text": "Hello"}}]}}]'`"""
)


def check(bedrock: "BedrockClient", settings: Settings) -> Iterator[Finding]:
    """What Bedrock says of each model, and of the form that Anthropic requires."""
    for model in settings.models:
        about = f"model {model}"
        yield looked_up(about, partial(access, bedrock, about, model))
    if any(inference_profiles.split(model)[1].startswith(_ANTHROPIC) for model in settings.models):
        yield looked_up(_FORM, partial(form, bedrock))


def access(bedrock: "BedrockClient", about: str, model: str) -> Finding:
    """Whether the account may call a model, or the model of an inference profile."""
    geography, within = inference_profiles.split(model)
    unknown = (bedrock.exceptions.ResourceNotFoundException, bedrock.exceptions.ValidationException)
    kind = "inference profile" if geography else "model"
    try:
        if geography:
            bedrock.get_inference_profile(inferenceProfileIdentifier=model)
        found = bedrock.get_foundation_model_availability(modelId=within)
    except unknown:
        return failed(about, f"this region has no such {kind}: `aws bedrock {_LISTS[kind]}` lists those that there are")
    if not geography and found["regionAvailability"] != "AVAILABLE":  # a profile may route to other regions
        return failed(about, f"this region does not have it: `aws bedrock {_LISTS[kind]}` lists those that there are")
    if found["authorizationStatus"] != "AUTHORIZED":
        return failed(about, "the account is not authorized for it: ask who manages your organization's policies")
    agreement = found["agreementAvailability"]
    if agreement["status"] == "PENDING":
        return warning(about, "Bedrock is still enabling it for this account: check again in 15 minutes")
    if agreement["status"] != "AVAILABLE" or found["entitlementAvailability"] != "AVAILABLE":
        reason = agreement.get("errorMessage", "nobody has called it yet")
        return failed(about, f"it is not enabled in this account ({reason}): {FIRST_CALL.format(model=model)}")
    return ok(about, "the account may call it")


_LISTS = {"model": "list-foundation-models", "inference profile": "list-inference-profiles"}


def form(bedrock: "BedrockClient") -> Finding:
    """Whether somebody has told Anthropic what its models are used for."""
    try:
        bedrock.get_use_case_for_model_access()
    except bedrock.exceptions.ResourceNotFoundException:
        return failed(_FORM, "nobody has filled it in: open a Claude model in Bedrock's model catalog, and send it")
    return ok(_FORM, "it has been filled in")
