"""A session from its notes to a revised proposal by the `scopesmith` command alone, against a local stack."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import figures_in
import pytest
import yaml
from checkout import ROOT
from programs import SCOPESMITH, Ended, ran
from stacks.local import module_stack

from local.lambdas.host import HostSettings
from local.stack import LocalStack, StackSettings

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

NOTES = ROOT / "local" / "sample_notes.md"

stack = module_stack(StackSettings(pace=0.0, lambda_host=HostSettings(dispatch_delay=0)))


@dataclass(frozen=True)
class Shell:
    """Where a person types `scopesmith …`."""

    stack: LocalStack
    folder: Path

    async def type(self, *words: str | Path, **variables: str) -> Ended:
        """What came of a command."""
        known = {"SCOPESMITH_ENDPOINT": self.stack.endpoint, "SCOPESMITH_API_KEY": self.stack.api_key}
        return await ran(*SCOPESMITH, *words, variables=known | variables)

    async def does(self, *words: str | Path, **variables: str) -> Ended:
        """What came of a command that succeeds."""
        ended = await self.type(*words, **variables)
        assert ended.code == 0, ended
        return ended

    async def proposal(self, session_id: str, *more: str) -> Mapping[str, Any]:
        ended = await self.does("proposal", session_id, "--json", *more)
        proposal: Mapping[str, Any] = json.loads(ended.out)
        return proposal

    def deck(self) -> str:
        """The text of the presentation that was saved last."""
        [path] = self.folder.glob("*.pptx")
        return figures_in.of_deck(path.read_bytes())


@pytest.fixture
def shell(stack: LocalStack, tmp_path: Path) -> Shell:
    return Shell(stack, tmp_path / "proposal")


def amount(proposal: Mapping[str, Any]) -> str:
    """The price without its currency, as the documents write it."""
    return f"{proposal['cost_data']['total_cost']:,.2f}".removesuffix(".00")


async def test_a_session_is_reviewed_approved_revised_and_deleted(shell: Shell, tmp_path: Path) -> None:
    out = ("--out", shell.folder)
    submitted = await shell.does("submit", NOTES, "--client-name", "Northwind", "--review", *out)
    assert "version 1 waits for your review" in submitted.out
    assert not list(shell.folder.iterdir())
    found = re.search(r"scopesmith review (\S+)", submitted.err)
    assert found, submitted.err
    session_id = found[1]
    watched = await shell.does("watch", session_id, *out)
    assert "version 1 waits for your review" in watched.out

    # The editor writes the sheet; a person corrects it, and the command sends it with --set.
    sheet = tmp_path / "review.yaml"
    unchanged = await shell.type("review", session_id, *out, EDITOR=f"cp -f --target-directory={tmp_path}")
    assert (unchanged.code, "nothing was changed" in unchanged.err) == (1, True)
    written = tmp_path / "review-v1.yaml"
    content = yaml.safe_load(written.read_text(encoding="utf-8"))
    first = await shell.proposal(session_id)
    resized, removed = [each for each in content["requirements"] if each.get("size") in {"S", "M"}][:2]
    resized["size"] = "XL"
    content["requirements"].remove(removed)
    content["requirements"].append({"kind": "FUNCTIONAL", "text": "Customers export their orders.", "size": "L"})
    sheet.write_text(yaml.safe_dump(content | {"team_size": 3, "discount_percent": 10}), encoding="utf-8")
    priced = await shell.does("review", session_id, "--set", sheet, "--note", "smaller", *out)
    assert "version 2 waits for your review" in priced.out
    second = await shell.proposal(session_id)
    sizes = {each["id"]: each["size"] for each in second["requirements"]}
    assert (sizes[resized["id"]], removed["id"] in sizes) == ("XL", False)
    assert "Customers export their orders." in [each["text"] for each in second["requirements"]]
    assert (second["version"], second["team_size"], second["discount_percent"]) == (2, 3, 10.0)
    assert second["cost_data"] != first["cost_data"]

    approved = await shell.does("review", session_id, "--approve", *out)
    assert "COMPLETED" in approved.out
    assert amount(second) in shell.deck()

    revised = await shell.does("review", session_id, "--discount", "0", "--approve", *out)
    assert "COMPLETED" in revised.out
    third = await shell.proposal(session_id)
    assert (third["version"], third["discount_percent"]) == (3, 0.0)
    assert amount(third) in shell.deck()
    assert amount(second) not in shell.deck()
    earlier = await shell.proposal(session_id, "--version", "2")
    assert (earlier["cost_data"], earlier["requirements"]) == (second["cost_data"], second["requirements"])

    deleted = await shell.does("delete", session_id, "--yes")
    assert f"session {session_id} is deleted" in deleted.out
    for words in (("watch", session_id, *out), ("proposal", session_id), ("delete", session_id, "--yes")):
        again = await shell.type(*words)
        assert again.code == 1, words
        assert "error: " in again.err


async def test_of_two_reviewers_the_second_learns_that_there_is_something_new(shell: Shell, tmp_path: Path) -> None:
    """What they have edited is kept in a file, and sent again with --set it counts."""
    submitted = await shell.does("submit", NOTES, "--client-name", "Meridian", "--review", "--out", shell.folder)
    found = re.search(r"scopesmith review (\S+)", submitted.err)
    assert found, submitted.err
    session_id = found[1]
    # While the editor of one is open, the other's review comes and is priced.
    other = " ".join(map(str, (*SCOPESMITH, "review", session_id, "--team-size", "2", "--out", shell.folder)))
    editor = tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\n{other} >/dev/null || exit 1\nsed -i "s/size: M/size: L/" "$1"\n', encoding="utf-8")
    editor.chmod(0o700)
    refused = await shell.type("review", session_id, "--out", shell.folder, EDITOR=str(editor))
    assert refused.code == 1
    kept = re.search(r"your changes are kept: scopesmith review \S+ --set (\S+)", refused.err)
    assert kept, refused.err
    sent = await shell.does("review", session_id, "--set", kept[1], "--out", shell.folder)
    assert "version 3 waits for your review" in sent.out
    newest = await shell.proposal(session_id)
    assert newest["team_size"] == 2
    assert "M" not in {each["size"] for each in newest["requirements"]}
