"""What X-Ray is told of an invocation: a datagram to a real socket, as the daemon reads it."""

import pytest
from fakes import xray_daemon
from fakes.xray_daemon import PARENT, ROOT

from schema import xray

SESSION = "3f0e2f61-8c1c-4d0c-9a57-9b0c1f5f2a10"


def test_a_sampled_invocation_is_annotated_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """The subsegment belongs to the segment that Lambda makes, and takes no time of its own."""
    with xray_daemon.listening(monkeypatch) as daemon:
        xray.annotate(SESSION)
        header, told = daemon.next()
    assert header == {"format": "json", "version": 1}
    assert (told["type"], told["trace_id"], told["parent_id"]) == ("subsegment", ROOT, PARENT)
    assert told["annotations"] == {"session_id": SESSION}
    assert told["start_time"] == told["end_time"]
    assert len(told["id"]) == 16


@pytest.mark.parametrize("trace", ["", f"Root={ROOT};Parent={PARENT};Sampled=0", f"Root={ROOT};Sampled=1", "nonsense"])
def test_an_invocation_that_is_not_sampled_sends_nothing(trace: str) -> None:
    assert xray.subsegment(trace, SESSION, 1.0, "0" * 16) is None


@pytest.mark.parametrize("address", ["", "127.0.0.1:9"])
def test_without_a_daemon_nothing_happens(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one machine there is none, and one that does not answer delays nobody."""
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={ROOT};Parent={PARENT};Sampled=1")
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    xray.annotate(SESSION)
