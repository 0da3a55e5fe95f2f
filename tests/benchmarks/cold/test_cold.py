"""A cold start counts when it answered as it should: a refusal is an answer too, and a quick one."""

import asyncio
import os

import programs
import pytest
from patience import PATIENCE

from local.isolation import base_environment
from tests.benchmarks import processes
from tests.benchmarks.cold.starts import FLOOR, Start, cold, starts


def test_a_start_that_answers_wrongly_is_no_figure() -> None:
    """Any callable of two arguments can be a handler; this one answers that the event is not the context."""
    wrong = Start("a handler", "operator.is_", {}, ('"status": "PENDING"',))
    with pytest.raises(RuntimeError, match='a handler: not "status": "PENDING" in the answer false'):
        cold(wrong, base_environment(os.environ))


def test_a_start_that_answers_as_expected_has_figures() -> None:
    right = Start("a handler", "operator.is_", {}, ("false",))
    figures = cold(right, base_environment(os.environ))
    assert min(figures.wall, figures.cpu, figures.peak) > 0


def test_every_start_has_an_answer_to_expect() -> None:
    assert all(start.says and all(start.says) for start in [FLOOR, *starts()])


def test_a_process_that_fails_tells_what_it_wrote() -> None:
    with pytest.raises(RuntimeError, match="No module named 'nowhere'"):
        processes.run("cold.process", base_environment(os.environ), "nowhere.handler", "{}")


async def test_a_process_ends_with_its_parent() -> None:
    """Its standard input ends then: the endpoint, which would serve for ever, is gone."""
    endpoint = programs.started(
        *processes.command("endpoint"), variables=base_environment(os.environ), stdin=asyncio.subprocess.PIPE
    )
    async with endpoint as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert int(await process.stdout.readline()) > 0
        process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await process.wait()
