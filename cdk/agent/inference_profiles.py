"""The geographies of Bedrock's inference profiles, and the regions from which each can be used.

The table follows Bedrock's model cards of November 2026. It lists a geography's widest profile; the profile of a single
model may be usable from fewer regions. `cdk.contradictions` uses the table to refuse a model that can't work in a
region, and `cdk.agent.model_access` to recognize a profile's id.
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
"""The first part of a profile's id, and the prefixes of the regions that can use it. A model's own id begins with the
model's provider instead.
"""


def split(model: str) -> tuple[str, str]:
    """The geography and the model that a profile's id names; the geography is empty for a model's own id."""
    geography, _, rest = model.partition(".")
    return (geography, rest) if geography in USED_FROM else ("", model)


def geographies_of(region: str) -> list[str]:
    """The geographies whose profiles can be used from a region."""
    return [geography for geography, regions in USED_FROM.items() if region.startswith(regions)]
