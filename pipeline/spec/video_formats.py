"""What the files of a video can be, by their names, and what can be asked of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class VideoFormat:
    """A kind of file, and the settings that it knows."""

    suffixes: tuple[str, ...]
    codec: str
    """Name of what encodes the pictures, for people."""
    depths: tuple[int, ...]
    """Bits of a level that it can have, the usual first."""
    crf: tuple[int, int] | None = None
    """The usual quality and the largest number of it, which is the worst; 0 is the best. None
    where there is no such number."""
    has_effort: bool = False
    """Whether more work makes smaller files, so that `preset` has a meaning."""
    has_sound: bool = True
    has_boxes: bool = False
    """Whether the file is one of boxes (ISO 14496-12), as MP4 and QuickTime are."""
    most_fps: int | None = None
    """Frames a second that it can tell at most; None for any."""


PICTURES = VideoFormat((".png",), "PNG", (8,), has_sound=False)
"""Numbered pictures in a folder of their own."""

FORMATS = (
    VideoFormat((".mp4", ".m4v"), "H.264", (8, 10), (17, 51), has_effort=True, has_boxes=True),
    VideoFormat((".webm",), "VP9", (8, 10), (24, 63), has_effort=True),
    VideoFormat((".mov",), "ProRes", (10,), has_boxes=True),
    # Players take a delay of less than two hundredths of a second for ten of them.
    VideoFormat((".gif",), "GIF", (8,), has_sound=False, most_fps=50),
    VideoFormat((".webp",), "WebP", (8,), has_sound=False),
    PICTURES,
)

SUFFIXES = tuple(suffix for one in FORMATS if one != PICTURES for suffix in one.suffixes)
"""Suffixes of the files that hold a whole video."""

BOXED = tuple(suffix for one in FORMATS if one.has_boxes for suffix in one.suffixes)
"""Suffixes of those that can tell players how a picture is to be seen."""

_PICTURES = re.compile(r"(?P<folder>[^/]+)/(?P<start>[^/#]*)(?P<number>#{1,12})\.png")


def format_of(file: str) -> VideoFormat | None:
    """The format of an output by its name; None if the name is none of an output."""
    if _PICTURES.fullmatch(file):
        return PICTURES
    suffix = PurePosixPath(file).suffix.lower()
    known = (one for one in FORMATS if one != PICTURES and suffix in one.suffixes)
    return None if "/" in file else next(known, None)


@dataclass(frozen=True, slots=True)
class NumberedPictures:
    """A name such as `master/pulse-####.png`, taken apart: the folder and the pictures in it."""

    folder: str
    start: str
    """What each name begins with; may be empty."""
    digits: int
    """Digits of the number, which is longer where it has to be."""
    suffix: str = ".png"

    def name(self, number: int) -> str:
        """The name of one picture within the folder."""
        return f"{self.start}{number:0{self.digits}d}{self.suffix}"

    @property
    def pattern(self) -> str:
        """The names as ffmpeg takes them."""
        return f"{self.start.replace('%', '%%')}%0{self.digits}d{self.suffix}"

    def is_one(self, name: str) -> bool:
        """Whether a file of this name in the folder is one of the pictures."""
        number = rf"{re.escape(self.start)}\d{{{self.digits},}}{re.escape(self.suffix)}"
        return re.fullmatch(number, name) is not None


def numbered_pictures(file: str) -> NumberedPictures | None:
    """The folder and the names of the pictures that an output is; None for one that is a file."""
    match = _PICTURES.fullmatch(file)
    return match and NumberedPictures(match["folder"], match["start"], len(match["number"]))
