"""The firewall's answer to who sends too many requests, for tests without a firewall: as the template has it."""

from typing import Any

from aiohttp import web

TOO_MANY_REQUESTS: dict[str, Any] = {
    "data": None,
    "errors": [{"errorType": "TooManyRequests", "message": "Too many requests: wait a minute, then try again."}],
}


def too_many_requests() -> web.Response:
    """The whole answer."""
    headers = {"access-control-allow-origin": "*", "retry-after": "60"}
    return web.json_response(TOO_MANY_REQUESTS, status=429, headers=headers)
