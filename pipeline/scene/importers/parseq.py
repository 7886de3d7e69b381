"""Parseq's manifest, whose `rendered_frames` hold a value of every field for every frame.

Convention:
    Of a motion the `<field>_delta` counts, as Deforum takes it: what is added with each frame, and
    for `zoom` the factor. A frame that is missing has the values of the one before it; of two of
    one number the last holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.scene.importers.cadence import put_cadence
from pipeline.scene.importers.deforum_prompts import parts_of
from pipeline.scene.importers.disco_camera import BOUNDS, DEEP, FARTHEST, FLAT
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.moving import LARGEST, Array, Moving, moving
from pipeline.scene.importers.prompt_texts import EMPTY, written_prompts
from pipeline.scene.importers.source import Source, fitted, put_moving
from pipeline.scene.importers.stable_diffusion import put_stable_diffusion
from pipeline.scene.importers.translation import Course
from pipeline.scene.reading.clock import MAX_FRAMES

FPS, SIZE = 20, [512, 512]
STEP = 0.05
"""How far a weight of a prompt goes before it is written anew."""
_PLAIN = ("options", "prompts", "managedFields", "meta", "keyframes", "timeSeries", "version")
_ABOUT = ("generated_by", "keyframeLock", "reverseRender", "docId", "versionId", "timestamp")
MARKS = ("rendered_frames",)
"""Names by which a manifest is known."""

Frame = Mapping[str, Any]


def import_parseq(source: Source, draft: Draft) -> None:
    """Write all that a manifest says into `draft`; ValueError for one without frames."""
    _, rendered = source.take("rendered_frames")
    frames = _in_order(rendered, draft)
    _, options = source.take("options")
    options = options if isinstance(options, dict) else {}
    source.known(*_PLAIN, *_ABOUT)
    course = Course(np.arange(len(frames), dtype=np.float64), -1)
    fields = dict.fromkeys(name for frame in frames[:1] for name in frame)
    put_stable_diffusion(draft)
    draft.put("video.size", SIZE, "a manifest does not say it; write that of Deforum")
    draft.put("video.fps", _fps(options, draft))
    draft.put("video.duration", len(frames), "frames")
    _put_seed(frames, draft)
    _put_prompts(frames, course, draft)
    used = {"frame", "seed", "deforum_prompt", *_put_motion(frames, fields, draft)}
    used |= _put_guidance(frames, fields, draft)
    used |= _put_strength(frames, options, fields, course, draft)
    _tell_rest(frames, fields, used, draft)


def _in_order(rendered: object, draft: Draft) -> list[Frame]:
    """The frames from 0 on, without gaps."""
    numbered: dict[int, Frame] = {}
    listed = rendered if isinstance(rendered, list) else []
    for place, one in enumerate(listed):
        number = one.get("frame", place) if isinstance(one, dict) else None
        at = _finite(number)
        if at is None or not 0 <= at < MAX_FRAMES:
            draft.differs("rendered_frames", f"item {place} is no frame: left out")
            continue
        if int(at) in numbered:
            draft.slight("rendered_frames", f"frame {int(at)} stands twice, and the last one holds")
        numbered[int(at)] = one
    if not numbered:
        raise ValueError("rendered_frames holds no frame; render the document in Parseq first")
    frames: list[Frame] = []
    known = numbered[min(numbered)]
    gaps = max(numbered) + 1 - len(numbered)
    if gaps > 1000 + 10 * len(numbered):
        raise ValueError(f"rendered_frames lacks {gaps} frames; render the document again")
    for frame in range(max(numbered) + 1):
        known = numbered.get(frame, known)
        frames.append(known)
    if gaps:
        draft.slight("rendered_frames", f"{gaps} frames are missing, and hold those before them")
    return frames


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) <= LARGEST else None


def _column(frames: Sequence[Frame], name: str, default: float, draft: Draft) -> Array:
    """A field over the frames; where it is no number, the value before it."""
    values, odd = np.empty(len(frames)), 0
    last = default
    for place, frame in enumerate(frames):
        read = _finite(frame.get(name))
        odd += read is None
        last = last if read is None else read
        values[place] = last
    if odd:
        draft.differs(name, f"no number on {odd} frames, which hold the value before them")
    return values


def _fps(options: Mapping[str, Any], draft: Draft) -> float | int:
    read = _finite(options.get("output_fps")) or _finite(options.get("input_fps"))
    if read is None or not 0.125 <= read <= 240:
        draft.slight("options", f"no frame rate that can be: {FPS}")
        return FPS
    return int(read) if read == int(read) else read


def _put_seed(frames: Sequence[Frame], draft: Draft) -> None:
    seeds = {_finite(frame.get("seed")) for frame in frames} - {None}
    first = _finite(frames[0].get("seed")) or 0.0
    draft.put("seed", int(min(max(first, 0), 2**53)), "draws other noise than there")
    if len(seeds) == 1 and len(frames) > 1:
        draft.put("sampler.noise", "slow")
        draft.put("sampler.noise_period", 10_000, "one seed for all frames")
    elif any(seed is not None and seed != int(seed) for seed in seeds):
        draft.differs("seed", "no noise between two seeds: each frame draws its own")


def _put_motion(frames: Sequence[Frame], fields: Mapping[str, None], draft: Draft) -> set[str]:
    """Write what moves; the fields that are dealt with."""
    flat = {name: _motion(frames, fields, name, draft) for name in FLAT}
    deep = {name: _motion(frames, fields, name, draft) for name in DEEP}
    only_deep = set(DEEP) - set(FLAT)
    is_3d = any(not deep[name].is_always(0.0) for name in only_deep)
    read, names = (deep, DEEP) if is_3d else (flat, FLAT)
    draft.put("camera.mode", "3d" if is_3d else "2d", "a manifest does not say it")
    if is_3d:
        draft.put("camera.projection", "disco", "the box that Deforum moves through, too")
        fov = moving(
            _column(frames, "fov", 70.0, draft) if "fov" in fields else _steady(frames), ()
        )
        draft.put("camera.fov", fitted(fov, "fov", 1, 179, draft).written)
        draft.differs("depth", "here as the network says; Deforum stretches each frame's to 1 to 2")
    else:
        draft.put("camera.padding", "border")
        draft.put("camera.sampling", "bilinear")
    for name, motion in read.items():
        if not motion.is_always(1.0 if name == "zoom" else 0.0):
            low, high = BOUNDS.get(names[name], FARTHEST)
            draft.put(f"camera.{names[name]}", fitted(motion, name, low, high, draft).written)
    both = {*FLAT, *DEEP, "fov", "near", "far"}
    return both | {f"{name}_delta" for name in both} | {f"{name}_pc" for name in both}


def _steady(frames: Sequence[Frame]) -> Array:
    return np.full(len(frames), 70.0)


def _motion(frames: Sequence[Frame], fields: Mapping[str, None], name: str, draft: Draft) -> Moving:
    rest = 1.0 if name == "zoom" else 0.0
    field = f"{name}_delta" if f"{name}_delta" in fields else name
    if field not in fields:
        return moving(np.full(len(frames), rest), ())
    return moving(_column(frames, field, rest, draft), ())


def _put_strength(
    frames: Sequence[Frame],
    options: Mapping[str, Any],
    fields: Mapping[str, None],
    course: Course,
    draft: Draft,
) -> set[str]:
    """Write the share that is painted anew, and tell of the cadence."""
    if "strength" in fields:
        strength = np.clip(_column(frames, "strength", 0.65, draft), 0, 1)
    else:
        strength = np.full(len(frames), 0.65)
        draft.slight("strength", "not in the manifest: 0.65, as Deforum has it")
    every = int(min(max(_finite(options.get("cadence")) or 1, 1), 1000))
    then = moving(1 - strength, ())
    draft.put("sampler.steps", 25)
    draft.put("sampler.strength", {"first": 1, "then": then.written}, "1 less the strength there")
    put_cadence(draft, "cadence", every)
    return {"strength", "strength_delta", "strength_pc"}


def _put_guidance(frames: Sequence[Frame], fields: Mapping[str, None], draft: Draft) -> set[str]:
    """Write the scale of classifier-free guidance."""
    values = (
        _column(frames, "scale", 7.0, draft) if "scale" in fields else np.full(len(frames), 7.0)
    )
    put_moving(
        draft, "guidance.cfg_scale", "scale", fitted(moving(values, ()), "scale", 0, 100, draft)
    )
    return {"scale", "scale_delta", "scale_pc"}


def _put_prompts(frames: Sequence[Frame], course: Course, draft: Draft) -> None:
    """Write the prompts of each frame, anew where a text changes or a weight by more than STEP."""
    made: dict[int, Any] = {}
    written = shown = None
    for frame, values in enumerate(frames):
        text = values.get("deforum_prompt")
        if not isinstance(text, str) or text == shown:
            continue
        shown = text
        parts = dict(parts_of(text, frame, "deforum_prompt", draft, course, fades=True))
        if written is None or _is_other(written, parts):
            written = parts
            made[frame] = written_prompts(tuple(parts.items()), "deforum_prompt", draft)
    if len(made) > 1:
        draft.slight("deforum_prompt", f"weights of prompts move in steps of {STEP:g}")
    if not made:
        draft.differs("deforum_prompt", f'there are none: "{EMPTY}" in their place')
    draft.put("prompts", made if len(made) > 1 else next(iter(made.values()), EMPTY))


def _is_other(old: Mapping[str, float], new: Mapping[str, float]) -> bool:
    return old.keys() != new.keys() or any(
        abs(old[text] - new[text]) >= STEP or (old[text] == 0) != (new[text] == 0) for text in new
    )


def _tell_rest(
    frames: Sequence[Frame], fields: Mapping[str, None], used: set[str], draft: Draft
) -> None:
    """Tell of the fields that a scene has no counterpart for: those that are other than 0."""
    names = [name for name in fields if name not in used]
    values = {
        name: [_finite(frame.get(name)) for frame in frames]
        for name in names
        if not name.endswith(("_delta", "_pc"))
    }
    told = tuple(name for name, column in values.items() if any(column))
    if told:
        draft.differs(told, "fields of Deforum without a counterpart")
    idle = tuple(name for name in values if name not in told)
    if idle:
        draft.note_idle(idle)
