"""A file server on this machine that misbehaves on demand."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import cast

from pipeline.catalogue.publication import Published, Role

CONTENT = Random(0).randbytes(300_000)
"""The file that mirrors have, if nothing else is said."""

Headers = dict[str, str]


@dataclass
class Mirror:
    """What a server sends, and what it was asked."""

    content: bytes = CONTENT
    tag: str = '"first"'
    knows_ranges: bool = True
    says_length: bool = True
    headers: Headers = field(default_factory=dict)
    """Sent besides the usual ones."""
    failures: list[int] = field(default_factory=list)
    """Status codes that are answered first, one for each request."""
    cuts: list[int] = field(default_factory=list)
    """After so many bytes the connection ends, once for each of them."""
    while_cut: Callable[[], object] = lambda: None
    """Called when a cut is due, before the connection ends."""
    before_body: Callable[[], object] = lambda: None
    """Called between the headers and the first byte."""
    requests: list[Headers] = field(default_factory=list)
    """The headers of the requests that came, in small letters."""
    address: str = ""

    @property
    def ranges(self) -> list[str | None]:
        """What part each request asked for; None for the whole."""
        return [headers.get("range") for headers in self.requests]


class _Server(ThreadingHTTPServer):
    mirror: Mirror


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        mirror = cast(_Server, self.server).mirror
        mirror.requests.append({name.lower(): value for name, value in self.headers.items()})
        if mirror.failures:
            self.send_response(mirror.failures.pop(0))
            self._end(mirror.headers)
            return
        start = self._start(mirror)
        if start >= len(mirror.content):
            self.send_response(416)
            self._end({"Content-Range": f"bytes */{len(mirror.content)}"})
            return
        self._send(mirror, start)

    def _start(self, mirror: Mirror) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        is_same = self.headers.get("If-Range", mirror.tag) == mirror.tag
        return int(asked[1]) if asked and mirror.knows_ranges and is_same else 0

    def _send(self, mirror: Mirror, start: int) -> None:
        size = len(mirror.content)
        headers = {"ETag": mirror.tag, **mirror.headers}
        if start:
            headers.setdefault("Content-Range", f"bytes {start}-{size - 1}/{size}")
        if mirror.says_length:
            headers["Content-Length"] = str(size - start)
        self.send_response(206 if start else 200)
        self._end(headers)
        mirror.before_body()
        cut = mirror.cuts.pop(0) if mirror.cuts else None
        self.wfile.write(mirror.content[start:][:cut])
        if cut is not None:
            mirror.while_cut()

    def _end(self, headers: Headers) -> None:
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    """The mirror with an address, for a while."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.mirror = mirror
        mirror.address = f"http://127.0.0.1:{server.server_port}/weights.pt"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield mirror
        finally:
            server.shutdown()
            thread.join()


def published(*mirrors: Mirror, sha256: str | None = None, size: int | None = None) -> Published:
    """A model of these mirrors, with the sum of `CONTENT` if no other is given."""
    return Published(
        name="weights",
        role=Role.DEPTH,
        file="weights.pt",
        mirrors=tuple(mirror.address for mirror in mirrors),
        size=size,
        licence="MIT",
        sha256=hashlib.sha256(CONTENT).hexdigest() if sha256 is None else sha256,
        architecture="none",
    )
