"""One request for a file, or for the rest of one, over HTTP (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_PIECE = 1 << 18
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NOT_SATISFIABLE = 416
_PARTIAL = 206
_BUSY = frozenset({408, 425, 429})
_DENIED = frozenset({401, 403})
_TOKEN = "Authorization"


class Cut(Exception):
    """The connection failed, or the server is busy: asking again may help."""


class Refused(Exception):
    """The address does not give the file: asking it again does not help."""


class Denied(Refused):
    """The address gives the file only to those whom it knows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sends."""

    start: int
    """Offset of the first byte in the file: the one asked for, or 0."""
    total: int | None
    """The size of the whole file in bytes, if the server says it."""
    tag: str
    """The entity tag of the file if it is a strong one, else ""."""
    pieces: Iterator[bytes]
    """The bytes as they come; raises Cut where the connection ends early."""


@contextmanager
def ask(address: str, *, start: int, tag: str, timeout: float, token: str = "") -> Iterator[Answer]:
    """Ask for the bytes of a file from `start` on, if its entity tag is still `tag`.

    A server that cannot send a part, or whose file has changed, answers from 0. `timeout` is in
    seconds without a sign of life. A `token` says who asks (RFC 6750); it goes to the host of the
    address and to no other that this one leads to.

    Raises:
        Cut: no connection, or the server is busy.
        Denied: the server does not give the file to whoever asks.
        Refused: any other answer than the file.
    """
    check_address(address)
    headers = {"User-Agent": "discoreel", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    if start and tag:
        headers["If-Range"] = tag
    request = Request(address, headers=headers)
    if token:
        # What is added so is not sent to where the server leads.
        request.add_unredirected_header(_TOKEN, f"Bearer {token}")
    try:
        response = _open(request, timeout)
    except HTTPError as error:
        if error.code != _NOT_SATISFIABLE or not start:
            raise _as_failure(error) from error
        size = _whole_size(error.headers)
        error.close()
    else:
        with response:
            yield _answer(response, start)
        return
    if size == start:
        yield Answer(start, size, tag, iter(()))
    else:
        # What is there is longer than the file, so it is of another one.
        with ask(address, start=0, tag="", timeout=timeout, token=token) as answer:
            yield answer


def check_address(address: str) -> None:
    """Refuse what is not encrypted, unless it is on this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise Refused(f"leads to {address}, and only https is allowed")


class _Redirects(HTTPRedirectHandler):
    """Follows only where `check_address` allows it."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        check_address(newurl)
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        token = req.unredirected_hdrs.get(_TOKEN)
        if request is not None and token and host_of(newurl) == host_of(req.full_url):
            request.add_unredirected_header(_TOKEN, token)
        return request


def host_of(address: str) -> tuple[str, str]:
    """Scheme and host of an address, with its port: who is told what is told there."""
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _open(request: Request, timeout: float) -> HTTPResponse:
    try:
        response: HTTPResponse = build_opener(_Redirects).open(request, timeout=timeout)
    except HTTPError:
        raise
    except (OSError, HTTPException) as error:
        raise Cut(_words(error)) from error
    return response


def _answer(response: HTTPResponse, asked: int) -> Answer:
    headers = response.headers
    if headers.get_content_type() == "text/html":
        raise Refused("sent a web page, not a file")
    start, total = 0, _number(headers.get("Content-Length"))
    if response.status == _PARTIAL:
        if not re.match(rf"bytes {asked}-", headers.get("Content-Range", "")):
            raise Refused("sent another part of the file than was asked for")
        start, total = asked, _whole_size(headers)
    tag = headers.get("ETag", "")
    return Answer(start, total, tag if tag.startswith('"') else "", _pieces(response, total, start))


def _pieces(response: HTTPResponse, total: int | None, received: int) -> Iterator[bytes]:
    while piece := _read(response):
        received += len(piece)
        yield piece
    if total is not None and received < total:
        raise Cut(f"the connection ended after {received} of {total} bytes")


def _read(response: HTTPResponse) -> bytes:
    try:
        # What has arrived, rather than a whole piece: nothing of it is lost with the connection.
        return response.read1(_PIECE)
    except (OSError, HTTPException) as error:
        raise Cut(_words(error)) from error


def _as_failure(error: HTTPError) -> Exception:
    error.close()
    words = f"HTTP {error.code} {error.reason}"
    if error.code in _DENIED:
        return Denied(words)
    return Cut(words) if error.code >= 500 or error.code in _BUSY else Refused(words)


def _whole_size(headers: Message) -> int | None:
    """The N of `Content-Range: bytes 5-9/N`."""
    return _number(headers.get("Content-Range", "").rpartition("/")[2])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _words(error: OSError | HTTPException) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return f"no connection: {words}" if isinstance(error, URLError) else f"cut off: {words}"
