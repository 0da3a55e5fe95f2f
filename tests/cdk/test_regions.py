"""A second stack of the same name in another region of the account: nothing of it collides with the first."""

from collections.abc import Iterator
from typing import Any

import pytest
from stack_template import Resource, Template, synthesized

ACROSS_REGIONS = {
    "AWS::Budgets::Budget": "BudgetName",
    "AWS::CloudFront::CachePolicy": "Name",
    "AWS::CloudFront::Function": "Name",
    "AWS::CloudFront::OriginAccessControl": "Name",
    "AWS::CloudFront::OriginRequestPolicy": "Name",
    "AWS::CloudFront::ResponseHeadersPolicy": "Name",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::S3::Bucket": "BucketName",
}
"""The resources whose names all regions of an account share, each with the property of its name."""


@pytest.fixture(scope="module")
def template() -> Template:
    """With all that a deployment may have, and the longest name."""
    return synthesized(stackName="A" * 40, web=True, apiKey=True, alarmEmail="ada@example.com")


def names(resource: Resource) -> Iterator[Any]:
    """The names that the template itself gives a resource."""
    key = ACROSS_REGIONS[resource.type]
    for properties in (resource.properties, *resource.properties.values()):
        if isinstance(properties, dict) and key in properties:
            yield properties[key]


@pytest.mark.slow
def test_a_name_that_all_regions_share_says_which_region_it_is_of(template: Template) -> None:
    """The other ones are CloudFormation's own, which never collide."""
    named = {
        one.path: [template.text(name) for name in names(one)]
        for one in template.resources
        if one.type in ACROSS_REGIONS and list(names(one))
    }
    assert {"Web/Access", "Web/Headers", "Monitoring/Dashboard"} <= set(named)
    for path, given in named.items():
        assert all("{AWS::Region}" in name for name in given), (path, given)


@pytest.mark.slow
def test_the_longest_name_of_a_stack_leaves_room_for_a_region(template: Template) -> None:
    """CloudFront allows 64 characters for the name of an access control."""
    access = template.one("CloudFront::OriginAccessControl").properties["OriginAccessControlConfig"]
    assert len(template.text(access["Name"]).replace("{AWS::Region}", "ap-southeast-99")) <= 64


@pytest.mark.slow
def test_the_template_is_the_same_for_every_region(template: Template) -> None:
    """It names no region and no account, so that one assembly can be deployed to several."""
    assert "us-east-1" not in str(template.body)
