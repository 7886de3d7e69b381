"""Whether a disk has the room that a render takes, told before it is full."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import Problem

if TYPE_CHECKING:
    from pipeline.scene.load import SceneRead

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def render_name(scene: Path, profile: str | None) -> str:
    """What a render is called: as the scene file, and as a profile, which has frames of its own."""
    return scene.stem if profile is None else f"{scene.stem}-{profile}"


def render_folder(scene: Path, out: Path | None, profile: str | None = None) -> Path:
    """The folder of a render: `out`, or the one that belongs to the scene file and a profile."""
    return out or Path("renders") / render_name(scene, profile)


def narrow_disk(
    read: SceneRead, scene: Path, out: Path | None = None, profile: str | None = None
) -> tuple[Problem, ...]:
    """A warning if what is left of a render finds no room beside it; none if it does."""
    from pipeline.plan.room import room

    folder = render_folder(scene, out, profile)
    total = sum(shot.painted for shot in read.scene.all_shots)
    needed = round(room(read.scene) * max(0.0, 1 - _finished(folder) / total))
    free = _free(folder)
    if free is None or needed <= free:
        return ()
    video = read.scene.video
    message = (
        f"what is to be rendered takes some {bytes_in_words(needed)}, and {bytes_in_words(free)} "
        f"are free for {folder}; make room, render with --out on another disk, or write a smaller "
        "size or duration"
    )
    length = "duration" if video.n_batches is None else "n_batches"
    return (read.warning("video", length, message=message),)


def _finished(folder: Path) -> int:
    """How many frames lie in the folder of a render; 0 if it cannot be read."""
    try:
        return sum(1 for _ in (folder / "frames").rglob("[0-9]*.png"))
    except OSError:
        return 0


def _free(folder: Path) -> int | None:
    """The bytes that are free where `folder` is, or will be made; None where that is unknown."""
    try:
        there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        return shutil.disk_usage(there).free
    except (OSError, StopIteration):
        return None


def bytes_in_words(count: int) -> str:
    """`3.2 GB`, `640 MB`: two digits at least, in powers of 1000."""
    unit, number = 0, float(count)
    while number >= 999.5 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.1f} {_UNITS[unit]}" if 0 < number < 9.95 else f"{number:.0f} {_UNITS[unit]}"
