"""Settings that another one switches off: a table of what has no effect when.

A reader refuses what makes no sense beside another setting; what is in this table makes sense, and
does nothing as long as the other is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keyframes.mistakes import Located
from pipeline.catalogue.facts import reads_prompts
from pipeline.scene.painted import painted_frames
from pipeline.scene.reading.first_then import FirstThen
from pipeline.scene.reading.moving import sampled
from pipeline.scene.resting import at_rest, in_plane
from pipeline.scene.schema import Scene
from pipeline.scene.sections import ShotRead
from pipeline.scene.unused_by_stills import unused_by_stills
from pipeline.scene.unused_starts import is_on

Frames = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Settings of a section that have no effect while something else is off."""

    section: str
    settings: tuple[str, ...]
    is_off: Callable[[Scene, Frames], bool]
    """Whether it is off on all frames of a shot."""
    why: str
    """What is off, and what gives the settings something to do."""


def _no_clip(scene: Scene, frames: Frames) -> bool:
    return not is_on(scene.guidance.clip_guidance_scale, frames)


def _no_copies(scene: Scene, frames: Frames) -> bool:
    return not np.rint(sampled(scene.guidance.fuzzy_prompt, frames)).any()


def _no_parts(scene: Scene, frames: Frames) -> bool:
    return not is_on(scene.guidance.cut_innercut, frames)


def _no_likeness(scene: Scene, frames: Frames) -> bool:
    return not _is_ever_on(scene.guidance.init_scale, frames)


def _no_guidance(scene: Scene, frames: Frames) -> bool:
    guidance = scene.guidance
    scales = (
        guidance.clip_guidance_scale,
        guidance.tv_scale,
        guidance.range_scale,
        guidance.sat_scale,
    )
    return _no_likeness(scene, frames) and not any(is_on(scale, frames) for scale in scales)


def _no_prompts(scene: Scene, frames: Frames) -> bool:
    if not _no_clip(scene, frames):
        return False
    return not (is_on(scene.guidance.cfg_scale, frames) and reads_prompts(scene.models.denoiser))


def _all_painted(scene: Scene, frames: Frames) -> bool:
    if scene.video.n_batches is not None:
        return False
    painted = painted_frames(scene, range(int(frames[0]), int(frames[-1]) + 1), len(frames))
    return len(painted.frames) == len(frames)


def _not_secondary(scene: Scene, frames: Frames) -> bool:
    return scene.models.secondary is not None and scene.guidance.gradient != "secondary"


def _no_depth(scene: Scene, frames: Frames) -> bool:
    if scene.camera.depth is not None:
        return True
    return scene.camera.mode == "2d" and not _for_two_eyes(scene)


def _for_two_eyes(scene: Scene) -> bool:
    return any(one.stereo is not None for one in scene.outputs or (scene.output,))


def _no_flow(scene: Scene, frames: Frames) -> bool:
    return scene.video.input is None and scene.sampler.inbetween != "flow"


def _in_plane(scene: Scene, frames: Frames) -> bool:
    return in_plane(scene, frames) and not _for_two_eyes(scene)


def _filled_from_afar(scene: Scene, frames: Frames) -> bool:
    return scene.camera.mode == "3d" and scene.camera.memory == "shot"


def _no_song(scene: Scene, frames: Frames) -> bool:
    return scene.music.file is None


def _one_set(scene: Scene, frames: Frames) -> bool:
    return len(scene.prompts.keys) == 1


def _is_ever_on(setting: FirstThen, frames: Frames) -> bool:
    """Whether a scale is above 0 on any frame: the first, those that grow, or in a fade."""
    scales = (setting.first, setting.then, setting.fade)
    return any(scale is not None and is_on(scale, frames) for scale in scales)


_OF_CLIP = ("cut_overview", "cut_innercut", "cut_ic_pow", "cut_icgray_p", "cutn_batches")
_NO_CLIP = "clip_guidance_scale is 0, and CLIP alone uses this; remove it, or write a scale above 0"

