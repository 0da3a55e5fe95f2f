"""Saves a completed session's documents, whole or not at all.

A presigned link expires with the credentials that signed it, so each attempt reads the session again for new links. A
file gets its name once its last byte is written, and an older file of that name stays until then.
"""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import aiohttp
import stamina
from yarl import URL

from client.errors import ClientError, UnavailableError, translated
from client.session import Results, Session, State

_CHUNK_BYTES = 64 * 1024
_NAME_LENGTH = 60
_ATTEMPTS = 4
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)


ReadState = Callable[[str], Awaitable[State]]
"""`client.api.Api.read_state`."""


class UnwritableError(ClientError):
    """The folder or a file in it can't be written."""


class MissingDocumentError(ClientError):
    """The session is completed, but the API has no link to one of its documents."""


@dataclass(frozen=True)
class _Document:
    title: str
    file_name: str
    url: Callable[[Results], str | None]


DOCUMENTS = (
    _Document("presentation", "presentation.pptx", lambda results: results.powerpoint_url),
    _Document("statement of work", "statement-of-work.docx", lambda results: results.sow_url),
)


def prepare(folder: Path) -> None:
    """Make `folder` if it does not exist, and raise `UnwritableError` if it can't be written to."""
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".scopesmith.{os.getpid()}.part"
        probe.touch()
        probe.unlink()


async def save_documents(read_state: ReadState, session: Session, folder: Path) -> tuple[Path, ...]:
    """Save both documents of a completed session in `folder`, and return their paths.

    Their names are made from the client's and the project's name. Existing documents of these names are replaced.
    """
    prepare(folder)
    prefix = _file_name_of(session.client_name, session.project_name)
    saved = []
    async with aiohttp.ClientSession(timeout=_TIMEOUT, raise_for_status=False) as http:
        for document in DOCUMENTS:
            path = folder / f"{prefix}{document.file_name}"
            async for attempt in stamina.retry_context(on=UnavailableError, attempts=_ATTEMPTS, timeout=None):
                with attempt:
                    state = await read_state(session.id)
                    await _save(http, _link(state, document), path, f"downloading the {document.title}")
            saved.append(path)
    return tuple(saved)


def _link(state: State, document: _Document) -> str:
    link = document.url(state.results)
    if link is None:
        raise MissingDocumentError(f"the session is {state.status}, but the API has no link to its {document.title}")
    return link


async def _save(http: aiohttp.ClientSession, link: str, path: Path, action: str) -> None:
    with translated(action):
        # Send the link unchanged: if it were encoded again, its signature would be wrong.
        async with http.get(URL(link, encoded=True)) as response:
            if response.status != HTTPStatus.OK:
                raise UnavailableError(f"{action}: the store answered {response.status} {response.reason}")
            with _replaced(path) as file:
                async for chunk in _chunks(response):
                    file.write(chunk)


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        yield chunk


@contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with _writing(path), part.open("wb") as file:
            yield file
        with _writing(path):
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except aiohttp.ClientError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableError(f"can't write to {path}: {reason}; name another folder with --out") from error


def _file_name_of(*names: str | None) -> str:
    """`Müller & Söhne`, `Portal 2` → `müller-söhne-portal-2-`: letters and digits of any script, and hyphens."""
    words = re.findall(r"[^\W_]+", " ".join(name for name in names if name).lower())
    name = "-".join(words)[:_NAME_LENGTH].strip("-")
    return f"{name}-" if name else ""
