"""A scene to a plan: curves and prompts evaluated for all frames at once, a spec for each frame.

Sections that are equal are one object: a camera that rests costs one `CameraSpec`, and a plan of
thousands of frames stays small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.columns import Times, column, sections
from pipeline.plan.denoising import denoises
from pipeline.scene.output import VideoFile
from pipeline.scene.schema import Camera, Models, Scene
from pipeline.spec.camera import CameraMode, CameraMotion, CameraSpec, DepthPictureSpec, Padding
from pipeline.spec.frame import MAIN, FrameSpec, Input, PictureFile, SavedFrame
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.sources import NetworkSet

PADDING: dict[CameraMode, Padding] = {"2d": "wrap", "3d": "border"}
"""What each camera does at the edges unless the scene says otherwise."""

Way = tuple[tuple[CameraMotion, ...], CameraSpec]
"""The camera's motions to a frame, and how it sees the picture on the way."""

AT_REST: Way = ((), CameraSpec())
"""Way of a frame that grows from no other: the same whatever the scene's camera does."""


def make_plan(scene: Scene) -> Plan:
    """One `FrameSpec` for each frame or still of `scene`, with all its numbers resolved."""
    frames = np.arange(scene.frame_count, dtype=np.float64)
    grows = np.full(len(frames), scene.video.n_batches is None)
    grows[0] = False
    ways = _ways(scene.camera, frames, grows)
    painted = denoises(scene, frames, grows)
    rate, saves = scene.output.display_rate, scene.output.intermediate_saves
    specs = tuple(
        FrameSpec(
            frame=frame,
            size=scene.video.size,
            seed=scene.seed,
            inputs=inputs,
            motions=motions,
            camera=camera,
            denoise=denoise,
            display_rate=rate,
            intermediate_saves=saves.of(denoise.sampler.steps - denoise.sampler.skip_steps),
        )
        for frame, (inputs, (motions, camera), denoise) in enumerate(
            zip(_inputs(scene, grows), ways, painted, strict=True)
        )
    )
    return _plan(scene, specs)


def _plan(scene: Scene, frames: tuple[FrameSpec, ...]) -> Plan:
    outputs = tuple(_output(scene, one) for one in scene.outputs or (scene.output,))
    return Plan(
        frames=frames,
        fps=scene.video.fps,
        title=scene.video.title,
        networks={MAIN: _networks(scene.models)},
        output=outputs[0],
        outputs=outputs[1:],
    )


def plan_to_json(plan: Plan) -> str:
    """The whole plan as JSON text."""
    return json.dumps(plan.to_json(), ensure_ascii=False)


def _inputs(scene: Scene, grows: NDArray[np.bool_]) -> Iterator[tuple[Input, ...]]:
    """What each frame is made of: the frame before it, the init image, or nothing."""
    image = scene.sampler.init_image
    anew: tuple[Input, ...] = () if image is None else (PictureFile(str(image)),)
    for frame, grown in enumerate(grows.tolist()):
        yield (SavedFrame(frame - 1),) if grown else anew


def _ways(camera: Camera, frames: Times, grows: NDArray[np.bool_]) -> list[Way]:
    def way(depth: DepthPictureSpec | None, fov: float, *motion: float) -> Way:
        seen = CameraSpec(
            mode=camera.mode,
            fov=fov,
            projection=camera.projection,
            padding=PADDING[camera.mode] if camera.padding is None else camera.padding,
            sampling=camera.sampling,
            depth=depth,
        )
        return (CameraMotion(*motion),), seen

    numbers = (getattr(camera, motion.name) for motion in fields(CameraMotion))
    moving = sections(
        way,
        _depths(camera, len(frames)),
        column(camera.fov, frames),
        *(column(number, frames) for number in numbers),
    )
    return [made if grown else AT_REST for made, grown in zip(moving, grows, strict=True)]


def _depths(camera: Camera, count: int) -> list[DepthPictureSpec | None]:
    """For each frame the picture of the depth of the one before it, where the author gives it."""
    given = camera.depth
    if given is None:
        return [None] * count
    return [None, *(DepthPictureSpec(str(file), given.white) for file in given.files)]


def _networks(models: Models) -> NetworkSet:
    return NetworkSet(
        preset=models.preset,
        denoiser=models.denoiser,
        secondary=models.secondary,
        encoders={encoder.name: encoder.source for encoder in models.encoders},
        depth=models.depth,
        precision=models.precision,
        truncate_prompts=models.truncate_prompts,
    )


def _output(scene: Scene, output: VideoFile) -> OutputSpec:
    music, size = scene.music.file, output.video_size(scene.video.size)
    return OutputSpec(
        file=output.file,
        stills=scene.video.n_batches is not None,
        size=None if size == scene.video.size else size,
        upscale=output.upscale,
        fit=output.fit,
        crf=OutputSpec().crf if output.crf is None else output.crf,
        preset=output.preset or OutputSpec().preset,
        bit_depth=output.bit_depth or OutputSpec().bit_depth,
        soundtrack=None if music is None else str(music),
    )
