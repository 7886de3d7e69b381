"""The animatic of the part of the video that is in sight: one at a time, and only the newest.

Another part, or a change of the scene, kills the process that makes the one before; a second
process has been started by then, and waits with everything imported.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pipeline
from pipeline.web.animatic_worker import Job
from pipeline.web.view import Understood

Tell = Callable[[dict[str, Any]], None]
"""Gets what is to be said of the newest animatic, as JSON data."""

LONGEST = 60.0
"""Most seconds of an animatic."""
_QUIET = 0.3
"""Seconds from a change to the beginning of an animatic."""
_TOLD = 0.2
"""Seconds between two words on progress."""
_STILLS = "These are stills, and nothing moves between them."
_DIED = "the program that draws it ended without a word; save the scene to try again"
_BROKEN = "the program that draws it broke off; the terminal says how; save the scene to try again"
_MOST_SAID = 2_000
_WORKER = """
import os
if hasattr(os, "nice"):
    os.nice(10)
from pipeline.web.animatic_worker import main
main()
"""
"""The program that waits for a job: it gives way to the server and to a render, from its first
import on."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Film:
    """An animatic that is there."""

    number: int
    file: Path


class Animatics:
    """The animatics of one scene, in a folder of their own, which must exist."""

    def __init__(self, folder: Path, render: Path, tell: Tell) -> None:
        self._folder = folder
        self._render = render.absolute()
        self._tell = tell
        self._number = 0
        self._part: tuple[int, int] | None = None
        self._understood: Understood | None = None
        self._turn = asyncio.Lock()
        """One change at a time: each waits for the end of the animatic before it."""
        self._making: asyncio.Task[None] | None = None
        self._spare: asyncio.Task[asyncio.subprocess.Process] | None = None
        self.film: Film | None = None
        """The newest that is there; None while none is."""

    async def ask(self, part: tuple[int, int]) -> None:
        """Make the animatic of the frames from the first up to before the second of `part`."""
        self._part = part
        await self._begin()

    async def show(self, understood: Understood | None) -> None:
        """Take another state of the scene; None if it has mistakes, of which there is none."""
        self._understood = understood
        await self._begin()

    async def close(self) -> None:
        """End the processes."""
        async with self._turn:
            await self._cancel()
            if self._spare is not None:
                with suppress(OSError):  # one that could not be started
                    await _end(await self._spare)
                self._spare = None

    async def _begin(self) -> None:
        async with self._turn:
            await self._cancel()
            self._throw_away()
            self._follow_change()

    def _follow_change(self) -> None:
        understood = self._understood
        if understood is None or self._part is None:
            self._tell({"state": "none"})
        elif understood.plan.output.stills:
            self._tell({"state": "none", "words": _STILLS})
        elif part := _within(self._part, understood):
            self._number += 1
            about = {"number": self._number, "from": part.start, "to": part.stop}
            self._tell({"state": "making", "done": 0, **about})
            self._making = asyncio.create_task(self._try(understood, part, about))
        else:
            self._tell({"state": "none"})

    async def _cancel(self) -> None:
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait([self._making])
            self._making = None

    def _throw_away(self) -> None:
        """Delete what was made, and what was left half made."""
        self.film = None
        # What clears temporary files may have taken the folder itself.
        with suppress(OSError):
            for left in self._folder.iterdir():
                shutil.rmtree(left, ignore_errors=True)

    async def _try(self, understood: Understood, part: range, about: dict[str, int]) -> None:
        """Make an animatic, or say why there is none: the page goes on, whatever fails."""
        try:
            await self._make(understood, part, about)
        except OSError as error:
            self._tell({"state": "failed", "words": _cannot(error), **about})
        except Exception:
            _log.exception("the animatic cannot be drawn")
            self._tell({"state": "failed", "words": _BROKEN, **about})

    async def _make(self, understood: Understood, part: range, about: dict[str, int]) -> None:
        number = about["number"]
        target = self._folder / str(number) / "animatic.mp4"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        target.parent.mkdir()
        job = Job(understood.plan, understood.timebase, part, self._render, target)
        # First of all the page shows the change; and another save may follow at once.
        await asyncio.sleep(_QUIET)
        packed = await asyncio.to_thread(job.packed)
        if self._spare is None or _has_failed(self._spare):
            self._spare = asyncio.create_task(_start())
        # A process that is just beginning is of use to the next one, should this be cancelled.
        process = await asyncio.shield(self._spare)
        self._spare = None
        try:
            fault = await self._follow(process, packed, about)
        finally:
            self._spare = asyncio.create_task(_start())
            await _end(process)
        if fault is None:
            self.film = Film(number, target)
            self._tell({"state": "ready", **about})
        else:
            self._tell({"state": "failed", "words": fault, **about})

    async def _follow(
        self, process: asyncio.subprocess.Process, job: bytes, about: dict[str, int]
    ) -> str | None:
        """Hand on what a process says of its job; what went wrong at last, or None."""
        assert process.stdin is not None and process.stdout is not None  # given PIPE
        process.stdin.write(job)
        last, loop = 0.0, asyncio.get_running_loop()
        with suppress(ConnectionError):
            await process.stdin.drain()
        while line := await process.stdout.readline():
            news = json.loads(line)
            if news.get("ready"):
                return None
            if "fault" in news:
                return str(news["fault"])
            if loop.time() - last >= _TOLD:
                last = loop.time()
                self._tell({"state": "making", "done": news["done"], **about})
        return await _last_words(process)


def _cannot(error: OSError) -> str:
    return f"it cannot be drawn: {error.strerror or error}; save the scene to try again"


def _has_failed(task: asyncio.Task[asyncio.subprocess.Process]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _within(part: tuple[int, int], understood: Understood) -> range:
    """The frames of a part that the video has, up to the longest that is made."""
    first = max(0, part[0])
    most = max(1, int(LONGEST * float(understood.plan.fps)))
    return range(first, min(part[1], understood.frames, first + most))


async def _start() -> asyncio.subprocess.Process:
    """A process that waits for a job."""
    root = str(Path(pipeline.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return await asyncio.create_subprocess_exec(
        # Without the working folder among the places from which modules are imported.
        *(sys.executable, "-P", "-c", _WORKER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        # Ctrl-C at the terminal is for the server, which then ends the others.
        start_new_session=True,
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    # What it still says must be taken, or it could not be seen to end.
    await process.communicate()


async def _last_words(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None  # given PIPE
    said = (await process.stderr.read(_MOST_SAID)).decode(errors="replace").strip()
    return said.splitlines()[-1] if said else _DIED
