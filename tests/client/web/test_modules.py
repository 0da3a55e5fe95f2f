"""The modules of the page that need no page, in node: with fake sockets and fake time, and on the whole local stack."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from checkout import ROOT
from clients.node_programs import node

from local.stack import StackSettings, running

MODULES = ROOT / "tests" / "web_modules"
# The modules are a browser's: no package.json says so to node.
QUIET = "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"


@pytest.mark.parametrize("file", sorted(MODULES.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
async def test_a_module_does_what_its_tests_say(file: Path) -> None:
    """Merging, the real-time protocol, the stream, sign-in and the calls: each behaviour is named in its file."""
    report = await node(QUIET, "--test", "--test-reporter=tap", file)
    counts = dict(line.removeprefix("# ").split(" ", 1) for line in report.splitlines() if line.startswith("# "))
    assert int(counts["pass"]) > 0
    assert counts["fail"] == counts["cancelled"] == counts["skipped"] == "0"


@pytest.mark.slow
async def test_the_modules_follow_an_assessment_to_its_end_with_the_key_and_as_a_user(tmp_path: Path) -> None:
    """On the real stack every event arrives once, in order, and both documents can be downloaded."""
    async with running(StackSettings(pace=0.2, encode_pushed_json_twice=True, log=tmp_path / "functions.log")) as stack:
        origin = stack.endpoint.removesuffix("graphql")
        account = stack.users.accounts[0]
        callers: list[dict[str, str]] = [
            {"apiKey": stack.api_key},
            {"username": account.username, "password": account.password},
        ]
        runs = [
            node(QUIET, MODULES / "follow_live.mjs", json.dumps({"origin": origin, **caller})) for caller in callers
        ]
        by_key, by_user = [json.loads(output) for output in await asyncio.gather(*runs)]
    completed(by_key)
    completed(by_user)
    assert by_key["id"] not in by_user["listed"]


def completed(told: dict[str, Any]) -> None:
    assert told["statuses"][0] == "PENDING"
    assert told["statuses"][-1] == "COMPLETED"
    assert told["sequences"] == list(range(1, told["lastSequence"] + 1))
    assert told["progress"] == 100
    assert told["connections"][0] == "live"
    assert told["requirements"] == "object"
    assert told["pages"] == ["PK", "PK"]
    assert told["listed"] == [told["id"]]
    assert told["again"] == "Conflict"
    assert told["unknown"] == "NotFound"
