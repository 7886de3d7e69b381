"""Why a setting has its value on a frame: the answer, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from keyframes.time_words import counted, frame_place
from pipeline.plan.denoising import OF_THE_INIT
from pipeline.plan.field_names import chosen_fields
from pipeline.plan.frame_values import FIELDS, Value, value_words, video_frames
from pipeline.plan.over_clip import starts_as_it_grows
from pipeline.plan.reasons import Asked, Reason, written_at
from pipeline.plan.shot_frames import turning_in
from pipeline.plan.why_camera import is_by_guide
from pipeline.plan.why_every import EVERY, INBETWEEN, every_notes, every_words
from pipeline.plan.why_setting import plain_words, setting_names, setting_reasons, setting_value
from pipeline.scene.load import SceneRead
from pipeline.scene.settings import Settings
from pipeline.scene.shots import Shot
from pipeline.spec.frame import MAIN, FrameSpec
from pipeline.spec.plan import Plan

_OF_FRAMES = frozenset({"sampler.strength"})
"""Settings whose value is told by what they come to on a frame alone."""
_BY_PICTURE = frozenset(f"guidance.{name}" for name in OF_THE_INIT)


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of a setting on a frame, and why."""

    words: str
    """What it is, where: `camera.zoom is 1.02 at frame 96 (0:04, bar 3), in shot city`."""
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]
    """What other settings do to it, and to the frame."""


def why(read: SceneRead, plan: Plan, frame: int, name: str) -> Iterator[Answer]:
    """The answers for a setting, or for all of a section, on a frame of the video.

    `plan` is the scene's. Raises Error, with the near names, for a setting that there is not.
    """
    names = chosen_fields(name, setting_names())
    asked = _asked(read, plan, frame)
    for one in names:
        yield _answer(read, plan, asked, one)


def _answer(read: SceneRead, plan: Plan, asked: Asked, name: str) -> Answer:
    of_frame = name in FIELDS
    value = FIELDS[name](asked.frame) if of_frame else None
    setting = setting_value(asked, name) if name not in _OF_FRAMES else value
    unset = value is None and setting is None
    shown = _shown(asked, name, setting) if unset or not of_frame else _resolved(value)
    shown = every_words(asked) if name == EVERY else shown
    where = _where(read, plan, asked.frame.number) if of_frame else ""
    of_shot = asked.shot.name != MAIN and name.partition(".")[0] in Settings.model_fields
    shot = f", in shot {asked.shot.name}" if of_shot else ""
    verb = "are" if name == "prompts" else "is"
    notes = () if unset or not of_frame else tuple(_notes(plan, asked, name, value))
    return Answer(f"{name} {verb} {shown}{where}{shot}", tuple(setting_reasons(asked, name)), notes)


def _where(read: SceneRead, plan: Plan, frame: int) -> str:
    if plan.output.stills:
        return f" on still {frame}"
    return f" at frame {frame} ({frame_place(frame, read.scene.timebase)})"


def _resolved(value: Value) -> str:
    return "without effect" if value is None else value_words(value)


def _shown(asked: Asked, name: str, setting: object) -> str:
    """A setting that does not move, in words."""
    written = written_at(asked, tuple(name.split("."))) is not None
    return plain_words(setting) or ("as it is written" if written else "as it is by default")


def _asked(read: SceneRead, plan: Plan, frame: int) -> Asked:
    shown = video_frames(plan)[frame]
    shots = read.scene.all_shots
    place = next(n for n, shot in enumerate(shots) if shot.name == shown.shown.shot)
    over_clip = read.scene.video.input is not None
    shot, before = shots[place], shots[place - 1] if place else None
    inside = shown.shown.frame
    frames = np.arange(shot.first, shot.first + inside + 1, dtype=np.float64)
    return Asked(
        frame=shown,
        shot=shot,
        part=read.parts[place],
        grows=not plan.output.stills
        and (
            inside > 0
            or shot.before is not None
            or (over_clip and starts_as_it_grows(shot.settings))
        ),
        turned=float(turning_in(shot, before, frames)[inside]),
    )


