"""The ffmpeg program, and how files of this machine are handed to it.

It is the one that imageio-ffmpeg finds: the `IMAGEIO_FFMPEG_EXE` environment variable, its own
copy, then the system's.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pipeline.errors import Error


def ffmpeg() -> str:
    """The path of the program; Error if there is none."""
    # Costs as much as the rest of a command's start, and few scenes ask for it there.
    import imageio_ffmpeg

    remedy = (
        "run `pip install --force-reinstall imageio-ffmpeg`, or name one in the environment "
        "variable IMAGEIO_FFMPEG_EXE"
    )
    try:
        program = str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise Error(f"no ffmpeg found; {remedy}") from error
    if shutil.which(program) is None:
        raise Error(f"{program} is no program that can be run as ffmpeg; {remedy}")
    return program


def file_url(path: Path) -> str:
    """An absolute path that ffmpeg takes for nothing else, whatever characters are in it."""
    return f"file:{path.absolute()}"


def plain_words() -> dict[str, str]:
    """The environment in which ffmpeg writes its words without colours, for those who read them."""
    kept = {name: value for name, value in os.environ.items() if name not in _COLOURS}
    return kept | {"AV_LOG_FORCE_NOCOLOR": "1"}


_COLOURS = ("AV_LOG_FORCE_COLOR", "AV_LOG_FORCE_256COLOR")
