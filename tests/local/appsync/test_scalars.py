"""AppSync's date scalar: what it accepts. The other scalars are tried where sessions are submitted and read."""

import pytest
from graphql import GraphQLError

from local.appsync.scalars import calendar_date


@pytest.mark.parametrize("text", ["2027-03-01", "2027-03-01Z", "2027-03-01+05:30", "2027-03-01-07:00:30"])
def test_a_date_may_have_an_offset_and_is_kept_as_it_is(text: str) -> None:
    assert calendar_date(text) == text


@pytest.mark.parametrize("value", ["2027-02-30", "2027-3-1", "2027-03-01T10:00:00Z", "٢٠٢٧-03-01", "", 20270301, None])
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(GraphQLError, match="as an AWSDate: expected 2026-11-22"):
        calendar_date(value)
