"""The Converse service that a module's tests share: each writes its own answers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from converse_service import ConverseService

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[ConverseService, "BedrockRuntimeClient"]]:
    """The service, and a client that does not try again by itself."""
    with ConverseService() as service:
        yield service, service.client(read_timeout=10)


@pytest.fixture
def service(served: tuple[ConverseService, "BedrockRuntimeClient"]) -> ConverseService:
    """The service, which has no answers yet and was asked nothing."""
    service, _ = served
    service.answers.clear()
    service.requests.clear()
    return service


@pytest.fixture
def client(served: tuple[ConverseService, "BedrockRuntimeClient"]) -> "BedrockRuntimeClient":
    _, client = served
    return client
