"""The client's words are the schema's: those that it reads from its copy, and those that it must name itself."""

from dataclasses import MISSING, fields

import pytest

from client import words
from client.command.submission import GIVEN_BY
from client.errors import ClientError, UnavailableError, from_graphql
from client.session import Submission
from schema import limits, statuses
from schema.assessment import FIELDS
from schema.refusals import ErrorType
from schema.statuses import SessionStatus


def test_it_knows_every_status_and_which_of_them_end_a_session() -> None:
    assert tuple(SessionStatus) == words.STATUSES
    assert words.ENDED == statuses.ENDED
    assert {words.PENDING, words.COMPLETED, words.CANCELLED} < set(words.STATUSES)


def test_it_asks_for_the_largest_pages() -> None:
    assert words.EVENT_PAGE_SIZE in limits.EVENT_PAGE_SIZE
    assert words.EVENT_PAGE_SIZE + 1 not in limits.EVENT_PAGE_SIZE
    assert words.SESSION_PAGE_SIZE in limits.SESSION_PAGE_SIZE
    assert words.SESSION_PAGE_SIZE + 1 not in limits.SESSION_PAGE_SIZE


def test_a_submission_has_the_fields_of_an_assessment_and_the_command_line_names_each() -> None:
    wanted = {field.name: field.required for field in FIELDS}
    assert {field.name: field.default is MISSING for field in fields(Submission)} == wanted
    assert GIVEN_BY.keys() == {field.api_name for field in FIELDS}


@pytest.mark.parametrize("error_type", [kind for kind in ErrorType if kind is not ErrorType.INTERNAL])
def test_each_of_the_apis_own_errors_has_a_class(error_type: str) -> None:
    """An error type that the client doesn't know counts as one that passes, and would be tried again."""
    error = from_graphql([{"errorType": error_type, "message": "because"}], "asking")
    assert type(error) not in {ClientError, UnavailableError}
