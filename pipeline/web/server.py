"""The server of `discoreel watch`: one page for one scene, on this computer alone, until Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType

import uvicorn

from pipeline.errors import Error
from pipeline.web.animatics import Animatics
from pipeline.web.app import Served, application
from pipeline.web.guard import ADDRESS, Guard, own_names
from pipeline.web.hub import Hub
from pipeline.web.watching import Read, Watching

_PATIENCE = 2
"""Seconds that answers under way have when the server ends."""


def serve(scene: Path, folder: Path, read: Read, port: int, started: Callable[[str], None]) -> None:
    """Serve the page of a scene until the process is interrupted, and return then.

    Args:
        scene: the file that is followed.
        folder: where its render is, or will be; it is only read.
        read: what makes a view of the scene.
        port: where to listen; 0 takes one that is free.
        started: gets the address of the page once it can be opened.

    Raises:
        Error: the port is taken.
    """
    with (
        listening(port) as listener,
        tempfile.TemporaryDirectory(prefix="discoreel-watch-", ignore_cleanup_errors=True) as films,
    ):
        asyncio.run(_serve(scene, folder, read, listener, Path(films), started))


def listening(port: int) -> socket.socket:
    """A socket at a port of this computer, for nobody outside it; 0 is any that is free.

    Raises Error if the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
    except OSError as error:
        listener.close()
        raise Error(
            f"port {port} of {ADDRESS} cannot be used ({error.strerror}); give another one with "
            "--port, or leave that out"
        ) from error
    return listener


class _Server(uvicorn.Server):
    """A server that tells when it can be asked, and lets listening pages go when it ends."""

    def __init__(self, config: uvicorn.Config, hub: Hub, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._hub = hub
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what pages listen to, and then the rest."""
        self._hub.close()
        await super().shutdown(sockets)

    def end(self, task: asyncio.Task[None]) -> None:
        """End because a task has, without which the page would stand still."""
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal as the wish to end, and do not raise it once more afterwards."""
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


async def _serve(
    scene: Path,
    folder: Path,
    read: Read,
    listener: socket.socket,
    films: Path,
    started: Callable[[str], None],
) -> None:
    port = listener.getsockname()[1]
    hub = Hub()
    animatics = Animatics(films, folder, lambda news: hub.tell("animatic", news))
    watching = Watching(scene, folder, read, animatics, hub)
    guarded = Guard(application(Served(scene, watching, animatics, hub)), own_names(port))
    server = _Server(_config(guarded), hub, lambda: started(f"http://{ADDRESS}:{port}/"))
    async with _followed(watching, server.end):
        try:
            await server.serve(sockets=[listener])
        finally:
            await animatics.close()


def _config(app: Guard) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=_PATIENCE,
    )


@asynccontextmanager
async def _followed(
    watching: Watching, ended: Callable[[asyncio.Task[None]], None]
) -> AsyncIterator[None]:
    """Look at the files while the body runs; `ended` hears of it should that break off."""
    tasks = [
        asyncio.create_task(one) for one in (watching.follow_scene(), watching.follow_render())
    ]
    for one in tasks:
        one.add_done_callback(ended)
    try:
        yield
    finally:
        for one in tasks:
            one.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
