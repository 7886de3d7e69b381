"""What a scene may say of its videos: their files, sizes and encoding."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.scene.reading.fields import between, choice, number, or_none, picture_size, whole
from pipeline.scene.reading.intermediate_saves import IntermediateSaves, saves
from pipeline.scene.reading.rules import enlarged, not_with
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.video_files import (
    crf_it_knows,
    depth_it_has,
    effort_it_knows,
    video_file,
)
from pipeline.spec.plan import Fit, Upscale
from pipeline.spec.video_formats import VideoFormat, format_of

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


class VideoFile(Section):
    """One video file, or one folder of pictures."""

    file: Annotated[str, video_file()]
    """Name in the run's folder; the scene file's with `.mp4` unless written. Its suffix is the
    format: `.mp4` and `.m4v` (H.264), `.webm` (VP9), `.mov` (ProRes 422 HQ), `.gif`, `.webp`, or
    numbered pictures, `folder/####.png`."""
    bit_depth: Annotated[int | None, or_none(whole(between(8, 10))), depth_it_has] = Field(
        default=None, validate_default=True
    )
    """Bits of a level: 8 or 10, where the format has both. ProRes has 10, and what is made for
    pages and pictures 8."""
    crf: Annotated[int | None, or_none(whole(between(0, 63))), crf_it_knows] = Field(
        default=None, validate_default=True
    )
    """Quality of H.264 (0 to 51, 17 looks lossless) or VP9 (0 to 63, by default 24): 0 is best."""
    preset: Annotated[X264Preset | None, or_none(choice(X264Preset)), effort_it_knows] = None
    """Effort of H.264 and VP9: slower makes smaller files; `medium` unless written."""
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

    @property
    def format(self) -> VideoFormat:
        """What kind of file it is."""
        found = format_of(self.file)
        assert found is not None  # the reader of `file` has looked
        return found

    def video_size(self, frame: tuple[int, int]) -> tuple[int, int]:
        """[width, height] of the video for a frame of this size, in pixels."""
        if self.size is not None:
            return self.size
        usual = max(1, min(8, 1024 // max(frame))) if self.upscale == "starter" else 1
        scale = float(usual) if self.scale is None else self.scale
        return max(1, round(scale * frame[0])), max(1, round(scale * frame[1]))


class Output(VideoFile):
    """The video file, and what is shown meanwhile."""

    display_rate: Annotated[int, whole(between(0, 1000))] = 0
    """Steps between two pictures of the frame in work; 0 shows none."""
    intermediate_saves: Annotated[IntermediateSaves, saves()] = IntermediateSaves()
    """Pictures of every frame in work that are kept: so many, evenly spread, or those of a list of
    steps, which count from 1 and without the skipped ones."""
