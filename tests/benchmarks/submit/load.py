"""Callers of submitAssessment over HTTP, in a process of their own so that they take no time of the server's loop.

`calls` runs it as a module. The loop is closed: each caller submits again as soon as it was answered, over a
connection that it keeps. What is printed is how long each answer took and the whole.
"""

import asyncio
import json
import sys
import time

import aiohttp

from local.isolation import end_with_the_parent

DOCUMENT = "mutation Submit($input: AssessmentInput!) { submitAssessment(input: $input) { id status revision } }"
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
        started = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        return {"took": took, "seconds": time.perf_counter() - started}


async def submit(http: aiohttp.ClientSession, endpoint: str) -> str:
    """The new session's id."""
    async with http.post(endpoint, json={"query": DOCUMENT, "variables": {"input": ASSESSMENT}}) as response:
        answer = await response.json()
    if answer.get("errors") or answer["data"]["submitAssessment"]["status"] != "PENDING":
        raise RuntimeError(f"not submitted: {answer}")
    return str(answer["data"]["submitAssessment"]["id"])


if __name__ == "__main__":
    end_with_the_parent()
    url, api_key, callers_given, each_given = sys.argv[1:]
    print(json.dumps(asyncio.run(load(url, api_key, int(callers_given), int(each_given)))))  # noqa: T201
