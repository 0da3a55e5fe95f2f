"""What some tests need besides Python packages: Chromium, npm packages, and once a network.

Where it is absent they are skipped, with the command that brings it; where SCOPESMITH_TEST_ALL says that all is there,
as CI does, they fail.
"""

import os
from typing import NoReturn

import pytest


def absent(reason: str) -> NoReturn:
    """Skip the test, or fail it."""
    if os.environ.get("SCOPESMITH_TEST_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)
