"""Reader of `video.input`: a clip of the author's, and which of its frames fall on the video's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.tempo import exact
from keyframes.time_words import clock_time, counted
from pipeline.files.clip import Clip, Crop, Fit
from pipeline.files.clip_header import ClipError, read_clip
from pipeline.scene.reading import forms
from pipeline.scene.reading.fields import Reader, one_of, or_none, whole
from pipeline.scene.reading.moving import existing_file
from pipeline.scene.reading.music_fields import seconds, seconds_form
from pipeline.scene.reading.ranges import between

AtEnd = Literal["error", "hold", "loop"]
"""What the frames of a video show that lasts longer than its clip."""

_SECONDS = between(0, 360_000)
_NTH = between(1, 10_000)
_FILE = forms.text("a video file")
_CROP = {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4}
_FORM = forms.either(
    _FILE,
    forms.keyed(
        {
            "file": (_FILE, "A video file, named from the scene's folder."),
            "start": (seconds_form(_SECONDS), "The second of the clip on the first frame; 0."),
            "end": (seconds_form(_SECONDS), "The second of the clip that is not seen any more."),
            "extract_nth": (
                forms.numeral(_NTH, whole=True),
                "Take every nth frame of the clip, one for each frame of the video, whatever the "
                "time; unwritten, frames show the clip at their time.",
            ),
            "crop": (
                forms.Form(_CROP, "[x, y, width, height]"),
                "The part of the clip that is used, in its pixels.",
            ),
            "fit": (
                forms.words(*get_args(Fit)),
                "Where proportions differ: `cover` cuts, `contain` leaves black, `stretch` bends.",
            ),
            "at_end": (
                forms.words(*get_args(AtEnd)),
                "What a video shows that lasts longer: the last frame (`hold`) or the clip again "
                "(`loop`); unwritten it is an `error`.",
            ),
        },
        ("file",),
    ),
    what="a video file, or `{file, start, end, extract_nth, crop, fit, at_end}`",
)


@dataclass(frozen=True, slots=True)
class ClipInput:
    """A clip, and how it becomes the frames that a video's frames start from."""

    clip: Clip
    start: Fraction = Fraction(0)
    """The second of the clip that falls on the first frame."""
    end: Fraction | None = None
    """The second of the clip before which it is over; None where it is at its own end."""
    extract_nth: int | None = None
    """Frames of the clip from one frame of the video to the next; None where time says."""
    crop: Crop | None = None
    fit: Fit = "cover"
    at_end: AtEnd = "error"
    span: range = field(init=False, repr=False)
    """The frames of the clip from `start` to before `end`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "span", self._span())

    @property
    def file(self) -> Path:
        """Absolute path of the video file."""
        return self.clip.file

    @property
    def seconds(self) -> Fraction:
        """How long the clip lasts from `start` on."""
        return (self.clip.end if self.end is None else min(self.end, self.clip.end)) - self.start

    def count(self, fps: Fraction) -> int:
        """Frames of a video of this rate that lasts as long as the clip."""
        if self.extract_nth is not None:
            return max(1, -(-len(self.span) // self.extract_nth))
        # A hundredth of a frame is the rounding of times, and no frame more.
        return max(1, ceil(self.seconds * fps - Fraction(1, 100)))

    def frame(self, number: int, fps: Fraction) -> int:
        """The clip's frame that falls on a frame of the video; behind its end as `at_end` says."""
        count = self.count(fps)
        place = number % count if self.at_end == "loop" else min(number, count - 1)
        span = self.span
        if self.extract_nth is not None:
            return span[min(place * self.extract_nth, len(span) - 1)]
        return min(max(self.clip.frame_at(self.start + place / fps), span[0]), span[-1])

    def too_short(self, frames: int, fps: Fraction) -> str:
        """What is wrong with a video of so many frames, with the remedies; "" if nothing is."""
        count = self.count(fps)
        if self.at_end != "error" or frames <= count:
            return ""
        of = "" if self.extract_nth is None else f" with extract_nth: {self.extract_nth}"
        return (
            f"the clip makes {counted(count, 'frame')}{of} ({clock_time(float(count / fps), 2)} at "
            f"{float(fps):g} frames a second), and the video has {frames}; write video.duration: "
            "clip, or in video.input at_end: hold (its last frame) or loop"
        )

    def _span(self) -> range:
        first = self.clip.frame_at(self.start)
        if self.end is None:
            return range(first, len(self.clip))
        last = self.clip.frame_at(self.end - self.clip.spacing / 2)
        return range(first, max(first, last) + 1)


