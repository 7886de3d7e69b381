"""One frame of a render: what it is made of, how that moves, and how it is painted over.

A `FrameSpec` is the hinge between a scene and its pictures: before it there is only data, after
it only pixels. It is cut into sections, and each step of the frame loop takes its own section.

Conventions:
    Frames count from 0, within their shot. Sections are values: equal ones may be shared between
    frames. Paths are absolute, as text. Fields have the scene's own names and, where a frame can do
    without them, neutral defaults, which JSON leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from pipeline.spec.between import Between
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.clip import CarrySpec, ClipFrame
from pipeline.spec.denoise import Denoise
from pipeline.spec.repaint import MaskPicture

MAIN = "main"
"""The name of the shot of a scene that has no other, and of its own set of networks."""


class FrameId(NamedTuple):
    """Which frame of a render it is; in words, `12` or `12 of city`."""

    frame: int
    """Number of the frame within its shot, from 0."""
    shot: str = MAIN

    def __str__(self) -> str:
        return f"{self.frame}" if self.shot == MAIN else f"{self.frame} of {self.shot}"


@dataclass(frozen=True, slots=True)
class SavedFrame:
    """A frame of the same render, as it was saved."""

    frame: int
    shot: str | None = None
    """Name of the frame's shot; None for the one that asks."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture file, scaled until it covers the frame."""

    file: str


Input = SavedFrame | PictureFile | ClipFrame

PictureRole = Literal[
    "init picture", "depth picture", "mask picture", "prompt picture", "colour picture", "clip"
]
"""What a picture of the author's, or a film, does for a frame."""


@dataclass(frozen=True, slots=True)
class FrameSpec:
    """Every parameter of one frame: its inputs, moved by the camera, and painted over.

    A frame without an input starts from noise or clouds, one without `denoise` is its moved input.
    """

    frame: int
    size: tuple[int, int]
    """Width and height in pixels."""
    shot: str = MAIN
    seed: int = 0
    inputs: tuple[Input, ...] = ()
    """What the frame is made of: earlier frames, pictures, frames of a clip; the first moves."""
    shares: tuple[float, ...] = ()
    """Shares of several inputs in their mixture, which add up to 1; none for one input."""
    motions: tuple[CameraMotion, ...] = ()
    """The camera's way from the input to this frame, in order, taken as one warp."""
    camera: CameraSpec = CameraSpec()
    """How the input is seen along `motions`; without effect where there are none."""
    carry: CarrySpec | None = None
    """How the first input goes along with a clip; None where the camera alone moves it."""
    between: Between | None = None
    """What the frame shows of the next painted one; None for every frame that others grow from."""
    renewal: float = 0.0
    """Share, 0 to 1, of what the camera remembers of the shot that holds no longer."""
    denoise: Denoise | None = None
    """How the moved input is painted over; None shows it as it is."""
    networks: str = MAIN
    """Name of the plan's set of networks that the frame asks."""
    display_rate: int = 0
    """Steps between two in-progress pictures, 0 for none; does not change the frame."""
    intermediate_saves: tuple[int, ...] = ()
    """Steps, counted from 1, whose pictures are kept beside the frame; does not change it."""

    @property
    def painting(self) -> Denoise:
        """How the frame is painted; ValueError for one that is only moved."""
        if self.denoise is None:
            raise ValueError(f"frame {self.id} is moved, and not painted")
        return self.denoise

    @property
    def id(self) -> FrameId:
        """Which frame of the render it is."""
        return FrameId(self.frame, self.shot)

    @property
    def earlier(self) -> tuple[FrameId, ...]:
        """The frames that this one grows from."""
        return tuple(map(self.saved, (one for one in self.inputs if isinstance(one, SavedFrame))))

    def saved(self, one: SavedFrame) -> FrameId:
        """The frame of the render that an input of this one is."""
        return FrameId(one.frame, one.shot or self.shot)

    @property
    def flows(self) -> bool:
        """Whether the frame is made by optical flow between two pictures."""
        return self.carry is not None or (self.between is not None and self.between.flow)

    @property
    def clip_frames(self) -> tuple[ClipFrame, ...]:
        """The frames of a clip that this one is made of; the last is the one that falls on it."""
        return tuple(one for one in self.inputs if isinstance(one, ClipFrame))

    @property
    def blend(self) -> float | None:
        """Share of the frame before in what a frame over a clip starts from.

        None where there is no clip, and for the frame that a shot begins with.
        """
        if self.carry is None:
            return 0.0 if self.clip_frames and self.frame else None
        earlier, _, beneath, *_ = self.shares
        return earlier / ((earlier + beneath) or 1)

    @property
    def grows(self) -> bool:
        """Whether the frame grows from an earlier one."""
        return any(isinstance(one, SavedFrame) for one in self.inputs)


