"""Keeps asynchronous events in files until they are done, as Lambda's own queue survives what happens to a function.

`local.lambdas.host` writes an event before it accepts it, and removes it after the last try. The events of a server
that was stopped or killed are left for the next one. Without a folder nothing is kept.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Event:
    """An event that a function was not done with."""

    function: str
    request_id: str
    payload: bytes


@dataclass(frozen=True)
class Events:
    """The files of one server, one for each event."""

    folder: Path | None = None

    def keep(self, event: Event) -> None:
        if self.folder is not None:
            self.folder.mkdir(exist_ok=True)
            content = {"function": event.function, "payload": event.payload.decode()}
            unfinished = self._file(self.folder, event.request_id).with_suffix(".new")
            unfinished.write_text(json.dumps(content), encoding="utf-8")
            unfinished.rename(self._file(self.folder, event.request_id))

    def remove(self, request_id: str) -> None:
        if self.folder is not None:
            self._file(self.folder, request_id).unlink(missing_ok=True)

    def left(self) -> Iterator[Event]:
        """The events that are not done, oldest first."""
        files = self.folder.glob("*.json") if self.folder is not None else ()
        for file in sorted(files, key=lambda path: path.stat().st_mtime_ns):
            content = json.loads(file.read_text(encoding="utf-8"))
            yield Event(content["function"], file.stem, content["payload"].encode())

    @staticmethod
    def _file(folder: Path, request_id: str) -> Path:
        return folder / f"{request_id}.json"


NOWHERE = Events()
"""Keeps nothing."""
