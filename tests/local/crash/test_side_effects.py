"""The worker's process is killed at every side effect, and Lambda's retry finishes what it left."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from patience import PATIENCE
from stacks.lightning import OUTPUTS, Lightning, Place, stormy
from stacks.plain_client import PlainClient

from local.environment import Scripted
from schema.statuses import SessionStatus, Tool
from worker.run import TURN_LOST
from worker.tools.workspace import ASSESSMENT, CONVERSATION, PRESENTATION, PROFILE, PROPOSAL, PROPOSAL_PAGE

pytestmark = pytest.mark.asyncio(loop_scope="module")

BESIDE = (PROFILE, PROPOSAL_PAGE)
"""What a tool writes beside its output."""

RECORDS = len(Tool) - 1
"""How often the API's record of the proposal is written: after each tool but TemplateRetriever."""


PLACES_OF_BOTH = (
    *(Place("publish", nth, forwarded) for nth in range(1, 10) for forwarded in (False, True)),
    *(Place(f"write {name}", 1, forwarded) for name in (ASSESSMENT, *OUTPUTS, *BESIDE) for forwarded in (False, True)),
    *(Place(f"start to make {name}", 1, forwarded=False) for name in (*OUTPUTS, PROPOSAL_PAGE)),
    *(Place(f"write {PROPOSAL}", nth, forwarded) for nth in range(1, RECORDS + 1) for forwarded in (False, True)),
    *(Place(f"start to make {PROPOSAL}", nth, forwarded=False) for nth in range(1, RECORDS + 1)),
    *(Place("look for what is finished", nth, forwarded=False) for nth in range(1, len(Tool) + 2 + RECORDS)),
)

TURNS = len(Tool) + 1
SAVES = 1 + 2 * len(Tool) + 1
"""At the start, after each tool's call and answer, and after the last words."""

PLACES = {
    Scripted.CONVERSE: (
        *PLACES_OF_BOTH,
        *(Place("invoke the agent", nth, forwarded) for nth in range(1, TURNS + 1) for forwarded in (False, True)),
        *(Place(f"write {CONVERSATION}", nth, forwarded) for nth in range(1, SAVES + 1) for forwarded in (False, True)),
    ),
    Scripted.BEDROCK: (
        *PLACES_OF_BOTH,
        *(Place("invoke the agent", 1, forwarded) for forwarded in (False, True)),
    ),
}


@dataclass
class Site:
    """A running stack with the agent of one service, the weather over it, and a client."""

    agent: Scripted
    lightning: Lightning
    client: PlainClient

    async def work(self, place: Place | None) -> tuple[str, Mapping[str, Any]]:
        """Submit an assessment whose worker meets this place; its id, and the session once it has ended."""
        name = f"Client of {place}"
        self.lightning.expect(name, place)
        session_id = await self.client.submit(name)
        async with asyncio.timeout(PATIENCE):
            await self.lightning.ended[session_id].wait()
        return session_id, await self.client.end(session_id)


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.thorough)],
)
async def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with (
        stormy(request.param, tmp_path_factory.mktemp("crash") / "functions.log") as (stack, lightning),
        aiohttp.ClientSession() as http,
    ):
        yield Site(request.param, lightning, PlainClient(stack, http))


async def check(site: Site, place: Place) -> None:
    """One worker killed at one place: everything that the retry must keep to."""
    session_id, session = await site.work(place)
    observed = site.lightning.sessions[session_id]
    assert observed.killed == 1, f"{place} was never met"
    assert (session["status"], session["progress"], session["errorMessage"]) == ("COMPLETED", 100, None), place
    assert session["results"]["powerpointUrl"]
    assert session["results"]["sowUrl"]

    log = await site.client.log(session_id)
    assert [event["sequence"] for event in log] == list(range(1, session["lastSequence"] + 1)), place
    assert log[-1]["type"] == "FINAL_RESPONSE"
    if site.agent is Scripted.CONVERSE:  # its conversation is resumed; that of a Bedrock agent begins again
        told = Counter(event["type"] for event in log)
        assert (told["TOOL_CALL"], told["TOOL_RESPONSE"], told["FINAL_RESPONSE"]) == (len(Tool), len(Tool), 1), place
        assert all(event["text"] == TURN_LOST for event in log if event["type"] == "WARNING"), place

    updates = [observed.updates[revision] for revision in sorted(observed.updates)]
    assert [one["revision"] for one in updates] == list(range(1, session["revision"] + 1)), place
    for name in ("progress", "lastSequence"):
        assert [one[name] for one in updates] == sorted(one[name] for one in updates), place
    ranks = [SessionStatus(one["status"]).rank for one in updates]
    assert ranks == sorted(ranks), place
    sent = [event["sequence"] for one in updates for event in one["events"]]
    assert sent == list(range(1, session["lastSequence"] + 1)), place

    for name in OUTPUTS:
        assert observed.met[f"write {name}", True] == 1, (place, name)


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", [Place("publish", 5, forwarded=True), Place(f"write {PRESENTATION}", 1, forwarded=False)], ids=str
)
async def test_a_killed_workers_retry_finishes_the_session(site: Site, place: Place) -> None:
    """The retry resumes: sequences go on, progress never falls, no finished tool runs twice, documents come once."""
    await check(site, place)


async def check_all(site: Site, places: Iterable[Place]) -> None:
    at_once = asyncio.Semaphore(3)

    async def one(place: Place) -> None:
        async with at_once:
            await check(site, place)

    async with asyncio.TaskGroup() as runs:
        for place in places:
            runs.create_task(one(place))


def ends(places: Sequence[Place]) -> Iterator[Place]:
    """The first and the last place of each kind."""
    for (_, forwarded), found in groupby(sorted(places, key=_kind), key=_kind):
        numbered = sorted(found, key=lambda place: place.nth)
        yield numbered[0]
        if len(numbered) > 1 and forwarded:
            yield numbered[-1]


def _kind(place: Place) -> tuple[str, bool]:
    return place.kind, place.forwarded


@pytest.mark.thorough
async def test_a_worker_may_die_at_every_kind_of_side_effect(site: Site) -> None:
    """Whatever dies, each assessment is COMPLETED exactly once: one run for the first and the last of each kind."""
    await check_all(site, ends(PLACES[site.agent]))


@pytest.mark.thorough
async def test_a_worker_may_die_at_every_side_effect(site: Site) -> None:
    """The same at whatever point: one run for each place."""
    await check_all(site, PLACES[site.agent])


@pytest.mark.slow
async def test_the_places_are_all_there_are(site: Site) -> None:
    """The crash test misses no side effect: an undisturbed run meets the places and no other."""
    session_id, session = await site.work(None)
    assert session["status"] == "COMPLETED"
    met = site.lightning.sessions[session_id].met
    known = Counter(place.kind for place in PLACES[site.agent] if not place.forwarded)
    found = {kind: count for (kind, forwarded), count in met.items() if not forwarded}
    # Events that come more than a second apart, as on a slow machine, are published apart.
    assert found.pop("publish") >= known.pop("publish")
    assert found == known
