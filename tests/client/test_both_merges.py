"""Python's merge and the page's give the same updates: random hearings go through both."""

import json
import subprocess
from collections.abc import Iterator

import pytest
from checkout import ROOT
from clients.merge_cases import Hearing, Outcome, outcomes
from clients.node_programs import NODE
from hypothesis import given, settings
from hypothesis import strategies as st

from client.words import STATUSES

LINES = ROOT / "tests" / "web_modules" / "merge_lines.mjs"
# The modules are a browser's: no package.json says so to node.
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"

SEQUENCES = st.integers(1, 8)
STATES = st.fixed_dictionaries(
    {"revision": st.integers(0, 5), "lastSequence": st.integers(0, 8)},
    optional={"status": st.sampled_from([*STATUSES, "A_NEWER_SERVERS_WORD"]), "cancelRequested": st.booleans()},
)
HEARINGS = st.lists(
    st.fixed_dictionaries({}, optional={"state": STATES, "events": st.lists(SEQUENCES, max_size=6)}), max_size=20
)


@pytest.fixture(scope="module")
def node() -> Iterator["subprocess.Popen[str]"]:
    """A process that merges each line that it is sent."""
    command = [str(NODE), QUIET, str(LINES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - a program of ours
        yield process
        process.kill()


def outcomes_in_node(node: "subprocess.Popen[str]", hearings: list[Hearing]) -> list[Outcome]:
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(json.dumps(hearings) + "\n")
    node.stdin.flush()
    answer: list[Outcome] = json.loads(node.stdout.readline())
    return answer


@settings(deadline=None, max_examples=300)  # the first example waits for node to start
@given(hearings=HEARINGS)
def test_both_merges_make_the_same_of_whatever_they_hear(
    node: "subprocess.Popen[str]", hearings: list[Hearing]
) -> None:
    assert outcomes_in_node(node, hearings) == outcomes(hearings)
