"""The formats of camera paths: which file is which, and their readers and writers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from keyframes.quoting import quoted_path
from pipeline.files.texts import fault, read_text
from pipeline.scene.paths import blender, ours
from pipeline.scene.paths.blender import blender_lines, read_blender
from pipeline.scene.paths.chan import NUKES, RotationOrder, chan_lines, read_chan
from pipeline.scene.paths.colmap import CAMERAS, camera_lines, colmap_lines, read_colmap
from pipeline.scene.paths.json_numbers import read_mapping
from pipeline.scene.paths.ours import our_lines, read_ours
from pipeline.scene.paths.poses import MOST_BYTES, MOST_OF_JSON, Poses, rounded
from pipeline.scene.paths.tum import read_tum, tum_lines

PathFormat = Literal["json", "blender", "chan", "colmap", "tum"]
FORMATS: tuple[PathFormat, ...] = get_args(PathFormat)
_START = 1000
"""Characters of a file by which JSON is told."""
_TABLE = 8
"""Columns of a line of a trajectory; an image of COLMAP has ten."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a file does not say of itself, and its reader has to know."""

    fps: float
    """Poses a second, where the file tells none."""
    own_rate: bool = False
    """Whether `fps` holds also where the file tells another one."""
    order: RotationOrder = NUKES


def read_path(path: Path, told: Told, kind: PathFormat | None = None) -> Poses:
    """The poses in the file at `path`, whose format is told by its name and content without `kind`.

    Raises ValueError, one message with the file, its line or pose, and the remedy.
    """
    return _read(read_text(path, MOST_BYTES), path, told, kind)


# The shots of a scene read the path that it has for all of them, each for itself.
@lru_cache(maxsize=4)
def _read(text: str, path: Path, told: Told, kind: PathFormat | None) -> Poses:
    is_json = text[:_START].lstrip().startswith(("{", "["))
    if kind in ("json", "blender") or (kind is None and is_json):
        if len(text) > MOST_OF_JSON:
            raise fault(path, f"found JSON of more than {MOST_OF_JSON:,} characters; is it a path?")
        return _read_json(read_mapping(text, path, "a camera path"), path, told, kind)
    kind = kind or _kind(text, path)
    if kind == "chan":
        return read_chan(text, path, told.fps, told.order)
    if kind == "colmap":
        return read_colmap(text, path, told.fps)
    return read_tum(text, path)


def _read_json(data: Mapping[str, Any], path: Path, told: Told, kind: PathFormat | None) -> Poses:
    kind = kind or _json_kind(data, path)
    if told.own_rate:
        data = {**data, "fps": told.fps}
    return (read_ours if kind == "json" else read_blender)(data, path, told.fps)


def _kind(text: str, path: Path) -> PathFormat:
    """The format of a file that is no JSON."""
    if path.suffix.lower() == ".chan":
        return "chan"
    lines = (line.partition("#")[0].split() for line in text.split("\n"))
    first = next(filter(None, lines), [])
    if not first:
        raise fault(path, "the file is empty: it holds no pose; export the path again")
    if len(first) == _TABLE:
        return "tum"
    if len(first) > _TABLE:
        return "colmap"
    raise fault(
        path,
        "this is none of the formats that are read; say which one it is meant to be: format: "
        f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}",
    )


def _json_kind(data: Mapping[str, Any], path: Path) -> PathFormat:
    if ours.MARK in data or "poses" in data:
        return "json"
    if blender.MARK in data:
        return "blender"
    raise fault(
        path,
        f'expected "{ours.MARK}": "{ours.WHAT}" with poses, or frames with a matrix_world as '
        f"Blender has it; found {', '.join(map(str, list(data)[:5])) or 'an empty mapping'}",
    )


def kind_for(path: Path) -> PathFormat:
    """The format to write by a file's name; ValueError where the name tells none."""
    suffix, name = path.suffix.lower(), path.name.lower()
    if suffix in (".json", ".chan"):
        return "json" if suffix == ".json" else "chan"
    if suffix in (".txt", ".tum"):
        return "colmap" if name == "images.txt" else "tum"
    raise ValueError(
        f"{quoted_path(path)}: the name tells no format; write .json, .chan or .txt, or "
        f"--format {', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
    )


def path_files(
    poses: Poses,
    path: Path,
    kind: PathFormat,
    *,
    fps: Fraction,
    size: tuple[int, int],
    order: RotationOrder = NUKES,
) -> Mapping[Path, str]:
    """The texts of the files that a path becomes, by their paths; `path` is the first of them.

    `fps` is poses a second, and `size` that of the pictures in pixels.
    """
    made, rate = rounded(poses), float(fps)
    if kind == "colmap":
        cameras = {path.with_name(CAMERAS): _text(camera_lines(made, size))}
        return {path: _text(colmap_lines(made, rate)), **cameras}
    lines = {
        "json": lambda: our_lines(made, str(fps)),
        "blender": lambda: blender_lines(made, rate),
        "chan": lambda: chan_lines(made, rate, order),
        "tum": lambda: tum_lines(made, rate),
    }
    return {path: _text(lines[kind]())}


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
