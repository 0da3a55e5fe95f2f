"""Callers of submitAssessment over HTTP, in a process of their own so that they take no time of the server's loop.

`calls` runs it as a module. The loop is closed: each caller submits again as soon as it was answered, over a
connection that it keeps. What is printed is how long each answer took and the whole.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from local.isolation import end_with_the_parent

DOCUMENT = "mutation Submit($input: AssessmentInput!) { submitAssessment(input: $input) { id status revision } }"
SESSIONS = "query ($after: String) { sessions(limit: 100, nextToken: $after) { items { id status } nextToken } }"
CANCEL = "mutation ($id: ID!) { cancelSession(id: $id) { id } }"
ASSESSMENT = {
    "clientName": "Northwind Freight",
    "industry": "logistics",
    "requirements": "Drivers must see their tours.",
}


async def load(endpoint: str, key: str, callers: int, each: int) -> dict[str, object]:
    """So many callers that submit so often each: `took` in ms by submit, and `seconds` for all."""
    took: list[float] = []
    connector = aiohttp.TCPConnector(limit=callers)
    async with aiohttp.ClientSession(headers={"x-api-key": key}, connector=connector) as http:

        async def caller() -> None:
            for _ in range(each):
                started = time.perf_counter()
                await submit(http, endpoint)
                took.append((time.perf_counter() - started) * 1000)

        # Opens the connections, and starts the processes behind them.
        await asyncio.gather(*(submit(http, endpoint) for _ in range(callers)))
        await cancel_all(http, endpoint)
        started = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        seconds = time.perf_counter() - started
        await cancel_all(http, endpoint)
        return {"took": took, "seconds": seconds}


async def cancel_all(http: aiohttp.ClientSession, endpoint: str) -> None:
    """End all sessions, so that the next load does not meet the limit of active ones, nor a large owner's record."""
    token: str | None = None
    while True:
        page = await _asked(http, endpoint, SESSIONS, {"after": token})
        waiting = [one["id"] for one in page["items"] if one["status"] == "PENDING"]
        await asyncio.gather(*(_asked(http, endpoint, CANCEL, {"id": session_id}) for session_id in waiting))
        token = page["nextToken"]
        if token is None:
            return


async def submit(http: aiohttp.ClientSession, endpoint: str) -> str:
    """The new session's id."""
    session = await _asked(http, endpoint, DOCUMENT, {"input": ASSESSMENT})
    if session["status"] != "PENDING":
        raise RuntimeError(f"not submitted: {session}")
    return str(session["id"])


async def _asked(http: aiohttp.ClientSession, endpoint: str, query: str, variables: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
    async with http.post(endpoint, json={"query": query, "variables": variables}) as response:
        answer = await response.json()
    if answer.get("errors"):
        raise RuntimeError(f"not answered: {answer}")
    [value] = answer["data"].values()
    return value


if __name__ == "__main__":
    end_with_the_parent()
    url, api_key, callers_given, each_given = sys.argv[1:]
    print(json.dumps(asyncio.run(load(url, api_key, int(callers_given), int(each_given)))))  # noqa: T201
