"""`scopesmith profile check`: every fault with its path, and an exit code that a script can go by."""

import json
from pathlib import Path
from typing import Any

import checkout
import pytest

from client.command.cli import main
from client.command.profile_check import faults

CASES = json.loads((checkout.ROOT / "tests" / "data" / "profile_faults.json").read_text(encoding="utf-8"))
FAULTY = b'{"locale": "xx", "design": {"primary": "#fff"}, "colour": 1}'


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_each_fault_is_named_with_its_path(case: dict[str, Any]) -> None:
    found = list(faults(json.dumps(case["profile"]).encode()))
    assert len(found) == len(case["faults"])
    for path in case["faults"]:
        assert any(fault.startswith((f"{path}:", f"{path} ")) for fault in found), found


def test_every_fault_is_printed_and_the_exit_code_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "profile.json"
    file.write_bytes(FAULTY)
    assert main(["profile", "check", str(file)]) == 1
    out = capsys.readouterr().out
    assert "colour is not known" in out
    assert "locale: 'xx' is none of the" in out
    assert "design.primary: '#fff' does not match" in out
    assert "3 faults" in out.replace("\n", " ")


def test_a_sound_profile_needs_no_api_and_exits_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "profile.json"
    file.write_text('\ufeff{"supplier": {"name": "Nordlicht GmbH"}}', encoding="utf-8")
    assert main(["profile", "check", str(file)]) == 0
    assert "is sound" in capsys.readouterr().out.replace("\n", " ")


def test_a_file_that_is_not_there_is_an_argument_to_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "check", str(tmp_path / "none.json")]) == 2
    assert "can't read" in capsys.readouterr().err


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe\x00"])
def test_what_is_not_json_is_one_fault(body: bytes) -> None:
    assert [fault[:23] for fault in faults(body)] == ["the profile is not JSON"]


def test_the_commands_help_lists_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "check a supplier's profile" in capsys.readouterr().out
