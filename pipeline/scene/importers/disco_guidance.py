"""Disco Diffusion's models, sampler and guidance."""

from __future__ import annotations

from itertools import groupby
from math import floor
from typing import Any

from keyframes.mistakes import NotationError
from pipeline.scene.importers.cadence import put_cadence
from pipeline.scene.importers.disco_names import (
    ENCODERS,
    OF_PRESET,
    PRESETS,
    USUAL_ENCODERS,
)
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders, picture
from pipeline.scene.importers.moving import plain
from pipeline.scene.importers.source import Source
from pipeline.scene.reading.disco_step_list import parse_step_list

PREROLL = 10
_CUTS = {
    "cut_overview": (0, 256),
    "cut_innercut": (0, 256),
    "cut_ic_pow": (0, 100),
    "cut_icgray_p": (0, 1),
}
_FAMILIES = ("pad_or_pulp", "watercolor")
_SCALES = ("clip_guidance_scale", "tv_scale", "sat_scale")
_FUZZ = 2.2
"""Length of Disco's noise of 1, relative to a prompt's vector."""


def put_models(source: Source, draft: Draft) -> None:
    """Write the preset of the denoiser, and the encoders where they are not the usual three."""
    model = source.text("diffusion_model", default=OF_PRESET["disco"])
    preset = PRESETS.get(model, "disco")
    if model not in PRESETS:
        draft.lost("diffusion_model", f'"{model[:80]}" is not published: that of {preset} paints')
    draft.put("models.preset", preset, "fetch it with: discoreel models pull")
    if model in PRESETS and OF_PRESET[preset] != model:
        draft.put("models.denoiser", model)
    on = {ENCODERS[name] for name in ENCODERS if source.has(name) and source.flag(name)}
    source.known(*ENCODERS)
    chosen = [name for name in dict.fromkeys(ENCODERS.values()) if name in on]
    if chosen and set(chosen) != set(USUAL_ENCODERS):
        draft.put("models.encoders", chosen)


def put_sampler(
    source: Source, draft: Draft, folders: Folders, *, moves: bool, is_3d: bool
) -> None:
    """Write the sampler, what a frame starts from, and the steps that it skips."""
    plms = source.text("diffusion_sampling_mode", default="ddim").lower() != "ddim"
    draft.put("sampler.name", "plms" if plms else "ddim")
    steps = source.whole("steps", default=250, low=2, high=1000)
    draft.put("sampler.steps", steps)
    _put_skips(source, draft, steps, moves=moves, is_3d=is_3d)
    eta = source.number("eta", default=0.8, low=0, high=1)
    if not plms:
        draft.put("sampler.eta", plain(eta))
    _put_start(source, draft, folders, moves=moves)
    _put_symmetry(source, draft, plms=plms)
    if source.flag("clip_denoised"):
        draft.put("sampler.clip_denoised", True)


def _put_skips(source: Source, draft: Draft, steps: int, *, moves: bool, is_3d: bool) -> None:
    first = source.whole("skip_steps", default=10, low=0, high=steps - 1)
    percent = source.text("frames_skip_steps", default="60%").rstrip("% ")
    try:
        share = min(max(int(float(percent)) / 100, 0.0), 1.0)
    except (ValueError, OverflowError):
        draft.differs("frames_skip_steps", f'"{percent[:30]}" is no share: 60%')
        share = 0.6
    skipped = min(floor(steps * share), steps - 1)
    # Disco's share is a rounded number, a hair below the one that is written.
    exact = round(share * 100) * steps // 100 == skipped
    then = f"{round(share * 100)}%" if exact else skipped
    draft.put("sampler.skip_steps", {"first": first, **({"then": then} if moves else {})})
    if moves and is_3d and source.flag("turbo_mode"):
        every = source.whole("turbo_steps", default=3, low=1, high=1000)
        preroll = source.whole("turbo_preroll", default=PREROLL, low=0, high=10**6)
        put_cadence(draft, "turbo_steps", every, preroll)


def _put_start(source: Source, draft: Draft, folders: Folders, *, moves: bool) -> None:
    clouds = source.flag("perlin_init")
    mode = source.text("perlin_mode", default="mixed").lower()
    mode = mode if mode in ("mixed", "color", "gray") else "mixed"
    _, written = source.take("init_image")
    if clouds:
        draft.put("sampler.perlin_init", mode)
        if moves:
            draft.differs(
                "perlin_init", "Disco starts every frame from clouds, and loses the one before"
            )
        if written is not None:
            draft.slight("init_image", "perlin_init takes its place, as in Disco")
    elif written is not None:
        found = picture(str(written), "init_image", folders, draft)
        if found is not None:
            draft.put("sampler.init_image", found)


