"""`discoreel watch`: a page on this computer that follows a scene file.

What serves it, starlette and uvicorn, is an extra and imported only here, inside the function.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.disk_room import render_folder
from pipeline.cli.options import ProfileName, SceneFile, SetSettings, choice_of
from pipeline.cli.terminal import say, tell
from pipeline.errors import Error

Port = Annotated[
    int,
    typer.Option(metavar="N", min=0, max=65535, help="Port of 127.0.0.1; a free one if not given."),
]
RunFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Folder of the render, whose frames are shown."),
]
Open = Annotated[
    bool | None,
    typer.Option(
        "--open/--no-open", help="Whether a browser is opened; yes unless there is no screen."
    ),
]


def watch(
    scene: SceneFile,
    port: Port = 0,
    out: RunFolder = None,
    open_: Open = None,
    profile: ProfileName = None,
    settings: SetSettings = None,
) -> None:
    """Show a scene on a page that follows its file.

    On every save: its mistakes, or else timeline, animatic and rendered frames.
    """
    _check_extra()
    from pipeline.cli.watched import read_view
    from pipeline.web.server import serve

    folder = render_folder(scene, out, profile)
    is_opened = has_screen() if open_ is None else open_

    def started(address: str) -> None:
        say(f"{scene}: {address}")
        tell("Ctrl-C ends it")
        if is_opened:
            _open(address)

    serve(
        scene,
        folder,
        partial(read_view, scene, folder, choice_of(profile, settings)),
        port,
        started,
    )


def has_screen() -> bool:
    """Whether a browser that is opened here would be seen."""
    if sys.platform in ("win32", "darwin"):
        return not os.environ.get("SSH_CONNECTION")
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(address: str) -> None:
    import threading
    import webbrowser

    # A browser in a terminal would not return before it is closed.
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _check_extra() -> None:
    """Raise Error, with the remedy, unless what serves the page is installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise Error(
            f"watch needs starlette and uvicorn, and {error.name} is not installed; install them "
            f"with: {sys.executable} -m pip install starlette uvicorn"
        ) from error
