"""A scene to a plan: curves and prompts evaluated for all frames at once, a spec for each frame.

Sections that are equal are one object: a camera that rests costs one `CameraSpec`, and a plan of
thousands of frames stays small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import repeat

from pipeline.plan.clip_poses import ClipPoses, clip_poses
from pipeline.plan.marks import marks
from pipeline.plan.reliefs import reliefs
from pipeline.plan.shot_frames import shot_frames
from pipeline.plan.shown import span
from pipeline.scene.output import VideoFile
from pipeline.scene.schema import Scene
from pipeline.scene.settings import Settings
from pipeline.scene.shots import Shot
from pipeline.spec.frame import MAIN, FrameSpec
from pipeline.spec.plan import OutputSpec, Plan
from pipeline.spec.sources import NetworkSet
from pipeline.spec.timeline import ShotSpan


def make_plan(scene: Scene) -> Plan:
    """One `FrameSpec` for each frame or still of `scene`, with all its numbers resolved."""
    sets = _network_sets(scene.all_shots)
    outputs = tuple(_output(scene, one) for one in scene.outputs or (scene.output,))
    return Plan(
        frames=tuple(_frames(scene, sets)),
        fps=scene.video.fps,
        title=scene.video.title,
        networks=sets,
        output=outputs[0],
        outputs=outputs[1:],
        shots=_spans(scene),
        marks=marks(scene),
        reliefs=reliefs(scene),
    )


def plan_to_json(plan: Plan) -> str:
    """The whole plan as JSON text."""
    return json.dumps(plan.to_json(), ensure_ascii=False)


def _frames(scene: Scene, sets: Mapping[str, NetworkSet]) -> Iterator[FrameSpec]:
    """The frames of all shots, one shot after the other."""
    before: Shot | None = None
    over_clip = scene.video.input is not None
    every = clip_poses(scene) if over_clip else repeat(ClipPoses(), len(scene.all_shots))
    for shot, poses in zip(scene.all_shots, every, strict=True):
        asked = _networks(shot.settings)
        name = next(name for name, networks in sets.items() if networks == asked)
        yield from shot_frames(scene, shot, before, name, poses)
        before = shot


def _spans(scene: Scene) -> tuple[ShotSpan, ...]:
    """The shots' places in the video; none for a single one that is seen as it is."""
    if scene.video.n_batches is not None:
        return ()
    spans = tuple(map(span, scene.all_shots))
    only = ShotSpan(MAIN, scene.frame_count)
    return () if spans == (only,) else spans


def _network_sets(shots: tuple[Shot, ...]) -> dict[str, NetworkSet]:
    """The different sets of networks by name: the first shot's is the main one."""
    sets: dict[str, NetworkSet] = {}
    for shot in shots:
        networks = _networks(shot.settings)
        if networks not in sets.values():
            sets[shot.name if sets else MAIN] = networks
    return sets


def _networks(settings: Settings) -> NetworkSet:
    models = settings.models
    return NetworkSet(
        preset=models.preset,
        denoiser=models.denoiser,
        secondary=models.secondary,
        encoders={encoder.name: encoder.source for encoder in models.encoders},
        depth=models.depth,
        flow=models.flow,
        guidance_decoder=models.guidance_decoder,
        refiner=models.refiner,
        second_stage=models.second_stage,
        image_prompts=models.image_prompts,
        embeddings=models.embeddings,
        loras={lora.name: lora.source for lora in settings.loras},
        controls={control.name: control.source for control in settings.controls},
        precision=models.precision,
        truncate_prompts=models.truncate_prompts,
    )


def _output(scene: Scene, output: VideoFile) -> OutputSpec:
    music, size = scene.music, output.video_size(scene.video.size)
    return OutputSpec(
        file=output.file,
        stills=scene.video.n_batches is not None,
        size=None if size == scene.video.size else size,
        upscale=output.upscale,
        fit=output.fit,
        sharpen=output.sharpen,
        crf=OutputSpec().crf if output.crf is None else output.crf,
        preset=output.preset or OutputSpec().preset,
        bit_depth=output.bit_depth or OutputSpec().bit_depth,
        soundtrack=None if music.file is None else str(music.file),
        soundtrack_start=music.start,
        fade_in=music.fade_in,
        fade_out=music.fade_out,
        stereo=output.stereo,
        spherical=output.spherical,
    )
