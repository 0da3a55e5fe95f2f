"""The IAM statements that allow one model and no other: a model of this region, or an inference profile that routes to
the same model in several regions.
"""

from collections.abc import Iterator

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from cdk.agent import inference_profiles

_INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


def model_access(stack: Stack, model: str) -> Iterator[iam.PolicyStatement]:
    """The statements for the id of a model or of an inference profile."""
    geography, within = inference_profiles.split(model)
    if not geography:
        yield iam.PolicyStatement(actions=_INVOKE, resources=[_model(stack, stack.region, model)])
        return
    profile = profile_arn(stack, model)
    yield iam.PolicyStatement(actions=_INVOKE, resources=[profile])
    # Bedrock chooses the region, and checks the right to the model there as well.
    yield iam.PolicyStatement(
        actions=_INVOKE,
        resources=[_model(stack, "*", within)],  # "*" also matches the empty region of global profiles
        conditions={"StringEquals": {"bedrock:InferenceProfileArn": profile}},
    )


def profile_arn(stack: Stack, profile: str) -> str:
    return stack.format_arn(service="bedrock", resource="inference-profile", resource_name=profile)


def _model(stack: Stack, region: str, model: str) -> str:
    return stack.format_arn(
        service="bedrock", region=region, account="", resource="foundation-model", resource_name=model
    )
