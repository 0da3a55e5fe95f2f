"""The geographies of Bedrock's inference profiles: from which regions each may be used.

Facts alone, as Bedrock's model cards have them in November 2026: a geography's widest profile counts, for a model's own
may be used from fewer regions. `cdk.settings` refuses by it what can't work, `cdk.agent.model_access` tells a profile
by it.
"""

from collections.abc import Mapping

ANYWHERE = "global"

USED_FROM: Mapping[str, tuple[str, ...]] = {
    ANYWHERE: ("",),
    "us": ("us-east-", "us-west-", "ca-"),
    "us-gov": ("us-gov-",),
    "ca": ("ca-",),
    "eu": ("eu-", "il-"),
    "apac": ("ap-", "me-"),
    "au": ("ap-southeast-2", "ap-southeast-4", "ap-southeast-6"),
    "jp": ("ap-northeast-1", "ap-northeast-3"),
}
"""What the id of a profile begins with, and what the names of its regions begin with. A model's id begins with its
maker.
"""


def split(model: str) -> tuple[str, str]:
    """A profile's geography and its model; no geography for a model's own id."""
    geography, _, rest = model.partition(".")
    return (geography, rest) if geography in USED_FROM else ("", model)


def geographies_of(region: str) -> list[str]:
    """Whose profiles may be used from a region."""
    return [geography for geography, regions in USED_FROM.items() if region.startswith(regions)]
