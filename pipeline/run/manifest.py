"""What `run.json` says of a render: to what its frames belong, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.run.digest import plan_digest
from pipeline.run.migration import FORMAT
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.relief import Relief
from pipeline.spec.timeline import Marks, ShotSpan


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `run.json` says of the frames."""

    format: int
    title: str
    fps: str
    """Frames a second, a fraction such as `30000/1001`."""
    width: int
    height: int
    frames: int
    """Number of the plan's frames; frames with higher numbers are not part of the video."""
    digest: str
    """Digest of the plan; see `pipeline.run.digest.plan_digest`."""
    output: OutputSpec = OutputSpec()
    """How the frames become a video, or the first of several."""
    outputs: tuple[OutputSpec, ...] = ()
    """How they become the others."""
    shots: tuple[ShotSpan, ...] = ()
    """The shots in the order of the video; none where all frames are one shot, seen as it is."""
    marks: Marks = Marks()
    """Where bars, sections and shots begin."""
    reliefs: tuple[Relief, ...] = ()
    """How deep the frames of each shot are; none where an earlier release wrote this."""


def manifest_of(plan: Plan, digests: Mapping[FrameId, str]) -> Manifest:
    """The manifest of a render of `plan`, whose frames have these digests."""
    width, height = plan[0].size
    return Manifest(
        format=FORMAT,
        title=plan.title,
        fps=str(plan.fps),
        width=width,
        height=height,
        frames=len(plan),
        digest=plan_digest(plan, digests.values()),
        output=plan.output,
        shots=plan.shots,
        marks=plan.marks,
        outputs=plan.outputs,
        reliefs=plan.reliefs,
    )
