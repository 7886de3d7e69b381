"""Frames of a clip, decoded one after the other and brought to the size of a render.

Convention:
    Pixels are `(H, W, 3)` uint8 arrays, red, green, blue; row 0 is the top. A crop is
    `(x, y, width, height)` in pixels of the clip as it is seen: upright, and with square pixels.
"""

from __future__ import annotations

import re
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

import numpy as np

from keyframes.quoting import quoted_path
from pipeline.files.clip import Clip, Crop, Fit
from pipeline.files.clip_header import ClipError, clip_input
from pipeline.files.ffmpeg import ffmpeg, plain_words
from pipeline.files.png import Pixels

Keep = Callable[[int, Pixels], None]
"""Takes a frame of the clip, by its number."""

_MOST_LOST = 12
"""Frames in a row that a clip may lack, for which the one before them is shown."""
_PATIENCE = 60.0
"""Seconds in which ffmpeg says when a frame comes that it has handed over."""
_FILTER = rb"\[Parsed_showinfo_0 @ (?:0x)?[0-9a-fA-F]+\] "
"""Begins what the filter says; words out of a file, its title say, begin otherwise."""
_TICK = re.compile(_FILTER + rb"n: *[0-9]+ pts: *(-?[0-9]+|NOPTS) ")
_BASE = re.compile(_FILTER + rb"config in time_base: ([0-9]+/[0-9]+)")
_LAST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Framing:
    """How the pictures of a clip become frames."""

    size: tuple[int, int]
    """Width and height of a frame."""
    crop: Crop | None = None
    """The part of the clip that is used; None for all of it."""
    fit: Fit = "cover"


def decode_frames(clip: Clip, framing: Framing, wanted: Sequence[int], keep: Keep) -> None:
    """Hand the `wanted` frames to `keep` in their order, each once; the clip is decoded once.

    Where a damaged clip lacks a frame the one before it stands in, whatever others are wanted.

    Raises:
        ClipError: one is wanted of many in a row that cannot be decoded.
        Error: there is no ffmpeg.
    """
    left = deque(sorted(set(wanted)))
    last = -1
    shown: Pixels | None = None
    with _decoded(clip, framing) as (frames, fault):
        for number, pixels in frames:
            while left and left[0] < number:
                _check_lack(clip, number - last - 1, fault)
                keep(left.popleft(), pixels if shown is None else shown)
            if left and left[0] == number:
                keep(left.popleft(), pixels)
            if not left:
                return
            last, shown = number, pixels
        _check_lack(clip, _MOST_LOST + 1 if shown is None else len(clip) - last - 1, fault)
        for number in left:
            assert shown is not None
            keep(number, shown)


def _check_lack(clip: Clip, count: int, fault: Callable[[], str]) -> None:
    """ClipError if the clip lacks more frames in a row than the one before them stands in for."""
    if count > _MOST_LOST:
        raise ClipError(
            f"{quoted_path(clip.file)} cannot be decoded to its end (ffmpeg: {fault()}); export it "
            "again, or end before that by video.input.end"
        )


def filters(clip: Clip, framing: Framing) -> str:
    """The filters of ffmpeg that make frames of the clip's pictures, which come upright."""
    chain = ["showinfo=checksum=0"]
    seen = clip.size
    if framing.crop is not None:
        x, y, width, height = framing.crop
        across, down = (
            Fraction(stored, shown) for stored, shown in zip(clip.stored, clip.size, strict=True)
        )
        sides = (round(width * across), round(height * down), round(x * across), round(y * down))
        chain.append("crop={}:{}:{}:{}:exact=1".format(*sides))
        seen = (width, height)
    scaled = _scaled(seen, framing)
    matrix = f":in_color_matrix={clip.colours}" if clip.colours else ""
    exact = "lanczos+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
    chain.append(f"scale={scaled[0]}:{scaled[1]}:flags={exact}{matrix}")
    chain += ["setsar=1", "format=rgb24"]
    (width, height), (wide, high) = framing.size, scaled
    if wide > width or high > height:
        chain.append(f"crop={width}:{height}:{(wide - width) // 2}:{(high - height) // 2}")
    elif wide < width or high < height:
        chain.append(f"pad={width}:{height}:{(width - wide) // 2}:{(height - high) // 2}")
    return ",".join(chain)


