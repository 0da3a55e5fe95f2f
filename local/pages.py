"""What a browser is served beside the API: the page, the playground, the operations, and where everything is.

It reads files of `client/` and writes the headers that keep a page to its own code. It knows nothing of what the
files do. The composition root adds these routes to the API's application.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Final

from aiohttp import web

from local.cognito import UserPool
from local.cognito_api import CognitoApi
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
"""The kinds of files that are served, and no others. The system's own table may call JavaScript something else."""

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src {connect}; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PLAYGROUND_POLICY = (
    # Its editor writes style elements, and starts its workers from blobs.
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src {connect}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",  # ask again each time: who edits a file sees it after a reload
}


def add_routes(app: web.Application, users: UserPool, *, client: Path = CLIENT) -> None:
    """Add the pages' routes, and Cognito's; the API's own routes come first."""
    CognitoApi(users).add_routes(app)
    pages = _Pages(users, client.resolve())
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
    def __init__(self, users: UserPool, client: Path) -> None:
        self._users = users
        self._client = client

    async def config(self, _request: web.Request) -> web.Response:
        """Where a client finds the API and signs in. Nothing in it is a secret."""
        config = {
            "graphqlEndpoint": "/graphql",
            "realtimeEndpoint": "/graphql/realtime",
            "region": self._users.cognito.region,
            "userPoolId": self._users.pool_id,
            "userPoolClientId": self._users.client_id,
            "userPoolEndpoint": "/cognito-idp",
        }
        return web.json_response(config, headers={**_HEADERS, "access-control-allow-origin": "*"})

    async def page(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info.get("path", "index.html")
        return _file(request, self._client / "web", path, _PAGE_POLICY)

    async def operation(self, request: web.Request) -> web.StreamResponse:
        return _file(request, self._client / "operations", request.match_info["name"], _PAGE_POLICY)

    async def to_playground(self, _request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/playground/")  # its files lie beside it

    async def playground(self, request: web.Request) -> web.StreamResponse:
        return _file(
            request, self._client / "playground", request.match_info["path"] or "index.html", _PLAYGROUND_POLICY
        )


def _file(request: web.Request, folder: Path, name: str, policy: str) -> web.StreamResponse:
    """A file below the folder; 404 for what is none, is hidden, or is of a kind that is not served."""
    parts = name.split("/")
    kind = CONTENT_TYPES.get(Path(name).suffix)
    if kind is None or "\x00" in name or "\\" in name or any(map(_is_hidden, parts)):
        raise web.HTTPNotFound
    path = folder.joinpath(*parts)
    try:
        found = path.is_file() and path.resolve().is_relative_to(folder)
    except OSError:  # the name is longer than a file's can be
        found = False
    if not found:
        raise web.HTTPNotFound
    headers = _HEADERS | {"content-type": kind, "content-security-policy": policy.format(connect=_connect(request))}
    return web.FileResponse(path, headers=headers)


def _is_hidden(part: str) -> bool:
    """Whether a part of a path is nothing, hidden, or packages that a browser gets in a build alone."""
    return not part or part.startswith(".") or part == "node_modules"


def _connect(request: web.Request) -> str:
    """Where a page may connect: to its own origin. Older browsers do not count a WebSocket among 'self'."""
    socket = "wss" if request.secure else "ws"
    host, port = (request.transport.get_extra_info("sockname") if request.transport else None) or ("127.0.0.1", 0)
    return f"'self' {socket}://{host}:{port} {socket}://localhost:{port}"
