"""The worker's process is killed at every side effect of a reviewed run: the review is applied once, as one version.

A session can be reviewed again and again, so a few sessions meet all places, one version for each. The places are not
listed here: an undisturbed run shows what there is. Of a kind that comes many times, the first is met; of publishes
and turns of the agent, the last too.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from stacks.lightning import Lightning, Observed, Place, stormy
from stacks.reviewer import Reviewer, Stores, as_input

from local.environment import Scripted
from schema.statuses import SessionStatus
from worker.tools.workspace import (
    CHANGES,
    COSTS,
    CURRENT,
    PRESENTATION,
    REQUIREMENTS,
    STATEMENT_OF_WORK,
    TEMPLATES,
    TERMS,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = 3

OFTEN = ("publish", "invoke the agent")

OF_A_PRICE = {f"write {name}" for name in (REQUIREMENTS, TERMS, CHANGES, CURRENT, COSTS)}
READS = ("start to make", "look for")
"""Kinds that only read: nothing is different once they were answered."""

WITHOUT_LINKS = dict.fromkeys(("powerpointUrl", "sowUrl", "htmlUrl"))
"""Links are signed anew for each reader."""

OF_DOCUMENTS = {f"write {name}" for name in (TEMPLATES, PRESENTATION, STATEMENT_OF_WORK)}


@dataclass
class Reviewed:
    """A session that is reviewed once for each place, and what each review has led to."""

    session_id: str
    versions: dict[int, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A running stack with the agent of one service, the weather over it, and a reviewer."""

    agent: Scripted
    lightning: Lightning
    client: Reviewer
    stores: Stores

    async def priced(self, name: str) -> Reviewed:
        """A session that waits for its review."""
        self.lightning.expect(name, None)
        session_id = await self.client.submit_for_review(name)
        await self.client.at_rest(session_id)
        return Reviewed(session_id, {1: await self.client.proposal(session_id)})

    async def review(self, reviewed: Reviewed, place: Place | None, *, approve: bool) -> Observed:
        """Review the session while its worker meets the place, and check what came of it."""
        session_id, number = reviewed.session_id, max(reviewed.versions) + 1
        before = reviewed.versions[number - 1]
        first, *others = before["requirements"]
        listed = [as_input(first, text=f"What version {number} asks for"), *map(as_input, others)]
        met = self.lightning.meet(session_id, place)
        session = await self.client.review(
            session_id, approve=approve, requirements=listed, teamSize=2 + number % 5, note=f"at {place}"
        )
        if place is not None and place.kind == "publish":
            await asyncio.sleep(1.5)  # a worker that died after its last publish is retried: let that be over as well
        end = ("COMPLETED", 100) if approve else ("AWAITING_REVIEW", 50)
        assert (session["status"], session["progress"], session["errorMessage"]) == (*end, None), place
        assert session["proposalVersion"] == number, place
        assert met.killed == (place is not None), f"{place} was never met"
        after = await self.client.proposal(session_id)
        assert (after["version"], after["teamSize"]) == (number, 2 + number % 5), place
        assert [each["text"] for each in after["requirements"]] == [each["text"] for each in listed], place
        assert [each["id"] for each in after["requirements"]] == [each["id"] for each in before["requirements"]], place
        assert await self.client.proposal(session_id, number + 1) is None
        if approve:
            assert all(f"-v{number}." in after[name] for name in ("powerpointUrl", "sowUrl", "htmlUrl")), place
        await self._check_log(session, reviewed, number, place)
        self._check_updates(met, place)
        reviewed.versions[number] = {**after, **WITHOUT_LINKS}
        return met

    async def _check_log(
        self, session: Mapping[str, Any], reviewed: Reviewed, number: int, place: Place | None
    ) -> None:
        log = await self.client.whole_log(reviewed.session_id)
        assert [event["sequence"] for event in log] == list(range(1, session["lastSequence"] + 1)), place
        told = [event for event in log if event["text"].startswith(f"calculate_costs(version={number},")]
        assert len(told) <= 1, place  # a run that takes over after the price does not tell it
        if place is None:
            assert len(told) == 1

    @staticmethod
    def _check_updates(met: Observed, place: Place | None) -> None:
        """What subscribers were told is in order, and no tool has made its output twice."""
        updates = [met.updates[revision] for revision in sorted(met.updates)]
        revisions = [one["revision"] for one in updates]
        assert revisions == list(range(revisions[0], revisions[-1] + 1)), place
        ranks = [SessionStatus(one["status"]).rank for one in updates]
        assert ranks == sorted(ranks), place
        for name in (COSTS, TEMPLATES, PRESENTATION, STATEMENT_OF_WORK):
            assert met.met[f"write {name}", True] <= 1, (place, name)


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.thorough)],
)
async def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    log = tmp_path_factory.mktemp("reviewed") / "functions.log"
    async with stormy(request.param, log) as (stack, lightning), aiohttp.ClientSession() as http:
        stores = Stores(stack)
        yield Site(request.param, lightning, Reviewer(stack, http), stores)
        await stores.close()


def places_of(met: Counter[tuple[str, bool]], known: Collection[str]) -> Sequence[Place]:
    """The first and the last place of each kind that an undisturbed run has met, but for the known kinds."""
    return [
        Place(kind, nth, forwarded)
        for (kind, forwarded), count in sorted(met.items())
        for nth in sorted({1, count if kind in OFTEN else 1})
        if kind not in known and not (forwarded and kind.startswith(READS))
    ]


async def everywhere(site: Site, *, approve: bool) -> None:
    """Review sessions until every place was met, each session in its own time.

    What a run with approval has in common with one without counts for the latter, but for the publishes.
    """
    first, *others = await asyncio.gather(*(site.priced(f"Client {n} of {approve}") for n in range(AT_ONCE)))
    kept = await site.stores.objects(first.session_id, 1)
    met = (await site.review(first, None, approve=False)).met
    assert {kind for kind, _ in met} >= OF_A_PRICE
    known: set[str] = set()
    if approve:
        known = {kind for kind, _ in met} - {"publish"}
        met = (await site.review(first, None, approve=True)).met
        assert {kind for kind, _ in met} >= OF_A_PRICE | OF_DOCUMENTS
    places = iter(places_of(met, known))

    async def work(reviewed: Reviewed) -> None:
        for place in places:
            await site.review(reviewed, place, approve=approve)

    await asyncio.gather(*map(work, (first, *others)))
    assert await site.stores.objects(first.session_id, 1) == kept
    for number, version in first.versions.items():
        found = await site.client.proposal(first.session_id, number)
        assert {**found, **WITHOUT_LINKS} == version, number


@pytest.mark.parametrize(
    ("place", "approve"),
    [(Place(f"write {CURRENT}", 1, forwarded=True), False), (Place(f"write {PRESENTATION}", 1, forwarded=False), True)],
    ids=str,
)
@pytest.mark.slow
async def test_a_killed_workers_retry_goes_on_with_the_review(site: Site, place: Place, *, approve: bool) -> None:
    await site.review(await site.priced(f"Client of {place}"), place, approve=approve)


@pytest.mark.thorough
@pytest.mark.parametrize("site", [Scripted.CONVERSE], indirect=True)  # no agent has a part in it
async def test_a_worker_that_prices_a_review_may_die_at_every_side_effect(site: Site) -> None:
    await everywhere(site, approve=False)


@pytest.mark.thorough
async def test_a_worker_that_makes_approved_documents_may_die_at_every_side_effect(site: Site) -> None:
    await everywhere(site, approve=True)