def _notes(plan: Plan, asked: Asked, name: str, value: Value) -> Iterator[str]:
    spec, section = asked.frame.spec, name.partition(".")[0]
    if value is None:
        yield _no_effect(asked, name)
    elif spec.denoise is not None and spec.denoise.sampler.from_noise and name in _BY_PICTURE:
        yield "the frame skips no step: it starts from noise, and keeps to the picture all the same"
    if name == "camera.fov" and len(spec.motions) > 1 and not is_by_guide(asked, name):
        yield (
            f"the way from the last painted frame is one warp of {len(spec.motions)} motions, with "
            "the field of view of its first"
        )
    yield from every_notes(asked, name)
    yield from _of_noise(asked, name)
    yield from _of_the_shot(plan, asked, section)


def _of_noise(asked: Asked, name: str) -> Iterator[str]:
    """Which of the settings of noise the other one leaves without effect."""
    sampler = asked.shot.settings.sampler
    if name == "sampler.noise_period" and sampler.turning_period != sampler.noise_period:
        turns = "noise turns over a period where it is slow or warped"
        yield f"sampler.noise is {sampler.noise} here: {turns}"
    if name == "sampler.fresh_noise" and sampler.noise != "warped":
        named = sampler.noise or "not written"
        yield f"sampler.noise is {named} here: a share of it moves where it is warped"


def _no_effect(asked: Asked, name: str) -> str:
    """Why a setting says nothing of a frame."""
    spec, section = asked.frame.spec, name.partition(".")[0]
    if name == INBETWEEN and spec.denoise is not None:
        return "the frame is painted, and this is of those between painted ones"
    if spec.clip_frames and section == "camera" and not spec.motions:
        return "over the clip the camera rests throughout this shot"
    if spec.clip_frames and not spec.grows:
        return "the frame starts from the clip alone, so nothing comes along or is kept"
    if section == "camera" or spec.denoise is not None:
        if not asked.grows:
            return f"the frame starts anew: {_first(asked.shot)}, so nothing moves to it or is kept"
        if not spec.grows:
            return "the frame takes all its steps: it starts from noise alone, and keeps nothing"
        return "nothing on this frame asks for it"
    if spec.between is not None:
        return (
            f"the frame is not painted, by sampler.every: it shows {_painted_around(spec)}, moved"
        )
    moved = "the frame is only moved, and not painted: its strength is 0 here"
    if spec.carry is not None:
        moved = (
            "the frame is not painted, by sampler.every or a strength of 0: it goes with the clip"
        )
    return f"{moved}; it shows what was painted before it"


def _painted_around(spec: FrameSpec) -> str:
    """The painted frames that one between them shows, in words."""
    return " and ".join(f"frame {one}" for one in spec.earlier)


def _first(shot: Shot) -> str:
    return "it is the first" if shot.name == MAIN else f"it is the first of shot {shot.name}"


def _of_the_shot(plan: Plan, asked: Asked, section: str) -> Iterator[str]:
    """What the way in which its shot is entered and ends does to a frame."""
    weight = asked.frame.shown.weight
    if weight < 1:
        fade = next(one.fade for one in plan.shots if one.name == asked.shot.name)
        over = fade.over if fade else ""
        own = "the end of the shot" if over == asked.shot.name else f"shot {over}"
        yield f"in a fade: {weight:.4g} of the video's frame is this shot, the rest is {own}"
    end = asked.shot.end
    left = asked.shot.length - 1 - asked.frame.shown.frame
    if end is not None and left < end.frames and section in ("sampler", "guidance"):
        away = f"{counted(left, 'frame')} from here: fewer steps are taken"
        yield f"the shot ends on a picture, {away if left else 'which this frame is'}"
