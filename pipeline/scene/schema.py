"""What a scene file may say: its sections, their settings, units, ranges and defaults.

This file, `pipeline.scene.music`, `pipeline.scene.settings`, `pipeline.scene.camera`,
`pipeline.scene.denoising` and `pipeline.scene.output` are the manual of the format. A setting of
the type `Number` moves: it is one number, a mapping of times to numbers, a formula, or the old text
`"0: (1.0), 50: (1.2)"`, and inside its range on every frame of the video. Motion is per frame. An
unknown key is a mistake.

`pipeline.scene.load` reads a file into a `Scene`, and lays the settings of the chosen preset
beneath what the author wrote; the defaults below hold where neither says anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from keyframes.timebase import Timebase
from pipeline.scene.music import Music
from pipeline.scene.output import Output, VideoFile
from pipeline.scene.reading.clock import frame_count
from pipeline.scene.reading.fields import (
    AS_IT_IS,
    between,
    frame_rate,
    line,
    picture_size,
    whole,
)
from pipeline.scene.reading.rules import (
    duration_or_stills,
    fits_models,
)
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.shot_outline import Loop, looping
from pipeline.scene.settings import Settings
from pipeline.scene.shots import Shot
from pipeline.spec.frame import MAIN


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


class Scene(Settings):
    """What the author wrote, understood."""

    video: Video
    music: Music = Field(default_factory=Music)
    output: Output
    """The video, or what the `outputs` have in common where there are any."""
    outputs: Annotated[tuple[VideoFile, ...], AS_IT_IS] = ()
    """Several videos of the same frames; each has the settings of `output` that it does not name.
    `pipeline.scene.output_list` reads them."""
    loop: Annotated[Loop | None, looping()] = None
    """Whether the end of the video flows into its beginning: `true`, or `{fade: 1 beat}`."""
    shots: Annotated[tuple[Shot, ...], AS_IT_IS] = ()
    """Stretches with settings of their own; none where those of the scene hold throughout."""
    include: Annotated[tuple[str, ...], AS_IT_IS] = ()
    """Files whose settings lie beneath these: a name or a list of them, from this file's folder.
    `pipeline.scene.composing` reads them, and what it makes of the files has none."""
    profiles: Annotated[Mapping[str, Mapping[str, Any]], AS_IT_IS] = Field(default_factory=dict)
    """Settings by the name of a profile, `{draft: {video: {fps: 12}}}`: `--profile` lays those of
    one over the scene, and what is read then has none."""

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
