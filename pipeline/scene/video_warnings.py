"""What an author may not expect of lengths and frame rates: frames that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from keyframes.mistakes import Located, Route
from keyframes.time_words import clock_time, counted
from pipeline.scene.output import VideoFile
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead

BRIEF = 0.5
"""Seconds that a video lasts at least, of which an author wrote the number of frames."""


def video_warnings(part: ShotRead) -> Iterator[Located]:
    """What is to be said of the video's length and rate, which all shots share."""
    scene = part.scene
    if scene.video.n_batches is not None:
        return
    yield from _brief(scene)
    outputs: dict[Route, VideoFile] = {
        ("outputs", place, "file"): one for place, one in enumerate(scene.outputs)
    }
    for route, output in (outputs or {("output", "file"): scene.output}).items():
        yield from _too_fast(route, output, float(scene.video.fps))
        yield from _no_sphere(route, output, scene)


def _brief(scene: Scene) -> Iterator[Located]:
    """What is to be said of a length that counts frames, and too few of them."""
    duration, fps = scene.video.duration, float(scene.video.fps)
    if isinstance(duration, str | None) or duration / fps >= BRIEF:
        return
    yield Located(
        ("video", "duration"),
        f"a number alone counts frames, and {counted(duration, 'frame')} take "
        f"{clock_time(duration / fps, 2)} at {fps:g} frames a second; write {duration:g}s for "
        "seconds",
    )


def _too_fast(route: Route, output: VideoFile, fps: float) -> Iterator[Located]:
    """What is to be said of a format that cannot show so many frames a second."""
    most = output.format.most_fps
    if most is not None and fps > most:
        yield Located(
            route,
            f"{output.format.codec} shows at most {most} frames a second, so that of {fps:g} one "
            f"in {ceil(fps / most)} is shown; write fps: {most} or less, or another format",
        )


def _no_sphere(route: Route, output: VideoFile, scene: Scene) -> Iterator[Located]:
    """What is to be said of a picture of all around that is no map of a sphere."""
    width, height = output.video_size(scene.video.size)
    if output.spherical and width != 2 * height:
        yield Located(
            (*route[:-1], "spherical"),
            f"a map of all around is twice as wide as high, and this one has {width} x {height} "
            f"pixels: players stretch it; write size: [{2 * height}, {height}]",
        )
