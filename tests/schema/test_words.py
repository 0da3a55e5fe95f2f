"""The printed words: what clients read is what the schema says, in both places where it is printed."""

import json
from pathlib import Path

import pytest

from schema import sdl
from schema.statuses import SessionStatus, Tool


def test_the_clients_copy_is_the_schemas() -> None:
    assert sdl.CLIENT_WORDS.read_text(encoding="utf-8") == sdl.WORDS.read_text(encoding="utf-8")


@pytest.mark.parametrize("which", ["WORDS", "CLIENT_WORDS"])
def test_stale_words_fail_the_check_and_are_named(
    which: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "words.json"
    copy.write_text("{}\n", encoding="utf-8")
    monkeypatch.setattr(sdl, which, copy)
    assert sdl.main(["--check"]) == 1
    assert f"{tmp_path.name}/words.json is stale" in capsys.readouterr().err


def test_statuses_and_tools_are_in_their_order() -> None:
    words = json.loads(sdl.WORDS.read_text(encoding="utf-8"))
    assert [(status["name"], status["rank"]) for status in words["statuses"]] == [
        (status.value, status.rank) for status in SessionStatus
    ]
    assert [status["name"] for status in words["statuses"] if status["ends"]] == [
        "COMPLETED",
        "ERROR",
        "CONFIGURATION_ERROR",
        "CANCELLED",
    ]
    assert [tool["name"] for tool in words["tools"]] == [tool.value for tool in Tool]
