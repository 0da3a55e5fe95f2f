"""Keeps DynamoDB's items and S3's objects in a file, so that they outlive the server that holds them in memory.

Each write request changes the file before it is answered, so a process that is killed has lost nothing that a caller
knows of. The file is SQLite's, without a sync for each write: it survives the process, but not a power failure.
`local.aws.server` calls this module, in its own process; `local.stack` claims the folder.
"""

import fcntl
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from local.errors import StartError

_FILE = "scopesmith.sqlite3"
_LOCK = "lock"
_FORMAT = 1
"""The number of the file's format. Raise it when a table changes."""
_BUSY_SECONDS = 10
"""How long to wait for the file: the process of a server that was killed takes a moment to end."""

_TABLES = """
CREATE TABLE IF NOT EXISTS items (
    table_name TEXT, hash TEXT, range TEXT, attributes TEXT NOT NULL, PRIMARY KEY (table_name, hash, range));
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT, name TEXT, body BLOB NOT NULL, headers TEXT NOT NULL, written_at TEXT NOT NULL,
    PRIMARY KEY (bucket, name));
"""


class DataError(StartError):
    """The folder can't be used. The message says why."""


@dataclass(frozen=True)
class ItemKey:
    """An item's table and key."""

    table: str
    hash: str
    range: str


Attributes = Mapping[str, object]
"""An item as DynamoDB's JSON has it."""


@dataclass(frozen=True)
class StoredObject:
    """An object of S3 and what is needed to make it again."""

    bucket: str
    name: str
    body: bytes
    headers: Mapping[str, str]
    """Its content type and metadata, under the names that moto has for them."""
    written_at: datetime


@contextmanager
def claimed(folder: Path | None) -> Iterator[Path | None]:
    """Make the folder if it does not exist, and keep other servers out of it.

    Raises:
        DataError: another server has it, or its file can't be read or written.
    """
    if folder is None:
        yield None
        return
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = stack.enter_context((folder / _LOCK).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            Data(folder).close()
        except BlockingIOError:
            raise DataError(f"--data: another server uses {folder}: stop it, or choose another folder") from None
        except (OSError, sqlite3.Error) as error:
            raise DataError(f"--data: {folder} can't be used: {error}") from error
        yield folder.resolve()


class Data:
    """The file in a folder. Any thread may call it."""

    def __init__(self, folder: Path) -> None:
        self._turn = threading.Lock()
        self._file = sqlite3.connect(
            folder / _FILE, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        [version] = self._file.execute("PRAGMA user_version").fetchone()
        if version not in {0, _FORMAT}:
            raise DataError(f"--data: {folder} was written by another version of this program: choose another folder")
        self._file.executescript(f"{_TABLES} PRAGMA user_version = {_FORMAT};")

    def items(self) -> Iterator[tuple[str, Attributes]]:
        """Every item, after its table's name."""
        for table, attributes in self._file.execute("SELECT table_name, attributes FROM items"):
            yield table, json.loads(attributes)

    def objects(self) -> Iterator[StoredObject]:
        rows = self._file.execute("SELECT bucket, name, body, headers, written_at FROM objects")
        for bucket, name, body, headers, written_at in rows:
            yield StoredObject(bucket, name, body, json.loads(headers), datetime.fromisoformat(written_at))

    def keep_items(self, items: Mapping[ItemKey, Attributes | None]) -> None:
        """Store what these keys have now, all at once; None for a key without an item."""
        with self._transaction():
            for key, attributes in items.items():
                place = (key.table, key.hash, key.range)
                if attributes is None:
                    self._file.execute("DELETE FROM items WHERE (table_name, hash, range) = (?, ?, ?)", place)
                else:
                    values = (*place, json.dumps(attributes))
                    self._file.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", values)

    def keep_objects(self, written: Iterable[StoredObject], removed: Iterable[tuple[str, str]]) -> None:
        """Store these objects, and remove those of these buckets and names, all at once."""
        with self._transaction():
            self._file.executemany("DELETE FROM objects WHERE (bucket, name) = (?, ?)", removed)
            for one in written:
                values = (one.bucket, one.name, one.body, json.dumps(dict(one.headers)), one.written_at.isoformat())
                self._file.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)", values)

    def close(self) -> None:
        self._file.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._turn:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")
