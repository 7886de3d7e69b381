"""Deforum's strength, cadence, steps, sampler and colours."""

from __future__ import annotations

import numpy as np

from pipeline.scene.importers.cadence import put_cadence
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders, picture
from pipeline.scene.importers.moving import Array, Moving, moving, plain
from pipeline.scene.importers.schedule import moving_of, read_schedule, values_of
from pipeline.scene.importers.source import Source, fitted, put_moving
from pipeline.scene.importers.translation import Course

SAMPLERS = {
    **dict.fromkeys(("ddim", "ddim cfg++"), ("ddim", 0.0, "")),
    **{name: (name, None, "") for name in ("plms", "euler", "heun", "unipc", "lcm")},
    **dict.fromkeys(("euler a", "euler_ancestral"), ("euler_a", None, "")),
    **dict.fromkeys(("dpm++ 2m", "dpmpp_2m"), ("dpmpp_2m", None, "")),
    **dict.fromkeys(("dpm++ 2m sde", "dpmpp_2m_sde"), ("dpmpp_2m_sde", None, "")),
    **dict.fromkeys(("klms", "lms", "dpm2"), ("ddim", 0.0, "nearest")),
    **dict.fromkeys(("dpm2 a", "dpm2_ancestral"), ("euler_a", None, "nearest")),
}
"""The sampler of a scene, its eta, and how it is like the other one."""


def put_painting(source: Source, draft: Draft, folders: Folders, course: Course, mode: str) -> None:
    """Write how a frame becomes a picture, and how much of it is painted anew."""
    starts = _put_start(source, draft, folders)
    _put_sampler(source, draft)
    if mode == "interpolation":
        draft.put("sampler.strength", {"first": 1, "then": 1}, "every frame by itself")
        source.known("strength_schedule", "strength", "diffusion_cadence")
    else:
        _put_strength(source, draft, course, is_still=mode == "none", starts=starts)
    _put_guidance(source, draft, course)
    if mode != "none":
        _put_colour(source, draft, folders)


def _put_guidance(source: Source, draft: Draft, course: Course) -> None:
    """Write the scale of classifier-free guidance."""
    names = ("cfg_scale_schedule", "scale", "cfg_scale")
    source.known(*names, "distilled_cfg_scale_schedule", "pix2pix_img_cfg_scale")
    read = source.moving(*names, course=course, default=7.0)
    scale = fitted(read, names[0], 0, 100, draft)
    put_moving(draft, "guidance.cfg_scale", names[0], scale)


def _put_start(source: Source, draft: Draft, folders: Folders) -> bool:
    """Write the picture that the first frame starts from; whether there is one."""
    name, path = source.take("init_image")
    if not source.flag("use_init") or path is None:
        return False
    found = picture(str(path), name, folders, draft)
    if found is not None:
        draft.put("sampler.init_image", found)
    return found is not None


def _put_sampler(source: Source, draft: Draft) -> None:
    named = source.text("sampler", "sampler_name", default="euler a").lower()
    levels = source.text("scheduler", default="automatic").lower()
    written = named.removesuffix(" karras")
    eta = source.number("ddim_eta", default=0, low=0, high=1)
    name, usual, alike = SAMPLERS.get(written, ("ddim", 0.0, "nearest"))
    draft.put("sampler.name", name)
    if alike:
        draft.slight("sampler", f'"{named[:40]}" is not among the samplers: {name} is {alike}')
    if written != named or levels == "karras":
        draft.put("sampler.spacing", "karras")
    draft.put("sampler.steps", source.whole("steps", default=25, low=1, high=1000))
    if usual is not None:
        draft.put("sampler.eta", plain(eta if written == "ddim" else usual))


def _put_strength(
    source: Source, draft: Draft, course: Course, *, is_still: bool, starts: bool
) -> None:
    """Write the share that is painted anew: 1 less what Deforum calls strength."""
    slider = 1 - source.number("strength", default=0.8, low=0, high=1)
    # A frame that starts anew is painted in one step at least.
    first = plain(max(slider, 0.01)) if starts else 1
    every = max(1, source.whole("diffusion_cadence", default=1, low=0, high=1000))
    name, written = source.take("strength_schedule", "previous_frame_strength_schedule")
    if is_still:
        draft.put("sampler.strength", {"first": first})
        return
    try:
        then = _painted(0.65 if written is None else written, course)
    except ValueError as error:
        draft.differs(name, f"{error}: 0.65 throughout in its place")
        then = _painted(0.65, course)
    draft.put(
        "sampler.strength", {"first": first, "then": then.written}, "1 less the strength there"
    )
    put_cadence(draft, "diffusion_cadence", every)
    if source.text("optical_flow_cadence", default="None").lower() != "none" and every > 1:
        draft.put("sampler.inbetween", "flow", "optical_flow_cadence")
    _tell_lost_frames(draft, course, every)
    if then.is_sampled:
        draft.slight(name, "no formula of a scene is equal: its values are written as keys")
    draft.slight(name, "steps are rounded here, and cut off there: one step more or less")


def _painted(written: object, course: Course) -> Moving:
    """The share of a frame that is painted anew."""

    def change(strength: Array) -> Array:
        return 1 - np.clip(strength, 0, 1)

    schedule = read_schedule(written, course)
    raw = values_of(schedule, course)
    if np.ptp(raw) == 0:
        steady = plain(float(1 - np.clip(raw[0], 0, 1)))
        return moving(change(raw), [steady])
    beyond = bool(np.any((raw < 0) | (raw > 1)))

    def wrap(formula: str) -> str:
        return f"1 - clamp({formula}, 0, 1)" if beyond else f"1 - ({formula})"

    return moving_of(schedule, course, change, wrap)


def _tell_lost_frames(draft: Draft, course: Course, every: int) -> None:
    count = len(course.frames)
    written = (count - 1) // every * every
    if 0 < written < count:
        draft.slight(
            "diffusion_cadence",
            f"Deforum never writes the last {count - written} of its frames; here all are there",
        )


def _put_colour(source: Source, draft: Draft, folders: Folders) -> None:
    how = source.text("color_coherence", default="None").lower()
    name, path = source.take("color_coherence_image_path")
    if how == "none":
        return
    of: str | None = "first"
    if how == "image":
        of = picture(str(path or ""), name, folders, draft)
    elif "video" in how:
        of = None
        draft.lost("color_coherence", "there is no film whose colours could be taken")
    if of is not None:
        draft.put("guidance.keep_colour", {"of": of, "by": "histogram"})
        draft.slight("color_coherence", "colours are matched once a frame, before it is painted")
