"""What a deployment makes of the printed SDL."""

import re

import schema.sdl
from cdk.sdl import RootField, root_fields, without_api_key

SDL = schema.sdl.SDL.read_text(encoding="utf-8")


def test_every_root_field_has_a_resolver_the_subscription_too() -> None:
    """They are read from the SDL, so that a new field can't be forgotten."""
    assert root_fields(SDL) == [
        RootField("Mutation", "submitAssessment"),
        RootField("Mutation", "cancelSession"),
        RootField("Mutation", "retrySession"),
        RootField("Mutation", "reviewSession"),
        RootField("Mutation", "deleteSession"),
        RootField("Mutation", "publishProgress"),
        RootField("Mutation", "announceProgress"),
        RootField("Query", "session"),
        RootField("Query", "sessions"),
        RootField("Query", "events"),
        RootField("Query", "proposal"),
        RootField("Subscription", "onProgress"),
    ]


def test_without_a_key_its_directives_go_and_nothing_else() -> None:
    """What the other modes may do is untouched, word for word."""
    assert "@aws_api_key" in SDL
    assert without_api_key(SDL) == SDL.replace(" @aws_api_key", "")


def test_nothing_is_left_without_a_directive_that_had_the_keys_beside_others() -> None:
    """A type without a directive has only the default mode, so subscribers in other modes would get nothing."""
    for line in without_api_key(SDL).splitlines():
        if re.match(r"type \w+ ", line) and not line.startswith(("type Query", "type Mutation", "type Subscription")):
            assert "@aws_cognito_user_pools" in line
