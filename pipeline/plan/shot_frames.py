"""The frames of one shot: what each is made of, how that moves, and how it is painted over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.betweens import with_betweens
from pipeline.plan.clip_poses import ClipPoses
from pipeline.plan.columns import Times
from pipeline.plan.crossing import crossings, only_cuts
from pipeline.plan.denoising import denoises
from pipeline.plan.from_noise import AT_REST, cut_loose, in_series
from pipeline.plan.over_clip import over_clip, starts_as_it_grows
from pipeline.plan.ways import Steps, Way, camera_steps, ways
from pipeline.scene.painted import BEFORE, Painted, origins, painted_frames
from pipeline.scene.reading.repaint import NO_REPAINT
from pipeline.scene.schema import Scene
from pipeline.scene.settings import Settings
from pipeline.scene.shots import Shot
from pipeline.spec.denoise import Denoise
from pipeline.spec.frame import FrameSpec, Input, PictureFile, SavedFrame


def shot_frames(
    scene: Scene, shot: Shot, before: Shot | None, networks: str, poses: ClipPoses
) -> Iterator[FrameSpec]:
    """The specs of all frames of `shot` that are painted, also of those under another one's fade.

    `before` is the shot before it, on whose last prompts a shot that continues turns; `networks`
    names the set that its frames ask, and `poses` say where they stand before a clip.
    """
    settings = shot.settings
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)
    # Where edges meet nothing comes into sight.
    repaints = settings.guidance.repaint != NO_REPAINT and not settings.sampler.seamless
    steps = camera_steps(settings.camera, frames, repaints=repaints)
    span = range(shot.first, shot.first + shot.painted)
    chosen = painted_frames(settings, span, shot.length)
    made = _frames(scene, shot, before, networks, steps, chosen)
    filmed = scene.video.input is not None
    over = over_clip(made, scene, shot, poses) if filmed else made
    # Over a clip a frame that is not painted goes along with it, as the painted ones do.
    # Behind its end a shot shows the picture on which it ends, on whatever frame.
    ending = chosen.frames | {*range(shot.length, shot.painted)}
    ended = (_ended(one, shot) if filmed or one.frame in ending else one for one in over)
    loose = [_saving(cut_loose(one), scene) for one in ended]
    if not filmed:
        return in_series(with_betweens(loose, chosen, steps, settings))
    return in_series(loose)


def _frames(
    scene: Scene, shot: Shot, before: Shot | None, networks: str, steps: Steps, chosen: Painted
) -> Iterator[FrameSpec]:
    """The frames as the scene says, whatever is left of what they start from."""
    settings = shot.settings
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)
    grows = np.full(shot.painted, scene.video.n_batches is None)
    grows[0] = shot.before is not None
    turning = turning_in(shot, before, frames)
    painted = _painted(scene, shot, grows, turning, chosen.frames)
    taken = ways(steps, origins([one is not None for one in painted], chosen.frames))
    rows = zip(taken, painted, grows.tolist(), strict=True)
    for frame, (way, denoise, grown) in enumerate(rows):
        yield FrameSpec(
            frame=frame,
            shot=shot.name,
            size=scene.video.size,
            seed=settings.seed(shot.first + frame),
            inputs=(_origin(shot, way),) if grown else _anew(shot, frame),
            motions=way.motions if grown else (),
            camera=way.camera if grown else AT_REST,
            renewal=_renewal(settings, denoise, float(turning[frame])) if grown else 0.0,
            denoise=_following(denoise, len(way.motions) if grown else 1),
            networks=networks,
            display_rate=scene.output.display_rate,
        )


def _painted(
    scene: Scene, shot: Shot, grows: NDArray[np.bool_], turning: Times, chosen: frozenset[int]
) -> list[Denoise | None]:
    """How those frames of a shot that are `chosen` are painted; not the one that is a picture."""
    settings, over_clip = shot.settings, scene.video.input is not None
    frames = np.arange(shot.first, shot.first + shot.painted, dtype=np.float64)
    anew = chosen - {0} if shot.start else chosen
    # Over a clip what holds of frames with a picture holds of all, but where `first` is written.
    over = grows | (over_clip and starts_as_it_grows(settings))
    every = denoises(settings, frames, over, turning, over_clip=over_clip)
    painted = [one if number in anew else None for number, one in enumerate(every)]
    return _crossing(settings, frames, grows, painted)


def _saving(spec: FrameSpec, scene: Scene) -> FrameSpec:
    """The spec with the steps whose pictures are kept, of those that its frame takes in the end."""
    if spec.denoise is None:
        return spec
    saves = scene.output.intermediate_saves.of(_taken(spec.denoise))
    return replace(spec, intermediate_saves=saves) if saves else spec


def _taken(denoise: Denoise) -> int:
    return denoise.sampler.steps - denoise.sampler.skip_steps


def turning_in(shot: Shot, before: Shot | None, frames: Times) -> Times:
    """How far the prompts of `shot` are from holding still, 0 to 1, at each of its `frames`.

    The first of them is the shot's first; `before` is the shot before it.
    """
    prompts, leads = shot.settings.prompts, shot.settings.sampler.cross_fade == "key"
    turning = prompts.turning(frames)
    if leads:
        turning = only_cuts(prompts, frames, turning)
    turning[0] = max(turning[0], _turned(shot, before, leads=leads))
    return turning


def _crossing(
    settings: Settings, frames: Times, grows: NDArray[np.bool_], painted: Sequence[Denoise | None]
) -> list[Denoise | None]:
    """How `frames` are painted, those of a cross-fade on their way to its key picture."""
    if settings.sampler.cross_fade != "key":
        return list(painted)
    goes_to = crossings(settings.prompts, frames, grows, [one is not None for one in painted])
    return [
        one if one is None or crossing is None else replace(one, crossing=crossing)
        for one, crossing in zip(painted, goes_to, strict=True)
    ]


def _following(denoise: Denoise | None, passed: int) -> Denoise | None:
    """How a frame is painted, with the frames of the video since the one painted before it."""
    if denoise is None or passed < 2 or not denoise.keep.follows:
        return denoise
    return replace(denoise, keep=replace(denoise.keep, frames=passed))


def _renewal(settings: Settings, denoise: Denoise | None, turning: float) -> float:
    """How much of what the shot has shown a frame forgets: all, on its way to another picture."""
    if settings.camera.memory == "frame":
        return 0.0
    return turning if denoise is None or denoise.crossing is None else 1.0


def _origin(shot: Shot, way: Way) -> SavedFrame:
    """The frame that one that grows is made of."""
    if way.origin != BEFORE:
        return SavedFrame(way.origin)
    assert shot.before is not None
    return shot.before


def _anew(shot: Shot, frame: int) -> tuple[Input, ...]:
    """What a frame that grows from no other is made of."""
    picture = shot.start if frame == 0 and shot.start else shot.settings.sampler.init_image
    return () if picture is None else (PictureFile(str(picture)),)


def _ended(spec: FrameSpec, shot: Shot) -> FrameSpec:
    """The spec with the picture on which the shot ends, by as much as its frame is near the end."""
    end, left = shot.end, shot.length - 1 - spec.frame
    if end is None or left >= end.frames:
        return spec
    picture = PictureFile(str(end.file))
    if left <= 0:
        still = replace(spec, inputs=(picture,), motions=(), denoise=None)
        return replace(still, shares=(), carry=None, camera=AT_REST)
    if not spec.inputs or (spec.frame == 0 and shot.start):
        # It comes out of noise, or is the picture on which the shot begins.
        return spec
    # A share of 1/2 of what is left before the last frame, 1/3 before that, is a steady way.
    left_before = min(shot.length - 1 - _grown_from(spec), end.frames)
    share = (left_before - left) / left_before
    gentle = _painted_less(spec, left / end.frames)
    shares = (*((1 - share) * one for one in spec.shares or (1.0,)), share)
    return replace(gentle, inputs=(*spec.inputs, picture), shares=shares)


def _grown_from(spec: FrameSpec) -> int:
    """The frame of its shot that the spec grows from; `BEFORE` for none."""
    first = next(iter(spec.inputs), None)
    return first.frame if isinstance(first, SavedFrame) and first.shot is None else BEFORE


def _painted_less(spec: FrameSpec, share: float) -> FrameSpec:
    """The spec with a share of its steps, at the end of which none is left and it is only moved."""
    if spec.denoise is None:
        return spec
    sampler = spec.denoise.sampler
    taken = round(share * _taken(spec.denoise))
    if taken == 0:
        return replace(spec, denoise=None)
    fewer = replace(sampler, skip_steps=sampler.steps - taken)
    return replace(spec, denoise=replace(spec.denoise, sampler=fewer))


def _turned(shot: Shot, before: Shot | None, *, leads: bool) -> float:
    """How far the prompts of a shot that continues are from holding still on its first frame.

    Prompts that go on as they would have gone on in the shot before turn as they do there, in a
    cross-fade not at all if it `leads` to a picture; others are a cut.
    """
    if shot.before is None or before is None:
        return 0.0
    old, new, first = before.settings.prompts, shot.settings.prompts, float(shot.first)
    if old(first) == new(first):
        return 0.0 if leads and old.turn(first).length else old.turning(first)
    return float(old(first - 1) != new(first))
