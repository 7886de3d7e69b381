"""Sound files for videos: how ffmpeg is told to read one, and what is amiss with one.

Convention:
    The sound of a video has 5.1 channels at most, which is what players expect; more are mixed down
    to them.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from pipeline.files.ffmpeg import ffmpeg, file_url, plain_words

MIX = "aformat=channel_layouts=mono|stereo|2.1|3.0|4.0|quad|5.0|5.1|5.1(side)"
"""The filter that changes nothing up to 5.1 channels and mixes down what has more."""

AAC = ("-c:a", "aac", "-b:a", "256k")

_SOUNDS = (
    "aac,ac3,aea,aiff,amr,ape,asf,ast,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,ircam,loas,"
    "matroska,mlp,mov,mp3,mpc,mpc8,mpeg,mpegts,mxf,nut,ogg,oma,rm,sox,tak,truehd,tta,voc,w64,wav,"
    "wsd,wv,xwma"
)
_PICTURES = "bmp_pipe,gif,jpeg_pipe,png_pipe,tiff_pipe,webp_pipe"

_LISTS = (b"#EXTM3U", b"[playlist]", b"ffconcat")
_HEAD = 512
_SECONDS = 60.0
"""Timeout of ffmpeg in seconds; it takes a small part of one."""
_KINDS = "WAV, FLAC, MP3, M4A or Ogg"


def sound_input(path: Path) -> list[str]:
    """Arguments that make the file an input of ffmpeg.

    Only formats that hold what they play are read: a playlist would open whatever it names.
    """
    formats = f"{_SOUNDS},{_PICTURES}"
    return ["-protocol_whitelist", "file", "-format_whitelist", formats, "-i", file_url(path)]


def sound_fault(path: Path) -> str:
    """What is amiss with a sound file and what to do, as the end of a sentence; "" for nothing.

    The beginning of the first sound in it is decoded and encoded as for an mp4, which takes as long
    for an hour of music as for a second. Raises Error if there is no ffmpeg.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return f"cannot be read: {error.strerror}; check that it may be read"
    if not head:
        return "is empty, 0 bytes; export the sound again"
    if head.startswith(_LISTS):
        return "is a list of other files; name the sound file itself"
    argv = [ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "level+info", *sound_input(path)]
    argv += ["-map", "0:a:0", "-frames:a", "1", "-af", MIX, *AAC, "-f", "framecrc", "-"]
    try:
        done = subprocess.run(
            argv,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            env=plain_words(),
        )
    except subprocess.TimeoutExpired:
        return f"gave no sound in {_SECONDS:.0f} seconds; export it again as {_KINDS}"
    packets = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    return "" if packets else _fault(done.stderr, head)


def _fault(said: str, head: bytes) -> str:
    """The fault that ffmpeg's log speaks of, where it made no sound."""
    described = said.partition("Stream mapping:")[0].partition("Output #")[0]
    streams = dict(re.findall(r"Stream #0:\d+\S*: (Audio|Video): ([^\r\n]*)", described))
    if sound := streams.get("Audio"):
        if not (error := _first_error(said)):
            return "has the header of a sound and no sound after it; export it again"
        kind = re.sub(r" \([^)]*\)", "", sound)
        return (
            f"holds sound that cannot be put into a video ({kind}; ffmpeg: {error}); "
            "export it as stereo or 5.1"
        )
    if streams:
        return "holds pictures and no sound; name a file with sound"
    what = "a text" if _is_text(head) else f"ffmpeg: {_first_error(said)}"
    return f"is not a sound that can be read ({what}); allowed are {_KINDS} files and the like"


def _first_error(said: str) -> str:
    """ffmpeg's first words of an error, without their origin."""
    found = re.search(r"^(?:\[[^\]]* @ 0x[0-9a-f]+\] )*\[(?:error|fatal)\] (.*)$", said, re.M)
    words = found[1].strip() if found else ""
    return "a format that is not sound" if words.startswith("Format not on whitelist") else words


def _is_text(head: bytes) -> bool:
    # A letter of several bytes may be cut off at the end.
    words = head.decode("utf-8", errors="ignore")
    whole = len(words.encode()) > len(head) - 4
    return whole and all(letter.isprintable() or letter.isspace() for letter in words)
