"""A scene file that is followed: read on every change, away from whoever waits for answers."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from pipeline.web.animatics import Animatics
from pipeline.web.following import Followed
from pipeline.web.hub import Hub
from pipeline.web.rendered import rendered, stamp_of_render
from pipeline.web.view import View

Read = Callable[[], View]
"""Reads the scene; raises nothing, as mistakes are part of a view."""

_LOOK = 0.08
"""Seconds between two looks at the files."""
_SETTLED = 0.05
"""Seconds for which a file that changes must be the same before it is read."""
_LONGEST_SAVE = 0.6
"""Seconds within which a file that changes on and on, or is gone, is read at last."""
_RENDER_LOOK = 0.5
_REST = 5.0
"""How many times as long as it took to read a render it is left alone."""

_log = logging.getLogger(__name__)


class Watching:
    """The newest view of a scene, and of the render beside it."""

    def __init__(self, scene: Path, folder: Path, read: Read, animatics: Animatics, hub: Hub):
        self._followed = Followed(scene)
        self.folder = folder
        self._read = read
        self._animatics = animatics
        self._hub = hub
        self.version = 0
        """Number of the view; 0 while there is none."""
        self.view: View | None = None

    async def follow_scene(self) -> None:
        """Look at the files until cancelled."""
        while True:
            now = await asyncio.to_thread(self._followed.now)
            if self._followed.is_changed(now):
                await self._settle(now)
                await self._show()
            await asyncio.sleep(_LOOK)

    async def follow_render(self) -> None:
        """Look at the render until cancelled."""
        seen: object = None
        while True:
            view = self.view
            stamp = (self.version, await asyncio.to_thread(stamp_of_render, self.folder))
            rest = _RENDER_LOOK
            if stamp != seen and view is not None:
                seen, begun = stamp, monotonic()
                await self._tell_render(view)
                rest = max(rest, _REST * (monotonic() - begun))
            await asyncio.sleep(rest)

    async def _tell_render(self, view: View) -> None:
        if view.understood is None:
            self._hub.tell("render", None)
            return
        try:
            found = await asyncio.to_thread(rendered, self.folder, view.understood.plan)
        except Exception:
            # A folder that others write to, whatever is in it, does not end the page.
            _log.exception("the render in %s cannot be read", self.folder)
            return
        self._hub.tell("render", found.data())

    async def _settle(self, now: dict[Path, tuple[object, ...]]) -> None:
        """Wait while the files still change; longer for one that is not there, as in a save."""
        end = monotonic() + _LONGEST_SAVE
        while monotonic() < end:
            await asyncio.sleep(_SETTLED)
            later = await asyncio.to_thread(self._followed.now)
            if later == now and not self._followed.is_absent(later):
                break
            now = later
        self._followed.note(now)

    async def _show(self) -> None:
        view = await asyncio.to_thread(self._read)
        self._followed.follow(view.files)
        self.view = view
        self.version += 1
        self._hub.tell("scene", {"version": self.version})
        await self._animatics.show(view.understood)
        # The collector is off in this program, as one scene fills memory less than it costs.
        await asyncio.to_thread(gc.collect)