def _scaled(seen: tuple[int, int], framing: Framing) -> tuple[int, int]:
    """The size at which what is `seen` of the clip covers a frame, lies in it, or is the frame."""
    (width, height), (wide, high) = framing.size, seen
    if framing.fit == "stretch":
        return framing.size
    by_width, by_height = Fraction(width, wide), Fraction(height, high)
    if framing.fit == "cover":
        scale = max(by_width, by_height)
        return max(width, ceil(wide * scale)), max(height, ceil(high * scale))
    scale = min(by_width, by_height)
    return max(1, int(wide * scale)), max(1, int(high * scale))


@contextmanager
def _decoded(
    clip: Clip, framing: Framing
) -> Iterator[tuple[Iterator[tuple[int, Pixels]], Callable[[], str]]]:
    """All frames of a clip with their numbers, and ffmpeg's last words as far as it has said any.

    It is decoded from its beginning: what is found by jumping may be other pixels.
    """
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-copyts"]
    argv += [*clip_input(clip.file), "-map", "0:V:0", "-vf", filters(clip, framing)]
    argv += ["-fps_mode", "passthrough", "-f", "rawvideo", "-"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(argv, stdout=pipe, stderr=pipe, env=plain_words())
    assert process.stdout is not None and process.stderr is not None
    log = _Log(process.stderr)
    try:
        yield _numbered(clip, framing, process.stdout, log), log.last_words
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
        log.join()


def _numbered(
    clip: Clip, framing: Framing, stream: IO[bytes], log: _Log
) -> Iterator[tuple[int, Pixels]]:
    width, height = framing.size
    places = {tick: number for number, tick in enumerate(clip.ticks)}
    before = -1
    while len(data := stream.read(3 * width * height)) == 3 * width * height:
        tick = log.next_tick(clip)
        in_turn = before + 1
        number = places.get(tick, in_turn) if tick is not None and clip.says_when else in_turn
        if number > before:
            before = number
            yield number, np.frombuffer(data, np.uint8).reshape(height, width, 3)


@dataclass(frozen=True, slots=True)
class _End:
    """Stands for the end of all that ffmpeg says."""


class _Log:
    """What ffmpeg says while it decodes: when each frame comes, and what goes wrong."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._ticks: SimpleQueue[int | _End | None] = SimpleQueue()
        self._said: deque[str] = deque(maxlen=_LAST_WORDS)
        self._base = Fraction(0)
        self._thread = Thread(target=self._follow, args=(stream,), daemon=True)
        self._thread.start()

    def next_tick(self, clip: Clip) -> int | None:
        """When the next frame comes, in the clip's own ticks; None where the file does not say.

        Raises:
            ClipError: ffmpeg hands frames over and does not say when they come.
        """
        try:
            found = self._ticks.get(timeout=_PATIENCE)
        except Empty:
            found = _End()
        if isinstance(found, _End):
            raise ClipError(
                f"ffmpeg does not say when the frames of {quoted_path(clip.file)} come (last "
                f"words: {self.last_words()}); let IMAGEIO_FFMPEG_EXE name no other, or one of "
                "release 5.1 or later"
            )
        return None if found is None else round(found * (self._base or clip.tick) / clip.tick)

    def last_words(self) -> str:
        """The last that was said and is no frame."""
        words = [re.sub(r"^(?:\[[^\]]*\] )+", "", one) for one in self._said]
        return words[-1] if words else "it ends early"

    def join(self) -> None:
        """Wait for the end of what is said."""
        self._thread.join()

    def _follow(self, stream: IO[bytes]) -> None:
        for line in stream:
            if match := _TICK.match(line):
                self._ticks.put(None if match[1] == b"NOPTS" else int(match[1]))
            elif match := _BASE.match(line):
                self._base = Fraction(match[1].decode())
            elif b"showinfo" not in line and line.strip():
                self._said.append(line.decode("utf-8", "replace").strip())
        self._ticks.put(_End())
        stream.close()
