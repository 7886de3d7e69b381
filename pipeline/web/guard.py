"""Who may ask the server: the page that it served, and nobody who only found out its port.

A site that the browser has open elsewhere reaches this computer too. It cannot read answers of
another origin, unless its own name leads here (DNS rebinding), which the header Host gives away;
and what it asks for blindly the browser marks with Origin and Sec-Fetch-Site.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ADDRESS = "127.0.0.1"
"""Where the server listens, and nowhere else."""

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


def own_names(port: int) -> frozenset[str]:
    """The hosts under which a page of this computer asks a server at `port`."""
    return frozenset({f"{ADDRESS}:{port}", f"localhost:{port}"})


class Guard:
    """An ASGI application that lets through to another one only what its own page asks."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        if fault := self._fault(Headers(scope=scope)):
            await PlainTextResponse(fault, status_code=403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _fault(self, headers: Headers) -> str:
        """Why a request is not answered; empty for one that is."""
        if headers.get("host", "") not in self._names:
            return f"this server answers to {' and '.join(sorted(self._names))} only"
        origin = headers.get("origin")
        if origin is not None and origin.removeprefix("http://") not in self._names:
            return "another site has no business here"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return "another site has no business here"
        return ""
