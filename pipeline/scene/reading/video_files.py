"""Readers of what a video file is called, and of what its format can be asked for."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from pydantic import AfterValidator, ValidationInfo

from keyframes.mistakes import found
from pipeline.files.atomic import LONGEST_NAME, name_length
from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader
from pipeline.scene.reading.paths import is_name
from pipeline.spec.video_formats import (
    FORMATS,
    PICTURES,
    SUFFIXES,
    VideoFormat,
    format_of,
    numbered_pictures,
)

_TAKEN = ("frames", "intermediate", "stale", "upscaled")
"""Folders of a run that hold its own pictures, or what begins like one of them."""

_OWN = frozenset({"depth", "keys", "memory", "scene", "takes"})
"""Other folders of a run."""


def video_file() -> Reader:
    """Reader of a video's name, such as `lighthouse.mp4`, or of pictures', `master/####.png`."""

    def read(value: Any, info: ValidationInfo) -> str:
        if not isinstance(value, str) or not is_name(value) or format_of(value) is None:
            raise ValueError(_unfit(value))
        pictures = numbered_pictures(value)
        name = value if pictures is None else pictures.folder
        is_plain = PurePath(name.replace("\\", "/")).name == name and name != ".."
        if not is_plain or name.lower() in SUFFIXES:
            raise ValueError(_unfit(value))
        # Where a disk takes no notice of the case of letters, "Frames" is "frames".
        lowered = name.casefold()
        if pictures is not None and (lowered.startswith((".", *_TAKEN)) or lowered in _OWN):
            raise ValueError(
                f'a render keeps files of its own in "{name}"; name another folder, such as '
                f'"{value.replace(name, "master", 1)}"'
            )
        if (length := max(map(name_length, value.split("/")))) > LONGEST_NAME:
            raise ValueError(
                f"the name is {length} bytes long, a file's name may have {LONGEST_NAME}, and a "
                "letter outside ASCII takes 2 to 4; write a shorter one"
            )
        return value

    return Reader(read, forms.text("a name; its end is the format"))


def _unfit(value: Any) -> str:
    form = f"a name without folders that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
    words = f"expected {form}, found {found(value)}"
    if isinstance(value, str) and value.lower().endswith(".png"):
        return f'{words}; pictures are named by a folder and numbers, "master/####.png"'
    return words


def _format(info: ValidationInfo) -> VideoFormat | None:
    """The format of the file; None where its name is a mistake, which is told already."""
    file = info.data.get("file")
    return format_of(file) if isinstance(file, str) else None


def _bit_depth(value: int | None, info: ValidationInfo) -> int | None:
    kind = _format(info)
    if kind is None or value is None:
        return value if kind is None else kind.depths[0]
    if value not in kind.depths:
        allowed = " or ".join(map(str, kind.depths))
        others = _kinds(lambda one: value in one.depths)
        instead = f"; {value} bits are for {others}" if others else ""
        raise ValueError(f"found {value}; {_called(kind)} has {allowed} bits{instead}")
    return value


depth_it_has = AfterValidator(_bit_depth)
"""The format's usual depth where none is written; refuses one that it has not."""


def _crf(value: int | None, info: ValidationInfo) -> int | None:
    kind = _format(info)
    if kind is None or value is None:
        return None if kind is None or kind.crf is None else kind.crf[0]
    if kind.crf is None:
        raise ValueError(_unknown("crf", kind, _kinds(lambda one: one.crf is not None)))
    if value > kind.crf[1]:
        raise ValueError(f"found {value}; {_called(kind)} allows 0 to {kind.crf[1]}")
    return value


crf_it_knows = AfterValidator(_crf)
"""The format's usual quality where none is written; refuses it where the format has no such one."""


def _effort(value: str | None, info: ValidationInfo) -> str | None:
    kind = _format(info)
    if value is not None and kind is not None and not kind.has_effort:
        raise ValueError(_unknown("preset", kind, _kinds(lambda one: one.has_effort)))
    return value


effort_it_knows = AfterValidator(_effort)
"""Refuses an effort where the format knows but one."""


def _unknown(setting: str, kind: VideoFormat, others: str) -> str:
    return f"{setting} is for {others}; {_called(kind)} has none: remove it"


def _called(kind: VideoFormat) -> str:
    return f"{kind.codec} ({' and '.join(kind.suffixes)})"


def _kinds(fits: Any) -> str:
    """The formats that fit, in words; "" for none."""
    return " and ".join(_called(one) for one in FORMATS if fits(one) and one != PICTURES)