PAIRS = (
    Pair("guidance", (*_OF_CLIP, "skip_augs", "fuzzy_prompt", "rand_mag"), _no_clip, _NO_CLIP),
    Pair(
        "guidance",
        ("rand_mag",),
        _no_copies,
        "fuzzy_prompt is 0, and this is the noise of its copies; write fuzzy_prompt: 25, or "
        "remove it",
    ),
    Pair(
        "guidance",
        ("cut_ic_pow", "cut_icgray_p"),
        _no_parts,
        "cut_innercut is 0, and this is about its cutouts; write cut_innercut: 4, or remove it",
    ),
    Pair(
        "guidance",
        ("perceptual",),
        _no_likeness,
        "init_scale is 0, and this is how it measures; write init_scale: 1000, or remove it",
    ),
    Pair(
        "guidance",
        ("clamp_max", "gradient"),
        _no_guidance,
        "all scales of guidance are 0, so that there is no gradient; write one above 0, or remove "
        "it",
    ),
    Pair(
        "guidance",
        ("clip_guidance_scale", "cfg_scale"),
        _no_prompts,
        "nothing draws the picture towards its prompts; write cfg_scale or clip_guidance_scale "
        "above 0",
    ),
    Pair(
        "guidance",
        ("discover",),
        at_rest,
        "the camera is at rest, and this finds what outgrows its detail as it moves; write a "
        "motion such as camera: {zoom: 1.02}, or remove it",
    ),
    Pair(
        "sampler",
        ("inbetween",),
        _all_painted,
        "every is 1, so that all frames are painted and none lies between; write every: 3, or "
        "remove it",
    ),
    Pair(
        "camera",
        ("padding", "sampling"),
        at_rest,
        "the camera is at rest, so that nothing comes in from outside and nothing is resampled; "
        "write a motion, or remove it",
    ),
    Pair(
        "camera",
        ("padding",),
        _filled_from_afar,
        "with memory: shot a 3d camera fills what comes into sight from what lies farther away "
        "around it; write memory: frame and repaint: off, or remove it",
    ),
    Pair(
        "camera",
        ("fov",),
        _in_plane,
        "roll and zoom look the same at any angle of view; write a motion such as translate_z: 2, "
        "or remove it",
    ),
    Pair(
        "models",
        ("depth",),
        _no_depth,
        "no network is asked for depth: the camera is a 2d one, or has depth of its own; remove "
        "it, or write camera: {mode: 3d} without depth",
    ),
    Pair(
        "models",
        ("flow",),
        _no_flow,
        "no frame goes by flow; write sampler: {every: 3, inbetween: flow}, or remove it",
    ),
    Pair(
        "models",
        ("secondary",),
        _not_secondary,
        "guidance.gradient is not secondary, so that this network is never asked; write "
        "guidance: {gradient: secondary}, or remove it",
    ),
    Pair(
        "music",
        ("fade_in", "fade_out"),
        _no_song,
        "there is no sound that could fade; write music: {file: song.ogg}, or remove it",
    ),
    Pair(
        "prompts",
        ("blend",),
        _one_set,
        "there is one set of prompts, and nothing to fade to; add another time, or remove it",
    ),
)
"""What is switched off by what; of a setting in two of them the first is told."""


def switched_off(part: ShotRead) -> Iterator[Located]:
    """What is to be said of settings that a shot writes and that another one switches off."""
    frames = np.arange(part.place.first, part.place.first + part.place.painted, dtype=np.float64)
    told: set[tuple[str, str]] = set()
    for pair in PAIRS:
        written = part.data.get(pair.section)
        if not isinstance(written, Mapping):
            continue
        found = [name for name in pair.settings if written.get(name) is not None]
        if found and pair.is_off(part.scene, frames):
            for name in found:
                if (pair.section, name) not in told:
                    told.add((pair.section, name))
                    yield Located((pair.section, name), f"this has no effect: {pair.why}")
    if part.scene.video.n_batches is not None:
        yield from unused_by_stills(part)
