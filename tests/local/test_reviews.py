"""A session from its notes to a second version, over the whole local stack: reviewed, approved, revised, deleted.

The client asks over plain HTTP, so nothing of `client/` has a part in it. `test_reviewing_by_command.py` does the same
with the command line alone.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import figures_in
import pytest
import pytest_asyncio
from stacks.reviewer import DELETE, Reviewer, Stores, as_input

from local.environment import Scripted
from local.stack import StackSettings, running
from worker.tools.profile.reading import standard
from worker.tools.proposal.formats import Formats

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADDED = {"kind": "FUNCTIONAL", "text": "Customers must export their orders as a spreadsheet.", "size": "L"}


@dataclass(frozen=True)
class Site:
    """A running stack's reviewer, and its stores."""

    client: Reviewer
    stores: Stores


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[Scripted.CONVERSE, pytest.param(Scripted.BEDROCK, marks=pytest.mark.thorough)],
)
async def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    settings = StackSettings(agent=request.param, pace=0.0, log=tmp_path_factory.mktemp("reviews") / "functions.log")
    async with running(settings) as stack, aiohttp.ClientSession() as http:
        stores = Stores(stack)
        yield Site(Reviewer(stack, http), stores)
        await stores.close()


def price(proposal: Mapping[str, Any]) -> str:
    """The price of a proposal as the documents write it."""
    cost = proposal["costData"]
    return Formats(standard().locale, cost["currency"]).money(Decimal(str(cost["totalCost"])))


async def check_documents(site: Site, proposal: Mapping[str, Any]) -> None:
    """The deck, the statement of work and the page of a version show the version's own price."""
    texts = {
        "powerpointUrl": figures_in.of_deck,
        "sowUrl": figures_in.of_document,
        "htmlUrl": figures_in.of_page,
    }
    for field, text in texts.items():
        assert f"v{proposal['version']}." in proposal[field], field
        assert price(proposal) in text(await site.client.download(proposal[field])), field


def path_of(url: str) -> str:
    """Where a link leads, without its signature."""
    return urlsplit(url).path


def check_sums(proposal: Mapping[str, Any]) -> None:
    """The parts of a price sum to it, to the cent."""
    cost = proposal["costData"]
    for parts in (cost["lines"], proposal["workPackages"]):
        assert sum(Decimal(str(part["cost"])) for part in parts) == Decimal(str(cost["totalCost"]))


def check_list(
    first: Mapping[str, Any], second: Mapping[str, Any], resized: Mapping[str, Any], put_out: Mapping[str, Any]
) -> None:
    """The second version has one requirement of another size, one out of scope, and one that was added."""
    after = {each["id"]: each for each in second["requirements"]}
    assert after[resized["id"]]["size"] == "XL"
    assert put_out["id"] not in after
    [new] = [each for each in second["requirements"] if each["text"] == ADDED["text"]]
    assert (new["id"] in {each["id"] for each in first["requirements"]}, new["lines"]) == (False, [])
    [out] = [each for each in second["requirements"] if each["text"] == put_out["text"]]
    assert (out["kind"], out["id"].split("-")[0], out["lines"], out["size"]) == (
        "OUT_OF_SCOPE", "OUT", put_out["lines"], None,
    )  # fmt: skip


