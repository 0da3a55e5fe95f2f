"""The functions' log: a file that the server chose is gone after a clean stop, and there when somebody must read it."""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest

from local.lambdas.function_log import opened


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_gone_after_a_clean_stop(temporary: Path) -> None:
    with opened(None, verbose=False) as log:
        os.write(log.output, b"a line\n")
        assert list(temporary.iterdir()) == [log.path]
    with pytest.raises(asyncio.CancelledError), opened(None, verbose=False):
        raise asyncio.CancelledError
    assert list(temporary.iterdir()) == []


def test_it_stays_after_an_error_or_when_it_is_to_be_kept(temporary: Path) -> None:
    with pytest.raises(LookupError), opened(None, verbose=False):
        raise LookupError
    [failed] = temporary.iterdir()
    with opened(None, verbose=False) as kept:
        kept.keep()
    assert set(temporary.iterdir()) == {failed, kept.path}


def test_a_chosen_file_stays_and_grows(tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n"):
        with opened(tmp_path / "log", verbose=False) as log:
            os.write(log.output, line)
    assert (tmp_path / "log").read_bytes() == b"one\ntwo\n"


def test_a_verbose_server_writes_to_standard_error(temporary: Path) -> None:
    with opened(None, verbose=True) as log:
        assert (log.output, log.path) == (2, None)
    assert list(temporary.iterdir()) == []
