"""What a scene file may say: its sections, their settings, units, ranges and defaults.

This file, `pipeline.scene.music`, `pipeline.scene.settings`, `pipeline.scene.camera`,
`pipeline.scene.denoising`, `pipeline.scene.guidance` and `pipeline.scene.output` are the manual of
the format: `pipeline.scene.told` makes of them the schema for editors and the tables of
docs/scene.md, whose words are the docstrings below the fields. A setting of the type `Number`
moves: it is one number, a mapping of times to numbers, a formula, or the old text
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
from pipeline.scene.reading import forms
from pipeline.scene.reading.clip_input import ClipInput, clip_input
from pipeline.scene.reading.clock import frame_count
from pipeline.scene.reading.fields import (
    as_it_is,
    frame_rate,
    line,
    or_none,
    picture_size,
    whole,
)
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.ranges import between
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

    size: Annotated[
        tuple[int, int],
        picture_size(4096),
        fits_models,
        Shown("[144, 96]", "pixels", more="models"),
    ]
    """Width and height of a frame; both are multiples of what the models ask for (2 with the
    starter, 8 with Stable Diffusion's presets, 64 with Disco's)."""
    fps: Annotated[Fraction, frame_rate(between(0.125, 240)), Shown("29.97", "frames a second")] = (
        Fraction(24)
    )
    """Frames a second; `29.97` is 30000/1001, and fractions are written `"30000/1001"`."""
    n_batches: Annotated[int | None, whole(between(1, 10_000)), Shown("6", "stills", "a video")] = (
        None
    )
    """Stills in the place of a video: so many pictures without motion. Still *i* takes the values
    at frame *i*."""
    input: Annotated[
        ClipInput | None,
        or_none(clip_input()),
        Shown("{file: dance.mkv, start: 2s}", unwritten="none", more="over-a-clip-of-your-own"),
    ] = None
    """A clip of your own that frames start from: a video file, or `{file, ...}` with what of it is
    used, and how."""
    duration: Annotated[
        str | float | None,
        duration_or_stills,
        Shown("16 bars", unwritten="this or `n_batches`", more="times-and-lengths"),
    ] = Field(default=None, validate_default=True)
    """How long the video is: `16 bars`, `12s`, `1:30`, a number of frames; `song` lasts from
    `music.start` to the last sample of the music, `clip` as long as `input`."""
    title: Annotated[str, line(255), Shown("Lighthouse", unwritten="the file's name")]
    """What the video is called; goes into the video file."""

    @property
    def clip_frames(self) -> int | None:
        """Frames of a video that lasts as long as the clip; None without one."""
        return None if self.input is None else self.input.count(self.fps)


class Scene(Settings):
    """What the author wrote, understood."""

    video: Video
    """The pictures as a whole: size, frames a second, duration."""
    music: Music = Field(default_factory=Music)
    """The song, its beat, and the times in it that have names."""
    output: Output
    """The video file: name, format, size, quality."""
    # `pipeline.scene.output_list` reads them.
    outputs: Annotated[
        tuple[VideoFile, ...],
        as_it_is(forms.listed(forms.defined("video_file", ""), "a list of outputs")),
        Shown("[{file: a.mp4}, {file: b.webm, scale: 0.5}]", unwritten="`output` alone"),
    ] = ()
    """Several videos of the same frames; each has the settings of `output` that it does not
    name."""
    loop: Annotated[Loop | None, looping(), Shown("{fade: 1 beat}", unwritten="false")] = None
    """Whether the end of the video flows into its beginning: `true`, or `{fade: 1 beat}`."""
    shots: Annotated[
        tuple[Shot, ...],
        as_it_is(forms.listed(forms.defined("shot", ""), "a list of shots")),
        Shown("[{name: sea, until: bar 3}, {name: castle}]", unwritten="the scene is one shot"),
    ] = ()
    """Stretches of the video with settings of their own; what a shot does not write is the
    scene's."""
    # `pipeline.scene.composing` reads both, and what it makes of the files has neither.
    include: Annotated[
        tuple[str, ...],
        as_it_is(
            forms.either(forms.text("a file"), forms.listed(forms.text(""), "a list of files"))
        ),
        Shown("base.yaml", unwritten="no file", more="one-scene-several-renders"),
    ] = ()
    """Files whose settings lie beneath these: a name or a list of them, from this file's folder."""
    profiles: Annotated[
        Mapping[str, Mapping[str, Any]],
        as_it_is(forms.named(forms.defined("part", ""), "names and settings")),
        Shown(
            "{draft: {video: {fps: 12}}}", unwritten="no profiles", more="one-scene-several-renders"
        ),
    ] = Field(default_factory=dict)
    """Settings by the name of a profile: `--profile` lays those of one over the scene."""

    @property
    def timebase(self) -> Timebase:
        """Turns the scene's words for times into frames."""
        return self._untimed.within(0, self.frame_count)

    @property
    def frame_count(self) -> int:
        """Frames of the video, or the number of stills."""
        if self.video.duration is None:
            return self.video.n_batches or 0
        return frame_count(
            self._untimed,
            self.video.duration,
            self.music.timing.song_end,
            self.video.clip_frames,
        )

    @property
    def _untimed(self) -> Timebase:
        """The timebase without the length of the video."""
        return Timebase(self.video.fps, self.music.timing.tempo, self.music.timing.names)

    @property
    def all_shots(self) -> tuple[Shot, ...]:
        """The shots; of a scene that writes none, the whole of it."""
        count = self.frame_count
        return self.shots or (Shot(self, MAIN, first=0, length=count, painted=count),)
