"""Readers of the networks of a scene: one for each role, or a list of them with weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from pipeline.catalogue.facts import most_steps, size_multiple
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published_depth import DEPTH_CONFIGURATIONS
from pipeline.scene.reading import forms
from pipeline.scene.reading.checkpoints import model_errors_told
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, is_number
from pipeline.scene.reading.percent import read_percent
from pipeline.scene.reading.ranges import Range, between
from pipeline.scene.reading.sources import (
    read_checkpoint,
    read_depth_file,
    read_source,
)
from pipeline.spec.sources import STARTER, DepthSource, NamedSource, Source


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """An encoder that guides, how much it counts, and from when until when."""

    name: str
    """Name of the encoder as the author wrote it."""
    source: Source
    weight: float = 1.0
    start: float = 0.0
    """Progress of the denoising, from 0 (noise) to 1 (picture)."""
    until: float = 1.0


_NAME = forms.text("a name, a folder")
_DENOISER = forms.either(
    _NAME,
    forms.keyed(
        {
            "file": (forms.text("a checkpoint"), "A guided-diffusion checkpoint."),
            "config": (
                forms.text("a JSON file, or the name of a known one"),
                "The flags of its training; the JSON file of the checkpoint's name unless written.",
            ),
        },
        required=("file",),
    ),
)
_ABOVE_0, _SHARE = Range(0, 1000, open_low=True), between(0, 1)
_OF_A_BLEND = (forms.numeral(_ABOVE_0), "What it counts beside the others, 1 unless written.")
_ESTIMATOR = forms.either(
    _NAME,
    forms.keyed({"name": (_NAME, "A name or a folder."), "weight": _OF_A_BLEND}, ("name",)),
    forms.keyed(
        {
            "file": (forms.text("a checkpoint"), "A checkpoint of MiDaS or DPT."),
            "config": (
                forms.words(*DEPTH_CONFIGURATIONS),
                "What it was trained as.",
            ),
            "weight": _OF_A_BLEND,
        },
        ("file",),
    ),
)
_DEPTH = forms.either(_ESTIMATOR, forms.listed(_ESTIMATOR), what="one or a list")
PROGRESS = forms.either(forms.numeral(_SHARE), forms.text("percent", "%"))
_ENCODER = forms.either(
    _NAME,
    forms.keyed(
        {
            "name": (_NAME, "A name or a folder."),
            "weight": (forms.numeral(between(0, 1000)), "What its loss counts, 1 unless written."),
            "from": (PROGRESS, "Progress of the denoising from which it guides: 0 is noise."),
            "until": (PROGRESS, "Progress of the denoising until which it guides: 1 is picture."),
        },
        ("name",),
    ),
)
_ENCODERS = forms.either(_ENCODER, forms.listed(_ENCODER), what="one or a list")

STARTER_ENCODERS = (EncoderChoice(STARTER, NamedSource(STARTER)),)


def denoiser() -> Reader:
    """Reader of a name, a diffusers folder, or `{file, config}`: a guided-diffusion checkpoint."""

    def read(value: Any, info: ValidationInfo) -> Source:
        folder = context_of(info).folder
        if isinstance(value, dict):
            source: Source = read_checkpoint(value, folder)
        else:
            source = read_source(value, folder, Role.DENOISER)
        with model_errors_told():
            # What the rest of the scene is going to ask.
            size_multiple(source), most_steps(source)
        return source

    return Reader(read, _DENOISER)


def secondary() -> Reader:
    """Reader of the secondary model: a name or a file."""

    def read(value: Any, info: ValidationInfo) -> Source:
        return read_source(value, context_of(info).folder, Role.SECONDARY)

    return Reader(read, forms.text("a name, a file"))


def flow() -> Reader:
    """Reader of what finds optical flow: a name or a file of RAFT's weights."""

    def read(value: Any, info: ValidationInfo) -> Source:
        return read_source(value, context_of(info).folder, Role.FLOW)

    return Reader(read, forms.text("a name, a file"))


