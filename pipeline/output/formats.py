"""Arguments of ffmpeg for each kind of file: how pictures and sound become streams of it.

Conventions:
    Pictures come in as planar RGB (gbrp) of sRGB. What stores colours as luma and chroma gets them
    by the BT.709 matrix in limited range, and is tagged so. Where chroma is stored for pairs of
    pixels, sides are even: an odd one gets one more row or column, a copy of the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.files.sound import AAC, MIX
from pipeline.spec.plan import OutputSpec

SCALING = "flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"
"""Options of ffmpeg's scaler, exact rather than fast."""

_BT709 = "color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
_TAGS = (
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-color_range", "tv"),
)
_INDEX_FIRST = ("-movflags", "+faststart")

_VP9_EFFORT: Mapping[str, tuple[str, str]] = {
    "ultrafast": ("realtime", "8"),
    "superfast": ("realtime", "6"),
    "veryfast": ("good", "5"),
    "faster": ("good", "4"),
    "fast": ("good", "3"),
    "medium": ("good", "2"),
    "slow": ("good", "1"),
    "slower": ("good", "0"),
    "veryslow": ("best", "0"),
}
"""libvpx's words for efforts that take about as long, in its terms, as x264's of these names."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """Arguments of ffmpeg for one output."""

    filters: tuple[str, ...]
    """From planar RGB at the video's size to what the encoder takes."""
    pictures: tuple[str, ...]
    sound: tuple[str, ...] = ()
    """The sound's encoder; empty where there is no place for sound."""
    mix: str = MIX
    """The filter that brings sound to the channels that the encoder knows."""
    container: tuple[str, ...] = ()
    is_one_packet: bool = False
    """Whether all pictures leave the encoder together, at the end."""


def encoder(output: OutputSpec) -> Encoder:
    """How ffmpeg makes the file of `output`, whose name has a suffix that is known."""
    return _ENCODERS[PurePosixPath(output.file).suffix.lower()](output)


def _h264(output: OutputSpec) -> Encoder:
    form = "yuv420p" if output.bit_depth == 8 else "yuv420p10le"
    return Encoder(
        filters=_luma_and_chroma(form),
        pictures=(
            *("-c:v", "libx264", "-preset", output.preset, "-crf", str(output.crf)),
            *("-pix_fmt", form, *_TAGS),
        ),
        sound=AAC,
        container=_INDEX_FIRST,
    )


def _vp9(output: OutputSpec) -> Encoder:
    form = "yuv420p" if output.bit_depth == 8 else "yuv420p10le"
    deadline, speed = _VP9_EFFORT[output.preset]
    return Encoder(
        filters=_luma_and_chroma(form),
        pictures=(
            # Without the bit rate of 0 the quality would only be a limit.
            *("-c:v", "libvpx-vp9", "-crf", str(output.crf), "-b:v", "0"),
            *("-deadline", deadline, "-cpu-used", speed, "-row-mt", "1", "-tile-columns", "2"),
            *("-pix_fmt", form, *_TAGS),
        ),
        sound=("-c:a", "libopus", "-b:a", "192k"),
        # Opus knows the surround of these layouts alone.
        mix="aformat=channel_layouts=mono|stereo|3.0|quad|5.0|5.1",
    )


def _prores(output: OutputSpec) -> Encoder:
    return Encoder(
        filters=_luma_and_chroma("yuv422p10le"),
        pictures=(
            *("-c:v", "prores_ks", "-profile:v", "hq", "-vendor", "apl0"),
            *("-pix_fmt", "yuv422p10le", *_TAGS),
        ),
        sound=("-c:a", "pcm_s24le"),
        container=_INDEX_FIRST,
    )


def _gif(output: OutputSpec) -> Encoder:
    """A palette for each frame: one for all of them would have to wait until the last."""
    palettes = (
        "split[drawn][counted];[counted]palettegen=stats_mode=single:reserve_transparent=0[colours];"
        "[drawn][colours]paletteuse=new=1:dither=sierra2_4a"
    )
    return Encoder(filters=(palettes,), pictures=("-c:v", "gif", "-loop", "0"))


def _webp(output: OutputSpec) -> Encoder:
    return Encoder(
        filters=("format=bgra",),
        pictures=("-c:v", "libwebp_anim", "-preset", "photo", "-quality", "90", "-loop", "0"),
        is_one_packet=True,
    )


def _png(output: OutputSpec) -> Encoder:
    return Encoder(
        filters=("format=rgb24",),
        pictures=("-c:v", "png", "-f", "image2", "-start_number", "0"),
    )


_ENCODERS: Mapping[str, Callable[[OutputSpec], Encoder]] = {
    ".mp4": _h264,
    ".m4v": _h264,
    ".webm": _vp9,
    ".mov": _prores,
    ".gif": _gif,
    ".webp": _webp,
    ".png": _png,
}


def _luma_and_chroma(form: str) -> tuple[str, ...]:
    """From planar RGB to an 8 or 10 bit form of luma and chroma."""
    return (
        # A border of 1 would replace the last column of an even width; `pad` tells nothing to
        # `fillborders`, so pictures that need no padding get one column more and lose it again.
        "pad=iw+1:ih+1",
        "fillborders=right=1:bottom=1:mode=smear",
        "crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0",
        "setsar=1",
        f"scale=out_color_matrix=bt709:out_range=tv:{SCALING}",
        f"format={form}",
        f"setparams={_BT709}",
    )
