"""Video files for scenes: how ffmpeg is told to read one, what it says of it, and what is amiss.

No picture is decoded but the first, to see whether that can be done: what a file says of all of its
pictures stands beside them, and is read as fast as the disk is.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from keyframes.frame_rates import parse_fps
from keyframes.quoting import quoted_path
from pipeline.errors import Error
from pipeline.files.clip import Clip, is_even, spacing_of
from pipeline.files.ffmpeg import ffmpeg, file_url, plain_words
from pipeline.files.picture_header import MAX_PIXELS

_FORMATS = (
    "asf,av1,avi,dv,flv,gif,h264,hevc,ivf,m4v,matroska,mjpeg,mov,mpeg,mpegts,mpegvideo,mxf,nut,ogg,"
    "obu,rm,vc1,yuv4mpegpipe"
)
_SOUNDS = "aac,aiff,flac,mp3,ogg,w64,wav"
_KINDS = "MP4, MOV, MKV, WebM or AVI"

_LISTS = (b"#EXTM3U", b"[playlist]", b"ffconcat")
_HEAD = 512
_SECONDS = 600.0
"""Timeout of ffmpeg in seconds: a file is read once."""
_FIRST = 60.0
"""Timeout of the first picture."""
_DISCARDED = 4
"""Flag of a packet that is decoded and not shown, such as one before an edit (ffmpeg)."""
_UNSAID = -(2**63)
"""What ffmpeg lists for a time that is not known."""
_UNSTATED_RATE = Fraction(25)
_HIGH = 720
"""Rows from which on pictures that state no colour matrix mean that of high definition."""

_STREAM = re.compile(r"Stream #0:\d+\S*: Video: ([^\r\n]*)((?:\r?\n {4,}(?!Stream)[^\r\n]*)*)")
_SIDES = re.compile(r", ([0-9]{1,6})x([0-9]{1,6})\b")
_PIXEL = re.compile(r"\bSAR ([0-9]{1,9}):([0-9]{1,9})\b")
_FPS = re.compile(r"\b([0-9]+(?:\.[0-9]+)?)(k?) (fps|tbr)\b")
_TURNED = re.compile(r"rotation of (-?[0-9.]+) degrees")
_BEGIN = re.compile(r"Duration: [^,]+, start: (-?[0-9]+\.[0-9]+)")
_MATRIX = re.compile(r"[(,] ?(bt709|bt2020\w*|smpte170m|bt470bg|fcc|smpte240m|gbr|ycgco)[/,)]")
"""A matrix that is stated: alone, or before the primaries and the transfer, as `a/b/c`."""


class ClipError(Error):
    """A video file is missing, damaged, or has no pictures that can be read."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What ffmpeg says of the pictures in a file."""

    header: str
    """The line of the stream, with those of its side data."""
    begin: Fraction
    tick: Fraction
    packets: tuple[tuple[int, int], ...]
    """Tick at which each frame comes, and how many it lasts, in their order."""
    says_when: bool

    @property
    def line(self) -> str:
        """The line of the stream alone."""
        return self.header.partition("\n")[0]


def clip_input(path: Path) -> list[str]:
    """Arguments that make the file an input of ffmpeg, which opens no other files that it names."""
    formats = f"{_FORMATS},{_SOUNDS}"
    return ["-protocol_whitelist", "file", "-format_whitelist", formats, "-i", file_url(path)]


def read_clip(path: Path) -> Clip:
    """The clip in a file, all of whose packets are looked at.

    Raises:
        ClipError: it cannot be read, or has no video whose first picture can be decoded.
        Error: there is no ffmpeg.
    """
    if fault := _before_ffmpeg(path):
        raise ClipError(f"{quoted_path(path)} {fault}")
    said = _said(path)
    if isinstance(said, str):
        raise ClipError(f"{quoted_path(path)} {said}")
    clip = _understood(path, said)
    if clip.stored[0] * clip.stored[1] > MAX_PIXELS:
        raise ClipError(
            f"{quoted_path(path)} has {clip.stored[0]} x {clip.stored[1]} pixels, more than the "
            f"{MAX_PIXELS:,} of a picture; export it smaller"
        )
    if fault := _first_picture(path):
        raise ClipError(f"{quoted_path(path)} {fault}")
    return clip


def _before_ffmpeg(path: Path) -> str:
    """What is amiss with a file by its first bytes, as the end of a sentence; "" for nothing."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return f"cannot be read: {error.strerror}; check that it may be read"
    if not head:
        return "is empty, 0 bytes; export the video again"
    if head.startswith(_LISTS):
        return "is a list of other files; name the video file itself"
    return ""


def _said(path: Path) -> _Said | str:
    """What ffmpeg says of a file, or what is amiss, as the end of a sentence."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "level+info", "-copyts"]
    # A capital V leaves out the covers of songs.
    argv += [*clip_input(path), "-map", "0:V:0", "-c", "copy", "-f", "framecrc", "-"]
    try:
        done = _run(argv, _SECONDS)
    except subprocess.TimeoutExpired:
        return f"was not read to its end in {_SECONDS:.0f} seconds; export it again as {_KINDS}"
    log = re.sub(r"^(?:\[[^\]]*\] )+", "", done.stderr, flags=re.M)
    packets, tick, says_when = _packets(done.stdout)
    streams = [one for one in _STREAM.finditer(log) if "(attached pic)" not in one[0]]
    if not streams or not packets:
        return _fault(log, done.stderr, bool(streams))
    begin = _BEGIN.search(log)
    start = Fraction(begin[1]) if begin else packets[0][0] * tick
    return _Said(streams[0][1] + streams[0][2], start, tick, packets, says_when)


