"""The words for a requirement that the API, the resolvers and the worker share: its kind, size and priority."""

from enum import StrEnum


class RequirementKind(StrEnum):
    """What a requirement is: something to build, something that limits it, or something left open."""

    FUNCTIONAL = "FUNCTIONAL"
    NON_FUNCTIONAL = "NON_FUNCTIONAL"
    INTEGRATION = "INTEGRATION"
    CONSTRAINT = "CONSTRAINT"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    OPEN_QUESTION = "OPEN_QUESTION"


class RequirementSize(StrEnum):
    """How much work a requirement is."""

    S = "S"
    M = "M"
    L = "L"
    XL = "XL"


class RequirementPriority(StrEnum):
    """How much the client needs a requirement."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    COULD = "COULD"
