"""News for every page that is open: of each kind of news, the newest.

Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). A page that is
slow misses what was followed by something newer, and nothing piles up for it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

_SILENCE = 15.0
"""Seconds after which a page is sent a line that says nothing, so that its absence is noticed."""


class Hub:
    """What is newest, and the pages that listen."""

    def __init__(self) -> None:
        self._newest: dict[str, str] = {}
        self._listeners: set[_Listener] = set()
        self._closed = False

    def tell(self, kind: str, data: Any) -> None:
        """Tell every page, also those that come later."""
        self._newest[kind] = json.dumps(data)
        for listener in self._listeners:
            listener.pending[kind] = self._newest[kind]
            listener.wake.set()

    def close(self) -> None:
        """End what every page listens to."""
        self._closed = True
        for listener in self._listeners:
            listener.wake.set()

    async def listen(self) -> AsyncIterator[str]:
        """The events for one page, beginning with what is newest now."""
        listener = _Listener(dict(self._newest))
        self._listeners.add(listener)
        try:
            while not self._closed:
                pending, listener.pending = listener.pending, {}
                listener.wake.clear()
                for kind, data in pending.items():
                    yield f"event: {kind}\ndata: {data}\n\n"
                if not pending:
                    yield ": still here\n\n"
                await listener.woken()
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self, pending: dict[str, str]) -> None:
        self.pending = pending
        self.wake = asyncio.Event()

    async def woken(self) -> None:
        """Wait for news, or for as long as silence may last."""
        try:
            await asyncio.wait_for(self.wake.wait(), _SILENCE)
        except TimeoutError:
            return
