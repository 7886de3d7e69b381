"""A scene to a plan: curves and prompts evaluated for all frames at once, a spec for each frame.

Sections that are equal are one object: a camera that rests costs one `CameraSpec`, and a plan of
thousands of frames stays small.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from pipeline.plan.columns import Times, column, sections
from pipeline.plan.denoising import guidance_specs, sampler_specs, starts
from pipeline.scene.schema import Camera, Models, Scene
from pipeline.spec.frame import (
    CameraSpec,
    DepthPictureSpec,
    EncoderSpec,
    FrameSpec,
    OutputSpec,
    Padding,
    PictureSpec,
    Plan,
)
from pipeline.spec.sources import ModelsSpec

SHOT = "main"
"""The name of the one shot that a scene has."""


PADDING: dict[str, Padding] = {"2d": "wrap", "3d": "border"}
"""What each camera does at the edges unless the scene says otherwise."""

RESTING = CameraSpec(
    mode="still",
    translation=(0.0, 0.0, 0.0),
    rotation=(0.0, 0.0, 0.0),
    zoom=1.0,
    fov=40.0,
    projection="pinhole",
    padding="border",
    sampling="bicubic",
)
"""The camera of a frame that grows from no other: the same whatever the scene's camera does."""


def make_plan(scene: Scene) -> Plan:
    """One `FrameSpec` for each frame or still of `scene`, with all its numbers resolved."""
    frames = np.arange(scene.frame_count, dtype=np.float64)
    grows = np.full(len(frames), scene.video.n_batches is None)
    grows[0] = False
    turning = np.array([scene.prompts.turning(frame) for frame in frames])
    picture, encoders = PictureSpec(*scene.video.size), _encoders(scene.models)
    rate, saves = scene.output.display_rate, scene.output.intermediate_saves
    columns = zip(
        grows.tolist(),
        scene.prompts.over(len(frames)),
        _cameras(scene.camera, frames, grows),
        sampler_specs(scene.sampler, frames, grows, turning),
        guidance_specs(scene.guidance, frames, starts(scene, grows), turning),
        strict=True,
    )
    specs = tuple(
        FrameSpec(
            frame=frame,
            shot=SHOT,
            seed=scene.seed,
            previous=frame - 1 if grown else None,
            picture=picture,
            prompts=prompts,
            camera=camera,
            sampler=sampler,
            guidance=guidance,
            encoders=encoders,
            display_rate=rate,
            intermediate_saves=saves.of(sampler.steps - sampler.skip_steps),
        )
        for frame, (grown, prompts, camera, sampler, guidance) in enumerate(columns)
    )
    return Plan(
        frames=specs,
        fps=scene.video.fps,
        title=scene.video.title,
        models=_models(scene.models),
        output=_output(scene),
    )


def plan_to_json(plan: Plan) -> str:
    """The whole plan as JSON text."""
    return json.dumps(plan.to_json(), ensure_ascii=False)


def _cameras(camera: Camera, frames: Times, grows: NDArray[np.bool_]) -> list[CameraSpec]:
    def moved(
        depth: DepthPictureSpec | None, x: float, y: float, z: float, *lens: float
    ) -> CameraSpec:
        pitch, yaw, roll, zoom, fov = lens
        return CameraSpec(
            mode=camera.mode,
            translation=(x, y, z),
            rotation=(pitch, yaw, roll),
            zoom=zoom,
            fov=fov,
            projection=camera.projection,
            padding=PADDING[camera.mode] if camera.padding is None else camera.padding,
            sampling=camera.sampling,
            depth=depth,
        )

    numbers = (
        *(camera.translate_x, camera.translate_y, camera.translate_z),
        *(camera.rotate_x, camera.rotate_y, camera.roll),
        *(camera.zoom, camera.fov),
    )
    moving = sections(
        moved, _depths(camera, len(frames)), *(column(number, frames) for number in numbers)
    )
    return [spec if grown else RESTING for spec, grown in zip(moving, grows, strict=True)]


def _depths(camera: Camera, count: int) -> list[DepthPictureSpec | None]:
    """For each frame the picture of the depth of the one before it, where the author gives it."""
    given = camera.depth
    if given is None:
        return [None] * count
    return [None, *(DepthPictureSpec(str(file), given.white) for file in given.files)]


def _encoders(models: Models) -> tuple[EncoderSpec, ...]:
    return tuple(
        EncoderSpec(encoder.name, encoder.weight, encoder.start, encoder.until)
        for encoder in models.encoders
    )


def _models(models: Models) -> ModelsSpec:
    return ModelsSpec(
        preset=models.preset,
        denoiser=models.denoiser,
        secondary=models.secondary,
        encoders={encoder.name: encoder.source for encoder in models.encoders},
        depth=models.depth,
        precision=models.precision,
        truncate_prompts=models.truncate_prompts,
    )


def _output(scene: Scene) -> OutputSpec:
    output, music = scene.output, scene.music.file
    size = output.video_size(scene.video.size)
    return OutputSpec(
        file=output.file,
        size=None if size == scene.video.size else size,
        upscale=output.upscale,
        fit=output.fit,
        crf=output.crf,
        preset=output.preset,
        soundtrack=None if music is None else str(music),
    )
