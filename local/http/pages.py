"""Serves what a browser loads beside the API: the page, the playground, the operations, and `config.json`.

It serves files of `client/`, with headers that let a page run only its own code. `local.stack` adds these routes to the
API's application. `python -m local --outputs` serves them without an API, for a deployed one.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from local.cognito.api import CognitoApi
from local.cognito.user_pool import UserPool
from local.isolation import ROOT

CLIENT = ROOT / "client"

CONTENT_TYPES: Final = MappingProxyType(
    {
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".graphql": "application/graphql; charset=utf-8",
        ".md": "text/plain; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".webmanifest": "application/manifest+json",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".ico": "image/x-icon",
        ".woff2": "font/woff2",
        ".ttf": "font/ttf",
        ".wasm": "application/wasm",
    }
)
"""The only kinds of files that are served. The system's table is not used, because it may differ for JavaScript."""

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src {connect}; frame-src {documents}; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_DOCUMENTS = "http://127.0.0.1:* https:"
"""Where the proposal's page, which stands in a frame, can come from: moto's S3 here, or a deployment's bucket."""
_PLAYGROUND_POLICY = (
    # The playground's editor writes style elements, and starts its workers from blobs.
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src {connect}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",  # ask again each time, so that a reload shows a file that you have edited
}


def add_routes(app: web.Application, users: UserPool, *, client: Path = CLIENT) -> None:
    """Add the routes of the pages and of Cognito. Add the API's own routes before them."""
    CognitoApi(users).add_routes(app)
    config = {
        "graphqlEndpoint": "/graphql",
        "realtimeEndpoint": "/graphql/realtime",
        "region": users.cognito.region,
        "userPoolId": users.pool_id,
        "userPoolClientId": users.client_id,
        "userPoolEndpoint": "/cognito-idp",
    }
    add_page(app, config, client=client)


def add_page(app: web.Application, config: Mapping[str, str], *, client: Path = CLIENT) -> None:
    """Add only the pages. `config` is what a browser reads as `config.json`; it names the API."""
    pages = _Pages(config, client.resolve())
    app.add_routes(
        [
            web.get("/config.json", pages.config),
            web.get("/", pages.page),
            web.get("/operations/{name:[A-Za-z_]+\\.graphql}", pages.operation),
            web.get("/playground", pages.to_playground),
            web.get("/playground/{path:.*}", pages.playground),
            web.get("/{path:.+}", pages.page),
        ]
    )


class _Pages:
    def __init__(self, config: Mapping[str, str], client: Path) -> None:
        self._config = dict(config)
        self._client = client

    async def config(self, _request: web.Request) -> web.Response:
        """Serve the addresses of the API and of the sign-in. Nothing in it is secret."""
        return web.json_response(self._config, headers={**_HEADERS, "access-control-allow-origin": "*"})

    async def page(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info.get("path", "index.html")
        return self._file(request, "web", path, _PAGE_POLICY)

    async def operation(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, "operations", request.match_info["name"], _PAGE_POLICY)

    async def to_playground(self, _request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/playground/")  # so that the relative paths of its files work

    async def playground(self, request: web.Request) -> web.StreamResponse:
        return self._file(request, "playground", request.match_info["path"] or "index.html", _PLAYGROUND_POLICY)

    def _file(self, request: web.Request, room: str, name: str, policy: str) -> web.StreamResponse:
        connect = _connect(request, self._config)
        return _file(self._client / room, name, policy.format(connect=connect, documents=_DOCUMENTS))


def _file(folder: Path, name: str, policy: str) -> web.StreamResponse:
    """A file below the folder; 404 if it is not a file, is hidden, or is of a kind that is not served."""
    parts = name.split("/")
    kind = CONTENT_TYPES.get(Path(name).suffix)
    if kind is None or "\x00" in name or "\\" in name or any(map(_is_hidden, parts)):
        raise web.HTTPNotFound
    path = folder.joinpath(*parts)
    try:
        found = path.is_file() and path.resolve().is_relative_to(folder)
    except OSError:  # the name is too long for a file
        found = False
    if not found:
        raise web.HTTPNotFound
    headers = _HEADERS | {"content-type": kind, "content-security-policy": policy}
    return web.FileResponse(path, headers=headers)


def _is_hidden(part: str) -> bool:
    """Whether a part of a path is empty, hidden, or `node_modules`, of which a browser gets only the built files."""
    return not part or part.startswith(".") or part == "node_modules"


def _connect(request: web.Request, config: Mapping[str, str]) -> str:
    """The origins that a page may connect to: its own, and those that its configuration names."""
    named = [urlsplit(config[key]) for key in ("graphqlEndpoint", "realtimeEndpoint", "userPoolEndpoint")]
    origins = [f"{url.scheme}://{url.netloc}" for url in named if url.netloc]
    return " ".join(dict.fromkeys(["'self'", *(origins or _own_sockets(request))]))


def _own_sockets(request: web.Request) -> list[str]:
    """The page's own origin for WebSockets, which 'self' does not include in older browsers."""
    socket = "wss" if request.secure else "ws"
    host, port = (request.transport.get_extra_info("sockname") if request.transport else None) or ("127.0.0.1", 0)
    return [f"{socket}://{host}:{port}", f"{socket}://localhost:{port}"]
