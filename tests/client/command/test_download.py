"""The documents: saved whole under a name that can be read, or not at all."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina
from aiohttp import web
from fakes.http import served

from client.command.download import MissingDocumentError, UnwritableError, prepare, save_documents
from client.errors import UnavailableError
from client.session import Results, Session, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STATE = State("s-1", "COMPLETED", None, 100, 9, 0, False, None, Results(), NOON)  # noqa: FBT003 - a record in its order
DECK = bytes(range(256)) * 1000
SIGNATURE = "X-Amz-Signature=a%2Fb%3D&response-content-disposition=attachment%3B%20filename%3D%22d.pptx%22"


@pytest.fixture(autouse=True)
def _without_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


class Store:
    """An S3 that signs links: each state that is read has the next signature, and `answers` says how they work."""

    def __init__(self, *answers: Callable[[], web.StreamResponse]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.reads = 0
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.raw_path)
        return self.answers.pop(0)() if self.answers else web.Response(body=DECK)

    async def read_state(self, session_id: str) -> State:
        assert session_id == "s-1"
        self.reads += 1
        link = f"{self.url}/doc.{self.reads}?{SIGNATURE}"
        return replace(STATE, results=Results(powerpoint_url=link, sow_url=link))


@asynccontextmanager
async def serving(store: Store) -> AsyncIterator[Store]:
    app = web.Application()
    app.router.add_get("/{path:.*}", store.handle)
    async with served(app) as store.url:
        yield store


def session(client: str = "Acme", project: str | None = None) -> Session:
    return Session(STATE, client, project, NOON)


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def test_both_documents_are_saved_with_every_byte_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    async with serving(Store()) as store:
        files = await save_documents(store.read_state, session(), folder)
    assert [file.name for file in files] == ["acme-presentation.pptx", "acme-statement-of-work.docx"]
    assert files_in(folder) == {file.name: DECK for file in files}


async def test_a_signed_link_is_requested_as_it_was_signed(tmp_path: Path) -> None:
    async with serving(Store()) as store:
        await save_documents(store.read_state, session(), tmp_path)
    assert store.asked == [f"/doc.1?{SIGNATURE}", f"/doc.2?{SIGNATURE}"]


async def test_a_link_that_expired_is_read_afresh(tmp_path: Path) -> None:
    async with serving(Store(lambda: web.Response(status=403))) as store:
        await save_documents(store.read_state, session(), tmp_path)
    assert [path.partition("?")[0] for path in store.asked] == ["/doc.1", "/doc.2", "/doc.3"]


def cut_short() -> web.StreamResponse:
    response = web.Response(body=DECK)
    response.headers["Content-Length"] = str(len(DECK) * 2)
    response.force_close()
    return response


async def test_a_download_that_breaks_off_is_repeated_and_never_half_a_file(tmp_path: Path) -> None:
    async with serving(Store(cut_short, cut_short)) as store:
        files = await save_documents(store.read_state, session(), tmp_path)
    assert [file.read_bytes() for file in files] == [DECK, DECK]
    assert store.reads == 4


async def test_the_document_of_before_stays_when_the_new_one_can_not_be_had(tmp_path: Path) -> None:
    (tmp_path / "acme-presentation.pptx").write_bytes(b"before")
    async with serving(Store(*[cut_short] * 4)) as store:
        with pytest.raises(UnavailableError, match="downloading the presentation"):
            await save_documents(store.read_state, session(), tmp_path)
    assert files_in(tmp_path) == {"acme-presentation.pptx": b"before"}


async def test_a_completed_session_without_a_link_is_an_error(tmp_path: Path) -> None:
    async def linkless(_: str) -> State:
        return STATE

    with pytest.raises(MissingDocumentError, match="COMPLETED, but the API has no link to its presentation"):
        await save_documents(linkless, session(), tmp_path)


@pytest.mark.parametrize(
    ("client", "project", "prefix"),
    [
        ("Müller & Söhne GmbH", "Portal 2", "müller-söhne-gmbh-portal-2-"),
        ("../../etc/passwd", None, "etc-passwd-"),
        ("C:\\con", "..", "c-con-"),
        ("株式会社", None, "株式会社-"),
        ("…", "—", ""),
        ("a" * 200, None, "a" * 60 + "-"),
        ("Acme\x1b[2J", None, "acme-2j-"),
    ],
)
async def test_a_name_gives_a_file_name_and_never_a_path(
    tmp_path: Path, client: str, project: str | None, prefix: str
) -> None:
    async with serving(Store()) as store:
        files = await save_documents(store.read_state, session(client, project), tmp_path)
    assert files == (tmp_path / f"{prefix}presentation.pptx", tmp_path / f"{prefix}statement-of-work.docx")


def test_a_folder_that_can_not_be_written_is_named_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableError, match="file/out: Not a directory; name another folder with --out"):
        prepare(tmp_path / "file" / "out")
    with pytest.raises(UnwritableError, match="File exists"):
        prepare(tmp_path / "file")
    prepare(tmp_path / "out")
    assert files_in(tmp_path / "out") == {}
