"""What a scene may say of its videos: their files, sizes and encoding."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.scene.reading.fields import choice, flag, number, or_none, picture_size, whole
from pipeline.scene.reading.forms import Shown
from pipeline.scene.reading.intermediate_saves import IntermediateSaves, saves
from pipeline.scene.reading.ranges import between
from pipeline.scene.reading.rules import enlarged, not_with
from pipeline.scene.reading.section import Section
from pipeline.scene.reading.spheres import goes_around
from pipeline.scene.reading.stereo import two_eyes
from pipeline.scene.reading.video_files import (
    crf_it_knows,
    depth_it_has,
    effort_it_knows,
    video_file,
)
from pipeline.spec.plan import Fit, Upscale
from pipeline.spec.stereo import StereoSpec
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

    file: Annotated[
        str, video_file(), Shown("lighthouse.mp4", unwritten="the scene's, .mp4", more="output")
    ]
    """Name in the render's folder, up to 255 bytes. Its end is the format: `.mp4` and `.m4v`
    (H.264), `.webm` (VP9), `.mov` (ProRes 422 HQ), `.gif`, `.webp`, or numbered pictures,
    `folder/####.png`."""
    bit_depth: Annotated[
        int | None,
        or_none(whole(between(8, 10))),
        depth_it_has,
        Shown("10", "bits", "the format's"),
    ] = Field(default=None, validate_default=True)
    """Bits of a level, 8 or 10, where the format has both; 10 makes smoother skies."""
    crf: Annotated[
        int | None,
        or_none(whole(between(0, 63))),
        crf_it_knows,
        Shown("20", unwritten="17, VP9 24"),
    ] = Field(default=None, validate_default=True)
    """Quality of H.264 (0 to 51, 17 looks lossless) or VP9 (0 to 63): 0 is the best, and the two
    scales are not the same."""
    preset: Annotated[
        X264Preset | None,
        or_none(choice(X264Preset)),
        effort_it_knows,
        Shown("slow", unwritten="`medium`"),
    ] = None
    """Effort of H.264 and VP9: slower makes smaller files."""
    upscale: Annotated[Upscale, choice(Upscale), Shown("lanczos")] = "lanczos"
    """What brings frames to the video's size: a network that paints edges anew (`starter`), or a
    filter; `none` keeps their own."""
    size: Annotated[
        tuple[int, int] | None,
        picture_size(8192),
        enlarged,
        Shown("[768, 512]", "pixels", "the frames', with `starter` up to 8 times that"),
    ] = None
    """Width and height of the video. Unless written, the enlargement of `starter` ends where a side
    would be over 1024."""
    scale: Annotated[
        float | None,
        number(between(0.1, 16)),
        not_with("size"),
        enlarged,
        Shown("4", unwritten="as `size`"),
    ] = None
    """Factor by which the video is larger than the frames, in the place of `size`."""
    fit: Annotated[Fit, choice(Fit), enlarged, Shown("contain")] = "cover"
    """Where the video has other proportions than the frames: what juts out is cut on both sides
    (`cover`), black bars fill the rest (`contain`), or they are stretched."""
    sharpen: Annotated[float, number(between(0, 1)), Shown("0.4")] = 0.0
    """Sharpens the video at its own size, up to 1, which is harsh. Contrast-adaptive: soft edges
    get more of it than hard ones. 0 does nothing."""
    stereo: Annotated[
        StereoSpec | None,
        or_none(two_eyes()),
        Shown("{ipd: 5, layout: side_by_side}", unwritten="`none`", more="two-eyes"),
    ] = None
    """A video for two eyes, of the same frames; `size` is that of what one eye sees. A change of it
    makes no frame stale."""
    spherical: Annotated[bool, flag(), goes_around, Shown("true", more="all-around")] = False
    """Tells players that the picture goes all around them (MP4 and MOV): a map of the sphere, twice
    as wide as high."""

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

    display_rate: Annotated[int, whole(between(0, 1000)), Shown("5", "steps")] = 0
    """Writes `progress.png`, the frame in work, every so many steps; 0 never."""
    intermediate_saves: Annotated[IntermediateSaves, saves(), Shown("[10, 20]", unwritten="0")] = (
        IntermediateSaves()
    )
    """Pictures of every frame in work that are kept: so many, evenly spread, or those after the
    steps of a list, which count from 1 and without the skipped ones."""
