"""Rules between the denoiser of a scene and the settings that only some denoisers know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pydantic import AfterValidator, ValidationInfo

from keyframes.mistakes import Mistakes
from pipeline.catalogue.facts import distilled_spacing, pipeline_of, reads_embeddings
from pipeline.catalogue.takers import check_control, check_lora, not_taken
from pipeline.catalogue.word_files import check_word
from pipeline.scene.reading.adapters import Control, Lora
from pipeline.scene.reading.checkpoints import model_errors_told
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.moving import constant
from pipeline.spec.fingerprints import FileRole
from pipeline.spec.samplers import SAMPLER_FACTS
from pipeline.spec.sources import Source


def for_denoiser(role: FileRole) -> AfterValidator:
    """Refuses something for the denoiser, which stands before it in `models`, that it cannot take.

    A preset's is left out for another denoiser than the preset's.
    """

    def check(value: Any, info: ValidationInfo) -> Any:
        denoiser = info.data.get("denoiser")
        if not value or denoiser is None:
            return value
        with model_errors_told():
            fault = not_taken(denoiser, role)
        if not fault:
            return value
        if not context_of(info).wrote("models", str(info.field_name)):
            return type(value)() if isinstance(value, Mapping) else None
        raise ValueError(f"{fault}; remove {info.field_name}, or name such a denoiser")

    return AfterValidator(check)


def _denoiser(info: ValidationInfo) -> Source | None:
    """The denoiser; None where the networks could not be read, which is told already."""
    models = info.data.get("models") if context_of(info).models_read else None
    return None if models is None else models.denoiser


def _loras_fit(loras: tuple[Lora, ...], info: ValidationInfo) -> tuple[Lora, ...]:
    denoiser = _denoiser(info)
    if denoiser is not None and loras:
        _taken(denoiser, "lora", info)
        mistakes = Mistakes()
        for lora in loras:
            mistakes.at(lora.name).attempt(partial(_fits, check_lora, denoiser), lora.source)
        mistakes.raise_any()
    return loras


def _words_fit(words: Mapping[str, Source], info: ValidationInfo) -> Mapping[str, Source]:
    denoiser = info.data.get("denoiser")
    if denoiser is not None:
        mistakes = Mistakes()
        for word, source in words.items():
            mistakes.at(word).attempt(partial(_fits, check_word, denoiser), source)
        mistakes.raise_any()
    return words


words_fit = AfterValidator(_words_fit)
"""Refuses learned words that are none, or that were made for another denoiser."""

loras_fit = AfterValidator(_loras_fit)
"""Refuses LoRAs for a denoiser that takes none, or that were made for another."""


def _controls_fit(controls: tuple[Control, ...], info: ValidationInfo) -> tuple[Control, ...]:
    denoiser = _denoiser(info)
    if denoiser is not None and controls:
        _taken(denoiser, "control", info)
        sampler = info.data.get("sampler")
        if sampler is not None and sampler.seamless:
            raise ValueError(
                "sampler.seamless turns the picture round, and a ControlNet sees it unturned; "
                "remove controls, or remove sampler.seamless"
            )
        for control in controls:
            _fits(check_control, denoiser, control.source)
    return controls


controls_fit = AfterValidator(_controls_fit)
"""Refuses ControlNets for a denoiser that takes none, or that were made for another."""


def _taken(denoiser: Source, role: FileRole, info: ValidationInfo) -> None:
    with model_errors_told():
        fault = not_taken(denoiser, role)
    if fault:
        raise ValueError(f"{fault}; remove {info.field_name}, or name such a denoiser")


def _fits(check: Any, denoiser: Source, source: Source) -> None:
    with model_errors_told():
        check(source, denoiser)


_OF_PIXELS = "this denoiser works on latents, not on pixels"


def _spaced(sampler: Any, info: ValidationInfo) -> Any:
    wrote, denoiser = context_of(info).wrote, _denoiser(info)
    another = wrote("models", "denoiser") and denoiser and not reads_embeddings(denoiser)
    distilled = SAMPLER_FACTS[sampler.name].distilled
    if wrote("sampler", "spacing") or not (another or distilled):
        return sampler
    told = None if distilled or denoiser is None else distilled_spacing(denoiser)
    return sampler.model_copy(update={"spacing": told})


spaced_for_its_denoiser = AfterValidator(_spaced)
"""A preset's spacing counts for its denoiser and its kind, and gives way to a distillation's, be it
the sampler's or the denoiser's."""


def _sampled(sampler: Any, info: ValidationInfo) -> Any:
    denoiser = _denoiser(info)
    facts = None if denoiser is None else pipeline_of(denoiser)
    if facts is None or not facts.is_latent:
        return sampler
    off = {"clip_denoised": False, "dynamic_threshold": None}
    mistakes = Mistakes()
    on = [name for name, value in off.items() if getattr(sampler, name) != value]
    for name in on:
        if context_of(info).wrote("sampler", name):
            mistakes.at(name).add(f"{_OF_PIXELS}, whose range it would clamp; remove {name}")
    mistakes.raise_any()
    # The preset's.
    return sampler.model_copy(update=off) if on else sampler


sampled_in_its_space = AfterValidator(_sampled)
"""Clamping the estimate of the clean picture is for denoisers of pixels."""


def _guided(guidance: Any, info: ValidationInfo) -> Any:
    denoiser = _denoiser(info)
    if denoiser is None:
        return guidance
    facts, mistakes = pipeline_of(denoiser), Mistakes()
    wrote = partial(context_of(info).wrote, "guidance")
    changes: dict[str, Any] = {}
    if guidance.distilled_cfg_scale is not None and facts is None:
        changes["distilled_cfg_scale"] = None
        if wrote("distilled_cfg_scale"):
            mistakes.at("distilled_cfg_scale").add(
                "this denoiser is no text-to-image network that was taught guidance; remove "
                "distilled_cfg_scale"
            )
    if guidance.gradient == "secondary" and facts is not None and facts.is_latent:
        changes["gradient"] = "denoiser"
        if wrote("gradient"):
            mistakes.at("gradient").add(
                f"{_OF_PIXELS}, which the secondary model sees; write gradient: denoiser or none"
            )
    mistakes.raise_any()
    if facts is not None and not wrote("range_scale"):
        changes["range_scale"] = constant(0.0)
    return guidance.model_copy(update=changes) if changes else guidance


guided_in_its_space = AfterValidator(_guided)
"""The secondary model is for denoisers of pixels, and a told guidance scale for those taught it.

A text-to-image network keeps its colours by itself: a `range_scale` that nobody wrote would have
each of its steps take a gradient, which costs several times a plain one."""
