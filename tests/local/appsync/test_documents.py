"""A document is read once for all who send it, and beside everything else that the server does."""

import asyncio

import pytest
from graphql import build_schema

from local.appsync.documents import Documents
from local.appsync.errors import RejectedError

COSTLY = "{" + "a(b:1) " * 250 + "}"
"""Under 2,000 characters, and a hundred milliseconds' work: its fields are compared each with each."""


@pytest.fixture
def documents() -> Documents:
    return Documents(build_schema("type Query { a(b: Int): String }"))


async def test_a_valid_document_is_read_once(documents: Documents) -> None:
    first, problems = await documents.read("{ a }")
    again, _ = await documents.read("{ a }")

    assert problems == []
    assert again is first


async def test_an_invalid_document_tells_each_time_what_is_wrong(documents: Documents) -> None:
    for _ in range(2):
        _, [problem] = await documents.read("{ b }")
        assert "'b'" in problem.message


@pytest.mark.parametrize("text", ["", "{", "{" + "a{" * 400, "{" + " a" * 15_000 + "}"])
async def test_what_is_no_document_is_rejected(documents: Documents, text: str) -> None:
    with pytest.raises(RejectedError):
        await documents.read(text)


async def test_only_few_and_short_documents_are_kept(documents: Documents) -> None:
    first, _ = await documents.read("{ a }")
    long, _ = await documents.read("{ a }" + " " * 5_000)
    for number in range(100):
        await documents.read(f"{{ a{number}: a }}")

    assert (await documents.read("{ a }"))[0] is not first
    assert (await documents.read("{ a }" + " " * 5_000))[0] is not long


async def test_a_document_that_takes_long_to_validate_holds_nothing_up(documents: Documents) -> None:
    costly, others = asyncio.ensure_future(documents.read(COSTLY)), 0
    while not costly.done():
        await asyncio.sleep(0)
        others += 1

    assert (await costly)[1] == []
    assert others > 3
