"""The plan of a render: its frames, the networks that they ask, and the video that they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from pipeline.spec.frame import MAIN, FrameSpec
from pipeline.spec.growth import as_they_grow
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.relief import Relief
from pipeline.spec.sources import NetworkSet
from pipeline.spec.stereo import StereoSpec
from pipeline.spec.timeline import Marks, ShotSpan

Upscale = Literal["starter", "lanczos", "none"]
Fit = Literal["cover", "contain", "stretch"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """How the frames become a video; does not change any frame."""

    file: str = "video.mp4"
    """Name of the video's file in the run's folder; `pipeline.spec.video_formats` knows which."""
    stills: bool = False
    """Whether the frames are single pictures, of which no video is made."""
    size: tuple[int, int] | None = None
    """Width and height of the video in pixels; None keeps the frames' own."""
    upscale: Upscale = "lanczos"
    """What scales the frames to the video's size."""
    fit: Fit = "cover"
    """What becomes of frames whose proportions are not the video's."""
    sharpen: float = 0.0
    """Strength of sharpening at the video's size, 0 (none) to 1."""
    crf: int = 17
    """Quality on the scale of the encoder, 0 is the best; for those that have one."""
    preset: str = "medium"
    """The encoder's effort in x264's words; for those that know more and less."""
    bit_depth: int = 8
    """Bits of a level, 8 or 10."""
    soundtrack: str | None = None
    """Path of the sound file; None for a silent video."""
    soundtrack_from_run: str | None = None
    """Path from the run's folder to the sound file, so that both may move together."""
    soundtrack_start: float = 0.0
    """Second of the sound that falls on the first frame; below 0, there is silence before it."""
    fade_in: float = 0.0
    """Seconds over which the sound comes in, from the first frame on."""
    fade_out: float = 0.0
    """Seconds over which the sound goes, up to the end of the video."""
    stereo: StereoSpec | None = None
    """The two eyes that see each frame; None for a flat video."""
    spherical: bool = False
    """Whether players are told that the picture goes all around, as an equirectangular map."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The frames of a render in order, and what holds for all of them; `plan[i]` is frame i."""

    frames: tuple[FrameSpec, ...]
    fps: Fraction
    title: str
    networks: Mapping[str, NetworkSet] = field(default_factory=lambda: {MAIN: NetworkSet()})
    """Sets of networks by the names under which frames ask them."""
    output: OutputSpec = OutputSpec()
    """The video, or the first where there are more."""
    outputs: tuple[OutputSpec, ...] = ()
    """The others."""
    shots: tuple[ShotSpan, ...] = ()
    """The shots in the order of the video; none where all frames are one shot, seen as it is."""
    marks: Marks = Marks()
    """Where bars, sections and shots begin, for those who look at the video."""
    reliefs: tuple[Relief, ...] = ()
    """How deep the frames of each shot are, for what is made of finished frames."""

    @property
    def all_shots(self) -> tuple[ShotSpan, ...]:
        """The shots in the order of the video; where all frames are one, that one."""
        return self.shots or (ShotSpan(MAIN, len(self.frames)),)

    @property
    def as_they_grow(self) -> Iterator[FrameSpec]:
        """The frames, each behind those that it grows from, and else in their order."""
        return as_they_grow(self.frames)

    @property
    def for_two_eyes(self) -> tuple[OutputSpec, ...]:
        """The videos that show each eye its own picture."""
        return tuple(one for one in (self.output, *self.outputs) if one.stereo is not None)

    def __len__(self) -> int:
        return len(self.frames)

    def __iter__(self) -> Iterator[FrameSpec]:
        return iter(self.frames)

    def __getitem__(self, frame: int) -> FrameSpec:
        return self.frames[frame]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with every parameter; the frame rate is text such as `30000/1001`."""
        return {
            "title": self.title,
            "fps": str(self.fps),
            "networks": {
                name: to_json_data(networks, full=True) for name, networks in self.networks.items()
            },
            "output": to_json_data(self.output, full=True),
            "outputs": [to_json_data(output, full=True) for output in self.outputs],
            "shots": [to_json_data(shot) for shot in self.shots],
            "marks": to_json_data(self.marks),
            "reliefs": [to_json_data(relief) for relief in self.reliefs],
            "frames": [to_json_data(spec, full=True) for spec in self.frames],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that `to_json` wrote; ValueError or KeyError names what does not fit."""
        return cls(
            frames=tuple(from_json_data(FrameSpec, spec) for spec in data["frames"]),
            fps=Fraction(data["fps"]),
            title=data["title"],
            networks={
                name: from_json_data(NetworkSet, networks)
                for name, networks in data["networks"].items()
            },
            output=from_json_data(OutputSpec, data["output"]),
            outputs=tuple(from_json_data(OutputSpec, output) for output in data["outputs"]),
            shots=tuple(from_json_data(ShotSpan, shot) for shot in data["shots"]),
            marks=from_json_data(Marks, data["marks"]),
            reliefs=tuple(from_json_data(Relief, relief) for relief in data["reliefs"]),
        )