def picture_files(spec: FrameSpec) -> Iterator[tuple[PictureRole, str, str]]:
    """The author's files that a frame is made of: the role of each, which one of it, and its path.

    Pictures of one role are counted from 0.
    """
    for place, one in enumerate(spec.inputs):
        if isinstance(one, PictureFile):
            yield "init picture", str(place), one.file
    for place, clip in enumerate(dict.fromkeys(one.clip for one in spec.clip_frames)):
        yield "clip", str(place), clip
    if spec.motions and spec.camera.depth is not None:
        yield "depth picture", "0", spec.camera.depth.file
    if spec.between is not None and spec.between.camera.depth is not None:
        yield "depth picture", "1", spec.between.camera.depth.file
    mask = spec.denoise.guidance.repaint.mask if spec.denoise else None
    if isinstance(mask, MaskPicture):
        yield "mask picture", "0", mask.file
    for place, prompt in enumerate(spec.denoise.prompts if spec.denoise else ()):
        if prompt.image:
            yield "prompt picture", str(place), prompt.text
    colour = spec.denoise.keep.colour if spec.denoise else None
    if colour is not None and colour.file is not None:
        yield "colour picture", "0", colour.file


A_PICTURE, A_CLIP = "a picture", "a clip"
"""Stand for a file's path where the file's content counts in its place."""


def without_names(spec: FrameSpec) -> FrameSpec:
    """What the pixels of a frame depend on: `spec` without what could be called otherwise.

    Paths of pictures and the name of the set of networks give way to what the files hold, and
    what is shown or kept while the frame is in work does not count.
    """
    inputs = tuple(map(_nameless, spec.inputs))
    camera, between = _by_any_depth(spec.camera), spec.between
    denoise = None if spec.denoise is None else _by_any_pictures(spec.denoise)
    if between is not None:
        between = replace(between, camera=_by_any_depth(between.camera))
    unnamed = (inputs, camera, between, denoise, MAIN, 0, ())
    before = (spec.inputs, spec.camera, spec.between, spec.denoise, spec.networks)
    if unnamed == (*before, spec.display_rate, spec.intermediate_saves):
        return spec
    return replace(
        spec,
        inputs=inputs,
        camera=camera,
        between=between,
        denoise=denoise,
        networks=MAIN,
        display_rate=0,
        intermediate_saves=(),
    )


def _nameless(one: Input) -> Input:
    match one:
        case PictureFile():
            return PictureFile(A_PICTURE)
        case ClipFrame():
            return replace(one, clip=A_CLIP)
    return one


def _by_any_depth(camera: CameraSpec) -> CameraSpec:
    if camera.depth is None:
        return camera
    return replace(camera, depth=replace(camera.depth, file=A_PICTURE))


def _by_any_pictures(denoise: Denoise) -> Denoise:
    if any(prompt.image for prompt in denoise.prompts):
        named = (replace(p, text=A_PICTURE) if p.image else p for p in denoise.prompts)
        denoise = replace(denoise, prompts=tuple(named))
    if denoise.keep.colour is not None and denoise.keep.colour.file:
        colour = replace(denoise.keep.colour, file=A_PICTURE)
        denoise = replace(denoise, keep=replace(denoise.keep, colour=colour))
    if isinstance(denoise.guidance.repaint.mask, MaskPicture):
        repaint = replace(denoise.guidance.repaint, mask=MaskPicture(A_PICTURE))
        denoise = replace(denoise, guidance=replace(denoise.guidance, repaint=repaint))
    return denoise