@pytest.mark.slow
async def test_a_session_is_reviewed_approved_and_revised(site: Site) -> None:
    client = site.client
    session_id = await client.submit_for_review("Northwind")
    waiting = await client.at_rest(session_id)
    assert (waiting["status"], waiting["currentStage"], waiting["progress"], waiting["proposalVersion"]) == (
        "AWAITING_REVIEW", "Waiting for your review", 50, 1,
    )  # fmt: skip
    first = await client.proposal(session_id)
    assert waiting["results"]["costData"]["totalCost"] == first["costData"]["totalCost"]
    assert waiting["results"]["powerpointUrl"] is first["powerpointUrl"] is None
    check_sums(first)

    # One size is another one, one requirement is out of scope, one is added.
    resized, put_out = [each for each in first["requirements"] if each["size"] in {"S", "M"}][:2]
    listed = [
        as_input(each, size="XL") if each is resized
        else as_input(each, kind="OUT_OF_SCOPE", size=None, workPackage=None) if each is put_out
        else as_input(each)
        for each in first["requirements"]
    ]  # fmt: skip
    kept = await site.stores.objects(session_id, 1)
    assert kept
    again = await client.review(
        session_id, approve=False, requirements=[*listed, ADDED], teamSize=3, discountPercent=10.0, note="smaller"
    )
    assert (again["status"], again["progress"], again["proposalVersion"]) == ("AWAITING_REVIEW", 50, 2)
    second = await client.proposal(session_id)
    check_list(first, second, resized, put_out)
    assert (second["teamSize"], second["discountPercent"]) == (3, 10.0)
    assert second["costData"]["totalCost"] == again["results"]["costData"]["totalCost"]
    assert second["costData"]["totalCost"] != first["costData"]["totalCost"]
    check_sums(second)

    done = await client.review(session_id, approve=True)
    assert (done["status"], done["progress"], done["proposalVersion"]) == ("COMPLETED", 100, 2)
    approved = await client.proposal(session_id)
    made = {"powerpointUrl", "sowUrl", "htmlUrl"}
    assert {name: value for name, value in approved.items() if name not in made} == {
        name: value for name, value in second.items() if name not in made
    }
    await check_documents(site, approved)
    for field in made:
        assert path_of(done["results"][field]) == path_of(approved[field])
    assert await site.stores.objects(session_id, 1) == kept

    # A completed session is revised: it waits with the next price, and shows no document of the version before.
    of_second = await site.stores.objects(session_id, 2)
    waits = await client.review(session_id, approve=False, discountPercent=0.0, startDate="2027-03-01")
    assert (waits["status"], waits["progress"], waits["proposalVersion"]) == ("AWAITING_REVIEW", 50, 3)
    assert waits["results"]["costData"]["totalCost"] > second["costData"]["totalCost"]
    assert all(waits["results"][field] is None for field in made)
    revised = await client.review(session_id, approve=True)
    assert (revised["status"], revised["proposalVersion"]) == ("COMPLETED", 3)
    third = await client.proposal(session_id)
    assert third["costData"]["totalCost"] == waits["results"]["costData"]["totalCost"]
    assert (third["startDate"], third["teamSize"]) == ("2027-03-01", 3)
    assert [each["id"] for each in third["requirements"]] == [each["id"] for each in second["requirements"]]
    await check_documents(site, third)
    await check_documents(site, await client.proposal(session_id, 2))
    assert await site.stores.objects(session_id, 1) == kept
    assert await site.stores.objects(session_id, 2) == of_second
    assert (await client.proposal(session_id, 1)) == first

    log = await client.log(session_id)
    assert [event["sequence"] for event in log] == list(range(1, revised["lastSequence"] + 1))


@pytest.mark.thorough
async def test_a_reviewed_run_that_failed_is_retried_with_its_review(site: Site) -> None:
    """What was understood can't be read while the review is applied, so nothing of it is written."""
    client = site.client
    session_id = await client.submit_for_review("Fjord Energy")
    await client.at_rest(session_id)
    key = f"sessions/{session_id}/versions/1/requirements.json"
    async with site.stores.without(key):
        failed = await client.review(session_id, approve=True, teamSize=2, note="two people")
    assert (failed["status"], failed["proposalVersion"]) == ("ERROR", 1)
    done = await client.retry(session_id)
    assert (done["status"], done["proposalVersion"]) == ("COMPLETED", 2)
    proposal = await client.proposal(session_id)
    assert proposal["teamSize"] == 2
    await check_documents(site, proposal)
    log = await client.log(session_id)
    [told] = [event["text"] for event in log if "calculate_costs(version" in event["text"]]
    assert told == 'calculate_costs(version=2, team_size=2, note="two people")'


@pytest.mark.thorough
async def test_a_session_without_a_review_can_be_revised_too(site: Site) -> None:
    client = site.client
    session_id = await client.submit("Halden Bank")
    done = await client.at_rest(session_id)
    assert (done["status"], done["proposalVersion"]) == ("COMPLETED", 1)
    first = await client.proposal(session_id)
    revised = await client.review(session_id, approve=True, discountPercent=20.0)
    second = await client.proposal(session_id)
    assert (revised["status"], second["version"], second["discountPercent"]) == ("COMPLETED", 2, 20.0)
    assert second["costData"]["totalCost"] < first["costData"]["totalCost"]
    await check_documents(site, await client.proposal(session_id, 1))
    await check_documents(site, second)


@pytest.mark.thorough
async def test_an_approval_without_a_change_makes_no_version(site: Site) -> None:
    client = site.client
    session_id = await client.submit_for_review("Meridian")
    await client.at_rest(session_id)
    done = await client.review(session_id, approve=True)
    assert (done["status"], done["proposalVersion"]) == ("COMPLETED", 1)
    assert all(done["results"][field] for field in ("powerpointUrl", "sowUrl", "htmlUrl"))
    assert await client.proposal(session_id, 2) is None


@pytest.mark.slow
async def test_a_deleted_session_leaves_nothing_behind(site: Site) -> None:
    """Neither do its versions, the old versions of its objects, and its place in its owner's record."""
    client = site.client
    session_id = await client.submit_for_review("Orbital")
    await client.at_rest(session_id)
    await client.review(session_id, approve=False, teamSize=3)
    assert len(await site.stores.traces(session_id)) > 10
    assert await client.ask(DELETE, id=session_id) == session_id
    assert await site.stores.traces(session_id) == []
    assert await client.session(session_id) is None
    assert await client.proposal(session_id, 1) is None
