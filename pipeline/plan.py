"""A scene to a plan: curves and prompts evaluated for all frames at once, a spec for each frame.

Sections that are equal are one object: a camera that rests costs one `CameraSpec`, and a plan of
thousands of frames stays small.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.models.sources import ModelsSpec
from pipeline.reading.first_then import OFF, FirstThen
from pipeline.reading.moving import Number, constant, sampled
from pipeline.reading.scheduled import Scheduled
from pipeline.scene import Camera, Models, Scene
from pipeline.scene_denoising import Guidance, Sampler
from pipeline.spec import (
    CameraSpec,
    DepthPictureSpec,
    EncoderSpec,
    FrameSpec,
    GuidanceSpec,
    OutputSpec,
    Padding,
    PictureSpec,
    Plan,
    SamplerName,
    SamplerSpec,
    StepSchedule,
    at_all_steps,
)

SHOT = "main"
"""The name of the one shot that a scene has."""

SCHEDULED = (
    *("cfg_scale", "clip_guidance_scale", "tv_scale", "range_scale", "sat_scale", "clamp_max"),
    *("cut_overview", "cut_innercut", "cut_ic_pow", "cut_icgray_p"),
)
"""The settings of guidance that may change while a frame is denoised."""

COUNTS = frozenset({"cut_overview", "cut_innercut"})
"""Those that are whole numbers."""

Times = NDArray[np.float64]
Start = Literal["noise", "first", "then"]
"""What a frame starts from: nothing, an init image, or the previous frame."""
Section = TypeVar("Section")

PADDING: dict[str, Padding] = {"2d": "wrap", "3d": "border"}
"""What each camera does at the edges unless the scene says otherwise."""

ETA: dict[SamplerName, float] = {"ddim": 0.8, "plms": 0.0, "dpmpp_2m": 0.0}
"""The fresh noise of each sampler unless the scene or its preset says otherwise."""

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
    picture, encoders = PictureSpec(*scene.video.size), _encoders(scene.models)
    rate, saves = scene.output.display_rate, scene.output.intermediate_saves
    columns = zip(
        grows.tolist(),
        scene.prompts.over(len(frames)),
        _cameras(scene.camera, frames, grows),
        _samplers(scene.sampler, frames, grows),
        _guidance(scene.guidance, frames, _starts(scene, grows)),
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
    moving = _sections(
        moved, _depths(camera, len(frames)), *(_column(number, frames) for number in numbers)
    )
    return [spec if grown else RESTING for spec, grown in zip(moving, grows, strict=True)]


def _depths(camera: Camera, count: int) -> list[DepthPictureSpec | None]:
    """For each frame the picture of the depth of the one before it, where the author gives it."""
    given = camera.depth
    if given is None:
        return [None] * count
    return [None, *(DepthPictureSpec(str(file), given.white) for file in given.files)]


def _samplers(sampler: Sampler, frames: Times, grows: NDArray[np.bool_]) -> list[SamplerSpec]:
    skip = sampler.skip_steps
    without_picture = sampler.init_image is None and sampler.perlin_init is None
    starts_blank = skip.first_needs_picture and without_picture
    first = 0 if starts_blank else skip.first.of(sampler.steps)
    image = None if sampler.init_image is None else str(sampler.init_image)
    eta = constant(ETA[sampler.name]) if sampler.eta is None else sampler.eta

    threshold = sampler.dynamic_threshold
    thresholds = [None] * len(frames) if threshold is None else _column(threshold, frames)

    def sampled_with(eta: float, threshold: float | None, then: int, grown: bool) -> SamplerSpec:
        return SamplerSpec(
            name=sampler.name,
            steps=sampler.steps,
            skip_steps=then if grown else first,
            eta=eta,
            noise_period=sampler.noise_period if grown else 1,
            init_image=None if grown else image,
            perlin_init=None if grown else sampler.perlin_init,
            symmetry=sampler.symmetry,
            clip_denoised=sampler.clip_denoised,
            dynamic_threshold=threshold,
        )

    skips = skip.then.over(sampler.steps, frames)
    return _sections(sampled_with, _column(eta, frames), thresholds, skips, grows.tolist())


def _starts(scene: Scene, grows: NDArray[np.bool_]) -> list[Start]:
    anew: Start = "noise" if scene.sampler.init_image is None else "first"
    return ["then" if grown else anew for grown in grows]


def _guidance(guidance: Guidance, frames: Times, starts: list[Start]) -> list[GuidanceSpec]:
    def guided(
        batches: float,
        copies: float,
        noise: float,
        init: StepSchedule,
        held: StepSchedule,
        *scheduled: StepSchedule,
    ) -> GuidanceSpec:
        return GuidanceSpec(
            gradient=guidance.gradient,
            cutn_batches=round(batches),
            skip_augs=guidance.skip_augs,
            fuzzy_prompt=round(copies),
            rand_mag=noise,
            init_scale=init,
            init_hold=held,
            perceptual=guidance.perceptual if init != OFF else "pyramid",
            **dict(zip(SCHEDULED, scheduled, strict=True)),
        )

    return _sections(
        guided,
        np.rint(_column(guidance.cutn_batches, frames)).tolist(),
        np.rint(_column(guidance.fuzzy_prompt, frames)).tolist(),
        _column(guidance.rand_mag, frames),
        _of_the_init("init_scale", guidance.init_scale, frames, starts),
        _of_the_init("init_hold", guidance.init_hold, frames, starts),
        *(_schedules(getattr(guidance, name), name, frames) for name in SCHEDULED),
    )


def _of_the_init(
    name: str, setting: FirstThen, frames: Times, starts: list[Start]
) -> list[StepSchedule]:
    """The values of a setting that speaks of the picture that a frame starts from."""
    values = {
        "noise": [OFF] * len(frames),
        "first": _schedules(setting.first, name, frames),
        "then": _schedules(setting.then, name, frames),
    }
    return [values[start][frame] for frame, start in enumerate(starts)]


def _schedules(setting: Scheduled, name: str, frames: Times) -> Sequence[StepSchedule]:
    """The values over the denoising of each frame; a number over the video holds throughout."""
    if isinstance(setting, tuple):
        return [setting] * len(frames)
    column = np.asarray(_column(setting, frames))
    values: list[float] = (np.rint(column) if name in COUNTS else column).tolist()
    return [at_all_steps(value) for value in values]


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


def _column(number: Number, frames: Times) -> list[float]:
    # Adding zero turns -0.0 into 0.0: the two are equal, yet would be different texts in a digest.
    column: list[float] = (sampled(number, frames) + 0.0).tolist()
    return column


def _sections(make: Callable[..., Section], *columns: Sequence[object]) -> list[Section]:
    """`make` of each row of the columns; equal rows give one object."""
    rows = list(zip(*columns, strict=True))
    made = {row: make(*row) for row in dict.fromkeys(rows)}
    return [made[row] for row in rows]


def _output(scene: Scene) -> OutputSpec:
    output, music = scene.output, scene.music.file
    size = output.video_size(scene.video.size)
    return OutputSpec(
        file=output.file,
        size=None if size == scene.video.size else size,
        upscale=output.upscale,
        crf=output.crf,
        preset=output.preset,
        soundtrack=None if music is None else str(music),
    )