def _put_symmetry(source: Source, draft: Draft, *, plms: bool) -> None:
    axes = {axis: source.flag(f"use_{axis}_symmetry") for axis in ("horizontal", "vertical")}
    _, written = source.take("transformation_percent")
    listed = written if isinstance(written, list) else [0.09]
    shares = [
        plain(float(one))
        for one in listed
        if isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1
    ]
    if not any(axes.values()):
        return
    if plms:
        draft.slight("use_horizontal_symmetry", "Disco has no symmetry with plms: none here")
    else:
        draft.put("sampler.symmetry", {axis: shares for axis, is_on in axes.items() if is_on})


def put_guidance(source: Source, draft: Draft, *, moves: bool) -> None:
    """Write the scales, the likeness to what a frame starts from, and the cutouts."""
    if not source.flag("use_secondary_model", default=True):
        draft.put("guidance.gradient", "denoiser")
    for name, usual in zip(_SCALES, (5000, 0, 0), strict=True):
        draft.put(f"guidance.{name}", plain(source.number(name, default=usual, low=0, high=1e9)))
    source.number("range_scale", default=150, low=0, high=1e9)
    draft.put("guidance.range_scale", 0, "has no effect in Disco, whatever it is there")
    _put_likeness(source, draft, moves=moves)
    bound = source.number("clamp_max", default=0.05, low=0, high=1e9)
    if source.flag("clamp_grad", default=True):
        draft.put("guidance.clamp_max", plain(bound))
    else:
        draft.put("guidance.clamp_max", 1_000_000, "clamp_grad was off")
    if source.flag("fuzzy_prompt"):
        draft.put("guidance.fuzzy_prompt", 25)
    length = source.number("rand_mag", default=0.05, low=0, high=45)
    if draft.has("guidance.fuzzy_prompt"):
        draft.put("guidance.rand_mag", plain(length * _FUZZ), f"{length:g} in Disco's unit")
    draft.put("guidance.cutn_batches", source.whole("cutn_batches", default=4, low=1, high=64))
    if source.flag("skip_augs"):
        draft.put("guidance.skip_augs", True)
    _put_cuts(source, draft)


def _put_likeness(source: Source, draft: Draft, *, moves: bool) -> None:
    first = source.number("init_scale", default=1000, low=0, high=1e9)
    source.known("frames_scale")
    then = source.number("frames_scale", default=1500, low=0, high=1e9) if moves else 0.0
    starts = draft.has("sampler.init_image") or draft.has("sampler.perlin_init")
    scales = {"first": plain(first) if starts else 0, **({"then": plain(then)} if moves else {})}
    if any(scales.values()):
        draft.put("guidance.init_scale", scales, "init_scale, and frames_scale")
        draft.put("guidance.perceptual", "lpips", "discoreel models pull vgg16 lpips_vgg")


def _put_cuts(source: Source, draft: Draft) -> None:
    source.known(*(f"{family}_{name}" for family in _FAMILIES for name in _CUTS))
    preset = PRESETS.get(source.text("diffusion_model"), "disco")
    for name, (low, high) in _CUTS.items():
        _, written = source.take(name)
        if written is None or preset in ("pixelart", "watercolor"):
            # Disco has cuts of its own for these, which the preset brings.
            continue
        try:
            draft.put(f"guidance.{name}", _step_list(written, low, high, name))
        except (ValueError, NotationError):
            draft.differs(name, "no list of a thousand values: the preset's in its place")


def _step_list(written: Any, low: float, high: float, name: str) -> str:
    """A list over the denoising in Disco's own text; ValueError if a scene cannot read it."""
    text = _repeated(written) if isinstance(written, list) else str(written)
    if len(text) > 20_000:
        raise ValueError
    for repeated in parse_step_list(text):
        for value in repeated.values:
            is_whole = value.number == int(value.number)
            if not low <= value.number <= high or (high == 256 and not is_whole):
                raise ValueError
    return text


def _repeated(values: list[Any]) -> str:
    """A list of numbers as `[12]*400+[4]*600`."""
    if not 1 <= len(values) <= 10_000:
        raise ValueError
    numbers = [float(str(value)) for value in values]
    runs = ((plain(number), len(list(run))) for number, run in groupby(numbers))
    return "+".join(f"[{number}]*{count}" for number, count in runs)
