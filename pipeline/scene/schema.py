"""What a scene file may say: its sections, their settings, units, ranges and defaults.

This file, `pipeline.scene.music`, `pipeline.scene.settings`, `pipeline.scene.camera` and
`pipeline.scene.denoising` are the manual of the format. A setting of the type `Number` moves: it is
one number, a mapping of times to numbers, a formula, or the old text `"0: (1.0), 50: (1.2)"`, and
inside its range on every frame of the video. Motion is per frame. An unknown key is a mistake.

`pipeline.scene.load` reads a file into a `Scene`, and lays the settings of the chosen preset
beneath what the author wrote; the defaults below hold where neither says anything.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from keyframes.timebase import Timebase
from pipeline.scene.music import Music
from pipeline.scene.reading.clock import frame_count
from pipeline.scene.reading.fields import (
    AS_IT_IS,
    between,
    choice,
    frame_rate,
    line,
    number,
    picture_size,
    plain_name,
    whole,
)
from pipeline.scene.reading.intermediate_saves import IntermediateSaves, saves
from pipeline.scene.reading.rules import (
    duration_or_stills,
    enlarged,
    fits_models,
    not_with,
)
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.shot_outline import Loop, looping
from pipeline.scene.settings import Settings
from pipeline.scene.shots import Shot
from pipeline.spec.frame import MAIN
from pipeline.spec.plan import Fit, Upscale

X264Preset = Literal[
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
]


class Video(Section):
    """The pictures as a whole."""

    size: Annotated[tuple[int, int], picture_size(4096), fits_models]
    """[width, height] of a frame in pixels; multiples of what the models ask for."""
    fps: Annotated[Fraction, frame_rate(between(0.125, 240))] = Fraction(24)
    """Frames a second: 24, 29.97 (which is 30000/1001), "30000/1001"."""
    n_batches: Annotated[int | None, whole(between(1, 10_000))] = None
    """Stills: this many pictures without motion. Still i stands at frame i for what moves."""
    duration: Annotated[str | float | None, duration_or_stills] = Field(
        default=None, validate_default=True
    )
    """Length of the video: 16 bars, 12s, 1:30, a number of frames, or that of the song, `song`."""
    title: Annotated[str, line(255)]
    """Title in the video file; the scene file's name unless written."""


class Output(Section):
    """The video file, and what is shown meanwhile."""

    file: Annotated[str, plain_name(".mp4")]
    """Name of the video in the run's folder; the scene file's unless written."""
    crf: Annotated[int, whole(between(0, 51))] = 17
    """x264's quality: 0 is lossless, 17 looks lossless, 51 is worst."""
    preset: Annotated[X264Preset, choice(X264Preset)] = "medium"
    """x264's effort: slower makes smaller files."""
    upscale: Annotated[Upscale, choice(Upscale)] = "lanczos"
    """What brings frames to the video's size: a network that paints its details (`starter`), or a
    filter; `none` keeps their own."""
    size: Annotated[tuple[int, int] | None, picture_size(8192), enlarged] = None
    """[width, height] of the video. Unless written it is the frames' own, and with `starter` up to
    eight times that, as long as no side is over 1024."""
    scale: Annotated[float | None, number(between(0.1, 16)), not_with("size"), enlarged] = None
    """Factor by which the video is larger than the frames, in place of `size`."""
    fit: Annotated[Fit, choice(Fit), enlarged] = "cover"
    """Where the video has other proportions than the frames: they cover it, and what juts out is
    cut on both sides alike; they are contained in it, between black bars; or they are stretched."""
    display_rate: Annotated[int, whole(between(0, 1000))] = 0
    """Steps between two pictures of the frame in work; 0 shows none."""
    intermediate_saves: Annotated[IntermediateSaves, saves()] = IntermediateSaves()
    """Pictures of every frame in work that are kept: so many, evenly spread, or those of a list of
    steps, which count from 1 and without the skipped ones."""

    def video_size(self, frame: tuple[int, int]) -> tuple[int, int]:
        """[width, height] of the video for a frame of this size, in pixels."""
        if self.size is not None:
            return self.size
        usual = max(1, min(8, 1024 // max(frame))) if self.upscale == "starter" else 1
        scale = float(usual) if self.scale is None else self.scale
        return max(1, round(scale * frame[0])), max(1, round(scale * frame[1]))


class Scene(Settings):
    """What the author wrote, understood."""

    video: Video
    music: Music = Field(default_factory=Music)
    output: Output
    loop: Annotated[Loop | None, looping()] = None
    """Whether the end of the video flows into its beginning: `true`, or `{fade: 1 beat}`."""
    shots: Annotated[tuple[Shot, ...], AS_IT_IS] = ()
    """Stretches with settings of their own; none where those of the scene hold throughout."""

    @property
    def timebase(self) -> Timebase:
        """Turns the scene's words for times into frames."""
        return self._untimed.within(0, self.frame_count)

    @property
    def frame_count(self) -> int:
        """Frames of the video, or the number of stills."""
        if self.video.duration is None:
            return self.video.n_batches or 0
        return frame_count(self._untimed, self.video.duration, self.music.timing.song_end)

    @property
    def _untimed(self) -> Timebase:
        """The timebase without the length of the video."""
        return Timebase(self.video.fps, self.music.timing.tempo, self.music.timing.names)

    @property
    def all_shots(self) -> tuple[Shot, ...]:
        """The shots; of a scene that writes none, the whole of it."""
        count = self.frame_count
        return self.shots or (Shot(self, MAIN, first=0, length=count, painted=count),)