def _run(argv: list[str], timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
        env=plain_words(),
    )


def _packets(written: str) -> tuple[tuple[tuple[int, int], ...], Fraction, bool]:
    """Tick and length of each frame that is shown, as ffmpeg's `framecrc` lists them.

    Returns also the seconds of a tick, and whether the file says of each when it is shown. Some
    say when frames are decoded, one after the other, and of a few alone how much later they show.
    """
    found: list[tuple[int, int, int]] = []
    tick = Fraction(1)
    for line in written.splitlines():
        if line.startswith("#tb 0: "):
            tick = Fraction(line.removeprefix("#tb 0: "))
        if line.startswith("#"):
            continue
        _, decoded, shown, length, *more = (part.strip() for part in line.split(","))
        flags = next((int(one[2:], 16) for one in more if one.startswith("F=")), 1)
        if not flags & _DISCARDED:
            found.append((int(decoded), int(shown), int(length)))
    says_when = all(shown != _UNSAID for _, shown, _ in found)
    if says_when:
        return tuple(sorted((shown, length) for _, shown, length in found)), tick, True
    first = found[0]
    later = 0 if first[1] == _UNSAID else first[1] - first[0]
    return tuple(sorted((one + later, length) for one, _, length in found)), tick, False


def _fault(log: str, raw: str, has_pictures: bool) -> str:
    """Why there are no pictures, as the end of a sentence."""
    if has_pictures:
        return "has the header of a video and no pictures after it; export it again"
    if "Audio: " in log:
        return "holds sound and no video; name a video file, or write it as music.file"
    error = re.search(r"^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*\[(?:error|fatal)\] (.*)$", raw, re.M)
    words = error[1].strip() if error else "no stream of pictures"
    if words.startswith("Format not on whitelist"):
        return f"is of a format that is no video; allowed are {_KINDS} files"
    return f"is not a video that can be read (ffmpeg: {words}); allowed are {_KINDS} files"


def _understood(path: Path, said: _Said) -> Clip:
    ticks = tuple(dict.fromkeys(tick for tick, _ in said.packets))
    stored, size = _sizes(said.header)
    rate = _rate(said.line, ticks, said.tick)
    between = 1 / rate if rate else spacing_of(ticks) * said.tick
    last = said.packets[-1][1] * said.tick
    usual = between or last or 1 / next(iter(_stated_rates(said.line)), _UNSTATED_RATE)
    # What a file says of its last frame alone may be anything.
    lasts = usual if rate or not last or last > 4 * usual else last
    return Clip(
        file=path,
        size=size,
        stored=stored,
        ticks=ticks,
        tick=said.tick,
        begin=said.begin,
        rate=rate,
        lasts=lasts,
        says_when=said.says_when,
        colours=_colours(said, size),
    )


def _sizes(header: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The size of the pixels that are decoded, and that of square ones, both upright."""
    sides, pixel = _SIDES.search(header), _PIXEL.search(header)
    assert sides is not None
    width, height = int(sides[1]), int(sides[2])
    wide = Fraction(int(pixel[1]), int(pixel[2])) if pixel and int(pixel[2]) else Fraction(1)
    square = (max(1, round(width * (wide or 1))), height)
    turned = _TURNED.search(header)
    if turned and round(float(turned[1]) / 90) % 2:
        return (height, width), (square[1], square[0])
    return (width, height), square


def _rate(line: str, ticks: tuple[int, ...], tick: Fraction) -> Fraction | None:
    """The frames a second that a file states, if its frames come so."""
    if len(ticks) < 2:
        return None
    return next((rate for rate in _stated_rates(line) if is_even(ticks, tick, rate)), None)


def _stated_rates(line: str) -> list[Fraction]:
    """The frames a second that a file states, without those that are too low for its digits."""
    written = ((number, thousands) for number, thousands, _ in _FPS.findall(line) if float(number))
    return [parse_fps(number) * (1000 if thousands else 1) for number, thousands in written]


def _colours(said: _Said, size: tuple[int, int]) -> str:
    return "bt709" if min(size) >= _HIGH and not _MATRIX.search(said.line) else ""


def _first_picture(path: Path) -> str:
    """Why the first picture cannot be decoded, as the end of a sentence; "" if it can."""
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "level+error", *clip_input(path)]
    argv += ["-map", "0:V:0", "-frames:v", "1", "-f", "framecrc", "-"]
    try:
        done = _run(argv, _FIRST)
    except subprocess.TimeoutExpired:
        return f"gave no picture in {_FIRST:.0f} seconds; export it again as {_KINDS}"
    if any(not line.startswith("#") for line in done.stdout.splitlines()):
        return ""
    error = re.search(r"\[(?:error|fatal)\] (.*)$", done.stderr, re.M)
    words = error[1].strip() if error else "no picture"
    return f"holds a video that cannot be decoded (ffmpeg: {words}); export it again as {_KINDS}"
