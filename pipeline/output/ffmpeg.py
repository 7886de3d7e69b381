"""Frames and a soundtrack to a video, by way of ffmpeg.

There is one way: frames are composed here and go to ffmpeg through a pipe, whatever folders their
pictures lie in and however many of them a frame of the video shows. Every file appears whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path

from pipeline.errors import Error
from pipeline.files.ffmpeg import ffmpeg, file_url
from pipeline.output.composition import Pictured, composed
from pipeline.output.encoding import Pictures, encode
from pipeline.output.fit import Size, filters, place
from pipeline.output.formats import SCALING, Encoder, encoder
from pipeline.output.player_tags import player_boxes, stereo_arguments, tag_video
from pipeline.output.soundtrack import Soundtrack
from pipeline.output.whole import written_whole
from pipeline.run.footage import Layer
from pipeline.spec.plan import OutputSpec
from pipeline.spec.video_formats import SUFFIXES, VideoFormat, format_of, numbered_pictures

_QUIET = ("-hide_banner", "-loglevel", "error", "-y")


@dataclass(frozen=True, slots=True)
class Film:
    """What a video shows, before it is a file."""

    shown: Sequence[Sequence[Layer]]
    """Layers of each frame."""
    fps: Fraction
    size: Size
    """Size of the video's pictures."""
    title: str
    digest: str
    """Is kept in the comment `discoreel <digest>`."""
    pictures: Pictured = composed
    """What makes a picture of the layers of a frame."""

    def at_most(self, fps: int | None) -> Film:
        """The film with every second frame, every third, ..., so that it has at most `fps`."""
        step = frame_step(self.fps, fps)
        shown, rate = self.shown[::step], self.fps / step
        return replace(self, shown=shown, fps=rate)


def frame_step(fps: Fraction, most: int | None) -> int:
    """Of how many frames one is shown, for at most `most` of them in a second."""
    return 1 if most is None else ceil(fps / most)


@dataclass(frozen=True, slots=True)
class Reel:
    """Pictures that become a video, wherever they come from."""

    pictures: Pictures
    fps: Fraction
    title: str
    comment: str


def assemble(
    film: Film,
    output: OutputSpec,
    folder: Path,
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Write `film` into `folder` as `output` asks for; returns the file, or the folder of pictures.

    Where `output` has a size, the frames are scaled to it by Lanczos, in the way of its fit.
    Raises Error for a picture that cannot be read, and what `write_video` raises.
    """
    kind = known_format(output.file)
    if not film.shown:
        raise ValueError("there are no frames to assemble")
    film = film.at_most(kind.most_fps)
    pictures = Pictures(film.pictures(film.shown), len(film.shown), film.size)
    reel = Reel(pictures, film.fps, film.title, f"discoreel {film.digest}")
    return write_video(reel, output, folder, progress)


def write_video(
    reel: Reel,
    output: OutputSpec,
    folder: Path,
    progress: Callable[[int], None] = lambda frames_done: None,
) -> Path:
    """Write the pictures of `reel` into `folder` as `output` asks for; returns what was written.

    The soundtrack ends with the picture at the latest; where it is shorter, the picture goes on.
    `progress` gets the number of frames done. What is written appears whole or stays what it was.

    Raises Error for a name, soundtrack or place that cannot be used and for a full disk,
    FFmpegError with ffmpeg's words if it fails or loses a frame.
    """
    kind, coder = known_format(output.file), encoder(output)
    soundtrack = _soundtrack(output) if kind.has_sound else None
    duration = reel.pictures.count / reel.fps
    with written_whole(folder, output.file) as temporary:
        if soundtrack is not None:
            soundtrack.check()
        argv = [
            *(ffmpeg(), *_QUIET, "-progress", "pipe:1"),
            *_picture_input(reel),
            *(() if soundtrack is None else soundtrack.input()),
            *("-map", "0:v:0", "-vf", _filters(reel.pictures.size, output, coder)),
            *coder.pictures,
            *_sound(soundtrack, duration, coder),
            *_container(reel, coder),
            *stereo_arguments(output),
            _target(temporary, output.file),
        ]
        encode(argv, reel.pictures, temporary, progress, is_one_packet=coder.is_one_packet)
        if kind.has_boxes:
            tag_video(temporary, player_boxes(output))
    written = numbered_pictures(output.file)
    return folder / (output.file if written is None else written.folder)


def known_format(file: str) -> VideoFormat:
    """The format of an output by its name; Error, with the names that are allowed, for none."""
    kind = format_of(file)
    if kind is None:
        raise Error(_unknown(file))
    return kind


def _unknown(file: str) -> str:
    suffix = Path(file).suffix
    return (
        f"cannot write a {suffix or 'nameless'} video; name it {Path(file).stem}.mp4 "
        f"(allowed: {', '.join(SUFFIXES)}, or a folder of pictures such as frames-of/####.png)"
    )


def _soundtrack(output: OutputSpec) -> Soundtrack | None:
    if output.soundtrack is None:
        return None
    return Soundtrack(
        Path(output.soundtrack), output.soundtrack_start, output.fade_in, output.fade_out
    )


def _picture_input(reel: Reel) -> list[str]:
    width, height = reel.pictures.size
    return [
        *("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}"),
        *("-framerate", str(reel.fps), "-i", "pipe:0"),
    ]


def _filters(size: Size, output: OutputSpec, coder: Encoder) -> str:
    """From RGB at `size` to what the encoder takes at the video's size."""
    scaling = ["format=gbrp"]
    if output.size is not None:
        scaling = filters(place(size, output.size, output.fit), SCALING)
    return ",".join((*scaling, *_sharpening(output.sharpen), *coder.filters))


def _sharpening(strength: float) -> list[str]:
    """Contrast-adaptive sharpening of RGB, as a list of ffmpeg's filters; at 0 there is none."""
    return [f"cas={strength:g}"] if strength else []


def _sound(soundtrack: Soundtrack | None, duration: Fraction, coder: Encoder) -> Iterator[str]:
    if soundtrack is not None:
        yield from ("-map", "1:a:0", "-af", f"{soundtrack.filters(duration)},{coder.mix}")
        yield from coder.sound


def _container(reel: Reel, coder: Encoder) -> list[str]:
    return [
        *("-map_chapters", "-1", "-map_metadata", "-1", *coder.container),
        *("-metadata", f"title={reel.title}", "-metadata", f"comment={reel.comment}"),
    ]


def _target(temporary: Path, file: str) -> str:
    pictures = numbered_pictures(file)
    if pictures is None:
        return file_url(temporary)
    return f"{file_url(temporary).replace('%', '%%')}/{pictures.pattern}"