def clip_input() -> Reader:
    """Reader of a video file, or of `{file, ...}` with what of it is used."""

    def read(value: Any, info: ValidationInfo) -> ClipInput:
        if info.data.get("n_batches") is not None:
            raise ValueError("n_batches makes stills: remove input, or write duration for a video")
        named = value if isinstance(value, Mapping) else {"file": value}
        mistakes = Mistakes()
        mistakes.check_keys(named, ("file", *_PARTS))
        place = mistakes if named is not value else mistakes.at("file")
        clip = place.attempt(partial(_clip, info=info), named.get("file"))
        parts: dict[str, Any] = {
            name: mistakes.at(name).attempt(partial(_part, reader, info), named[name])
            for name, reader in _PARTS.items()
            if name in named
        }
        if clip is not None and not mistakes.problems:
            _check(clip, parts, mistakes)
        mistakes.raise_any()
        assert clip is not None
        return ClipInput(clip, **parts)

    return Reader(read, _FORM)


def _part(reader: Reader, info: ValidationInfo, value: Any) -> Any:
    return reader.read(value, info)


def _clip(value: Any, info: ValidationInfo) -> Clip:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected the name of a video file, found {found(value)}")
    try:
        return read_clip(existing_file(value, info))
    except ClipError as error:
        raise ValueError(str(error)) from error


def _check(clip: Clip, parts: Mapping[str, Any], mistakes: Mistakes) -> None:
    """Note what does not fit into the clip."""
    start, end, crop = parts.get("start", Fraction(0)), parts.get("end"), parts.get("crop")
    lasts = f"the clip lasts {float(clip.end):.6g} seconds"
    if start >= clip.end:
        mistakes.at("start").add(
            f"found {float(start):g} seconds, and {lasts}; allowed: from 0 to less than that"
        )
    if end is not None and end > clip.end + clip.spacing:
        mistakes.at("end").add(
            f"found {float(end):g} seconds, and {lasts}; allowed: from more than start to that; "
            "write less, or leave it out to use all"
        )
    elif end is not None and end <= start:
        mistakes.at("end").add(
            f"it is at {float(end):g} seconds, and start at {float(start):g}; allowed: more than "
            f"start, to {float(clip.end):.6g}; it is a time in the clip, no length"
        )
    if crop is not None:
        _check_crop(crop, clip.size, mistakes.at("crop"))


def _check_crop(crop: Crop, size: tuple[int, int], mistakes: Mistakes) -> None:
    """Note a part that reaches beyond the clip, with what lies within it."""
    (x, y, width, height), (wide, high) = crop, size
    if x + width <= wide and y + height <= high:
        return
    within = "move it, so that x and y lie in the clip"
    if x < wide and y < high:
        least = f"[{x}, {y}, {min(width, wide - x)}, {min(height, high - y)}]"
        within = f"write {least} for as much of it as there is"
    mistakes.add(
        f"found {list(crop)}, [x, y, width, height], and the clip has {wide} x {high}; allowed: "
        f"x + width to {wide}, y + height to {high}; {within}"
    )


def _exact(reader: Reader) -> Reader:
    def read(value: Any, info: ValidationInfo) -> Fraction:
        second = reader.read(value, info)
        assert isinstance(second, float)
        return exact(second)

    return Reader(read, reader.form)


def _crop(value: Any, info: ValidationInfo) -> Crop:
    sides = value if isinstance(value, list) and len(value) == 4 else []
    if not sides or not all(type(one) is int and one >= 0 for one in sides) or 0 in sides[2:]:
        raise ValueError(
            f"expected [x, y, width, height] in whole pixels of the clip, found {found(value)}"
        )
    x, y, width, height = sides
    return x, y, width, height


def _choice(allowed: Any) -> Callable[[Any, ValidationInfo], str]:
    return lambda value, info: one_of(get_args(allowed), value)


_PARTS: Mapping[str, Reader] = {
    "start": _exact(seconds(_SECONDS)),
    "end": _exact(seconds(_SECONDS)),
    "extract_nth": or_none(whole(_NTH)),
    "crop": or_none(Reader(_crop)),
    "fit": Reader(_choice(Fit)),
    "at_end": Reader(_choice(AtEnd)),
}
