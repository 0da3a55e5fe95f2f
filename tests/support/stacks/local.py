"""A local stack that the tests of one module share: starting one costs seconds."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from local.stack import LocalStack, StackSettings, running


def module_stack(settings: StackSettings, needs: Callable[[], object] = lambda: None) -> Callable[..., object]:
    """Make a fixture for a module, which assigns it to the name `stack`.

    `needs` is called first; it skips the tests when something is not installed.
    """

    @pytest_asyncio.fixture(scope="module", loop_scope="module")
    async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LocalStack]:
        needs()
        log = tmp_path_factory.mktemp("stack") / "functions.log"
        async with running(replace(settings, log=log)) as started:
            yield started

    return stack
