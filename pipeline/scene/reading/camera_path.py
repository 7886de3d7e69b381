"""Reader of a camera's path: the file of another program, and how it is flown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationInfo

from keyframes.mistakes import found
from keyframes.quoting import quoted_path
from pipeline.scene.paths.chan import NUKES, RotationOrder
from pipeline.scene.paths.flight import Flight
from pipeline.scene.paths.formats import FORMATS, PathFormat, Told, read_path
from pipeline.scene.paths.json_numbers import FASTEST, SLOWEST
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, frame_rate, number, one_of
from pipeline.scene.reading.moving import existing_file
from pipeline.scene.reading.parts import (
    Part,
    read_easing,
    read_frames,
    read_frames_from_0,
    read_parts,
)
from pipeline.scene.reading.ranges import Range

AUTO = "auto"
ORDERS: tuple[RotationOrder, ...] = get_args(RotationOrder)
_SCALES = Range(1e-9, 1e9)
_RATES = Range(SLOWEST, FASTEST)
_FILE = forms.text("a camera path")
_LENGTH = forms.Form({"type": ["number", "string"]}, "a length")
_FORM = forms.either(
    _FILE,
    forms.keyed(
        {
            "file": (_FILE, "The file, from the scene's folder."),
            "format": (forms.words(AUTO, *FORMATS), "Its format; `auto` goes by what it holds."),
            "scale": (forms.numeral(_SCALES), "Units of depth in one unit of the file; 1."),
            "fps": (
                forms.either(forms.numeral(_RATES), forms.text("")),
                "Poses a second; the file's own, or else the video's.",
            ),
            "start": (_LENGTH, "Where along the path the shot begins, in time of the path."),
            "over": (_LENGTH, "The length of video in which all of it is flown; its own time."),
            "ease": (forms.EASE, "How the time of the whole path is spent."),
            "rotation_order": (forms.words(*ORDERS), "Of a .chan file: `ZXY` as Nuke's cameras."),
        },
        required=("file",),
    ),
)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file, and what is written beside it."""

    file: Path
    format: PathFormat | None = None
    """Format of the file; None where what it holds tells."""
    scale: float = 1.0
    fps: Any = None
    start: float = 0.0
    over: float | None = None
    ease: Any = None
    rotation_order: RotationOrder = NUKES


def camera_path() -> Reader:
    """Reader of a file's name, or `{file, format, scale, fps, start, over, ease}`."""

    def read(value: Any, info: ValidationInfo) -> Flight:
        if not isinstance(value, Mapping):
            return _flight(_Read(_file(value, info)), info)
        return _flight(_Read(**read_parts(value, _READERS, info, required=("file",))), info)

    return Reader(read, _FORM)


def _flight(read: _Read, info: ValidationInfo) -> Flight:
    context = context_of(info)
    fps = float(context.clock.timebase.fps)
    rate = fps if read.fps is None else float(read.fps)
    told = Told(rate, own_rate=read.fps is not None, order=read.rotation_order)
    poses = read_path(read.file, told, read.format)
    start, lasting = read.start / fps, float(poses.times[-1])
    if start >= lasting:
        raise ValueError(
            f"start is {start:g}s, and the path lasts {lasting:g}s; write an earlier start"
        )
    return Flight(
        file=os.path.basename(read.file),
        poses=poses,
        fps=fps,
        scale=read.scale,
        start=start,
        over=read.over,
        ease=read.ease,
        has_lens=poses.fovs is not None and not context.wrote("camera", "fov"),
    )


def _file(value: Any, info: ValidationInfo) -> Path:
    path = existing_file(value, info)
    if path.suffix.lower() in (".bin", ".abc", ".fbx", ".blend", ".usd", ".nk"):
        raise ValueError(
            f'"{quoted_path(path)}" is of a format that is not read; export the camera as JSON '
            "(the manual has a script for Blender), .chan, COLMAP's images.txt or TUM text"
        )
    return path


def _format(value: Any, info: ValidationInfo) -> PathFormat | None:
    return None if one_of((AUTO, *FORMATS), value) == AUTO else one_of(FORMATS, value)


def _over(value: Any, info: ValidationInfo) -> float:
    frames = read_frames(value, info)
    if frames < 2:
        raise ValueError(f"found {found(value)}, which is {frames:g} frames; a flight takes 2")
    return frames


_READERS: Mapping[str, Part] = {
    "file": _file,
    "format": _format,
    "scale": lambda value, info: number(_SCALES).read(value, info),
    "fps": lambda value, info: frame_rate(_RATES).read(value, info),
    "start": read_frames_from_0,
    "over": _over,
    "ease": read_easing,
    "rotation_order": lambda value, info: one_of(ORDERS, value),
}