def depth() -> Reader:
    """Reader of one depth estimator or a list of them to blend, each a name or a folder.

    Each may also be `{name, weight}`, or `{file, config, weight}`: a checkpoint and the name of
    its architecture. Shares are weights divided by their sum.
    """

    def read(value: Any, info: ValidationInfo) -> tuple[DepthSource, ...]:
        folder = context_of(info).folder
        blend = _read_each(
            value,
            lambda written, there: _read_estimator(written, folder, there),
            none="an empty list; name at least one depth estimator, such as starter",
        )
        total = sum(one.share for one in blend)
        return tuple(replace(one, share=one.share / total) for one in blend)

    return Reader(read, _DEPTH)


def _read_estimator(written: Any, folder: Path, mistakes: Mistakes) -> DepthSource | None:
    """A depth estimator with its weight for a share, or None once its mistakes are noted."""

    def source_of(name: Any) -> Source:
        return read_source(name, folder, Role.DEPTH)

    if not isinstance(written, dict):
        source = mistakes.attempt(source_of, written)
        return None if source is None else DepthSource(written, source)
    if "file" in written:
        mistakes.check_keys(written, ("file", "config", "weight"))
        name, source = written["file"], read_depth_file(written, folder, mistakes)
    else:
        mistakes.check_keys(written, ("name", "weight"))
        name = written.get("name")
        source = mistakes.at("name").attempt(source_of, name)
    above_0 = _number(Range(0, 1000, open_low=True))
    weight = mistakes.at("weight").attempt(above_0, written.get("weight", 1))
    if source is None or weight is None:
        return None
    return DepthSource(name, source, weight)


def encoders() -> Reader:
    """Reader of one or several encoders: a name, a folder, or `{name, weight, from, until}`."""

    def read(value: Any, info: ValidationInfo) -> tuple[EncoderChoice, ...]:
        folder = context_of(info).folder
        return _read_each(
            value,
            lambda written, there: _read_encoder(written, folder, there),
            none="an empty list; name at least one encoder, such as ViT-B-32/openai",
        )

    return Reader(read, _ENCODERS)


class _Choice(Protocol):
    @property
    def name(self) -> str: ...


_AnyChoice = TypeVar("_AnyChoice", bound=_Choice)


def _read_each(
    value: Any, read: Callable[[Any, Mistakes], _AnyChoice | None], *, none: str
) -> tuple[_AnyChoice, ...]:
    """The networks of a list, or the one that stands in its place; `none` says that it is empty."""
    mistakes = Mistakes()
    listed = value if isinstance(value, list) else [value]
    if not listed:
        mistakes.add(none)
    choices: dict[str, _AnyChoice] = {}
    for place, written in enumerate(listed):
        there = mistakes.at(place) if listed is value else mistakes
        choice = read(written, there)
        if choice is not None and choice.name in choices:
            there.add(f'"{choice.name}" stands here twice; keep one of them')
        if choice is not None:
            choices[choice.name] = choice
    mistakes.raise_any()
    return tuple(choices.values())


def _read_encoder(written: Any, folder: Path, mistakes: Mistakes) -> EncoderChoice | None:
    """An encoder, or None once its mistakes are noted."""

    def source_of(name: Any) -> Source:
        return read_source(name, folder, Role.ENCODER)

    if not isinstance(written, dict):
        source = mistakes.attempt(source_of, written)
        return None if source is None else EncoderChoice(written, source)
    mistakes.check_keys(written, ("name", "weight", "from", "until"))
    source = mistakes.at("name").attempt(source_of, written.get("name"))
    weight = mistakes.at("weight").attempt(_number(between(0, 1000)), written.get("weight", 1))
    start = mistakes.at("from").attempt(progress_of, written.get("from", 0))
    until = mistakes.at("until").attempt(progress_of, written.get("until", 1))
    if source is None or weight is None or start is None or until is None:
        return None
    if not start < until:
        mistakes.at("until").add(f"found {until:g}; it is above `from`, which is {start:g}")
        return None
    return EncoderChoice(written["name"], source, weight, start, until)


def _number(allowed: Range) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if not is_number(value) or value not in allowed:
            raise ValueError(f"expected a number {allowed}, found {found(value)}")
        return float(value)

    return read


def progress_of(value: Any) -> float:
    """A share of the denoising, written `0.4` or `40%`."""
    share = read_percent(value)
    return _number(between(0, 1))(value if share is None else float(share))
