"""Readers of what a scene adds to a text-to-image network: LoRAs, ControlNets, embeddings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from pipeline.catalogue.publication import Role
from pipeline.scene.reading import forms
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Reader, one_of
from pipeline.scene.reading.moving import Number, constant, read_moving
from pipeline.scene.reading.networks import PROGRESS, progress_of
from pipeline.scene.reading.ranges import between
from pipeline.scene.reading.sources import read_source
from pipeline.spec.adapters import Hint
from pipeline.spec.sources import LINEAR, NamedSource, Source

FULL = "full"
_LORA_WEIGHT, _CONTROL_WEIGHT = between(-10, 10), between(0, 10)
_NAME = forms.text("a name, a folder, a file")
_ONE = constant(1.0)
_REQUIRED = ("network", "hint")
_CONTROL = forms.keyed(
    {
        "network": (_NAME, "A published ControlNet, or a diffusers folder."),
        "hint": (
            forms.words(*get_args(Hint)),
            "What it is shown of the picture that a frame starts from.",
        ),
        "weight": (forms.moves(_CONTROL_WEIGHT), "What its residuals count, 1 unless written."),
        "from": (PROGRESS, "Progress of the denoising from which it counts: 0 is noise."),
        "until": (PROGRESS, "Progress of the denoising until which it counts: 1 is picture."),
    },
    required=_REQUIRED,
)


@dataclass(frozen=True, slots=True)
class Lora:
    """A low-rank adapter and what its change of the weights counts over the video."""

    name: str
    """File of the adapter as the author wrote it."""
    source: Source
    weight: Number


@dataclass(frozen=True, slots=True)
class Control:
    """A ControlNet, what it is shown, and what it counts over the video and the denoising."""

    name: str
    source: Source
    hint: Hint
    weight: Number = _ONE
    start: float = 0.0
    until: float = 1.0


def loras() -> Reader:
    """Reader of low-rank adapters: a mapping of files to weights that may move."""

    def read(value: Any, info: ValidationInfo) -> tuple[Lora, ...]:
        if not isinstance(value, Mapping):
            raise ValueError(
                f"expected files of LoRAs and their weights, such as {{ink.safetensors: 0.8}}; "
                f"found {found(value)}"
            )
        mistakes = Mistakes()
        read_each = [_lora(name, one, mistakes.at(name), info) for name, one in value.items()]
        mistakes.raise_any()
        return tuple(lora for lora in read_each if lora is not None)

    weight = forms.moves(_LORA_WEIGHT)
    return Reader(read, forms.named(weight, "files and weights that move"))


def _lora(name: Any, weight: Any, mistakes: Mistakes, info: ValidationInfo) -> Lora | None:
    folder = context_of(info).folder
    source = mistakes.attempt(partial(read_source, folder=folder, role=Role.LORA), name)
    counts = partial(read_moving, allowed=_LORA_WEIGHT, info=info, name="weight")
    number = mistakes.attempt(counts, weight)
    return None if source is None or number is None else Lora(str(name), source, number)


def embeddings() -> Reader:
    """Reader of textual inversion: a mapping of the words of prompts to files."""

    def read(value: Any, info: ValidationInfo) -> dict[str, Source]:
        if not isinstance(value, Mapping):
            raise ValueError(
                "expected words of prompts and their files, such as "
                f"{{charcoal: charcoal.safetensors}}; found {found(value)}"
            )
        mistakes, folder = Mistakes(), context_of(info).folder
        read_each = {
            str(word): mistakes.at(word).attempt(
                partial(read_source, folder=folder, role=Role.EMBEDDING), name
            )
            for word, name in value.items()
        }
        mistakes.raise_any()
        return {word: source for word, source in read_each.items() if source is not None}

    return Reader(read, forms.named(forms.text("a file"), "words and files"))


def guidance_decoder() -> Reader:
    """Reader of `full`, `linear`, or a tiny autoencoder by its name or folder; `full` is None."""

    def read(value: Any, info: ValidationInfo) -> Source | None:
        if value == FULL:
            return None
        if value == LINEAR:
            return NamedSource(LINEAR)
        return read_source(value, context_of(info).folder, Role.AUTOENCODER)

    return Reader(read, forms.either(forms.words(FULL, LINEAR), _NAME))


def network(role: Role) -> Reader:
    """Reader of a network by its name or folder."""

    def read(value: Any, info: ValidationInfo) -> Source:
        return read_source(value, context_of(info).folder, role)

    return Reader(read, _NAME)


def controls() -> Reader:
    """Reader of one or several ControlNets, each `{network, hint, weight, from, until}`."""

    def read(value: Any, info: ValidationInfo) -> tuple[Control, ...]:
        mistakes = Mistakes()
        listed = value if isinstance(value, list) else [value]
        read_each = [
            _control(one, mistakes.at(place) if listed is value else mistakes, info)
            for place, one in enumerate(listed)
        ]
        mistakes.raise_any()
        return tuple(control for control in read_each if control is not None)

    return Reader(read, forms.either(_CONTROL, forms.listed(_CONTROL), what="one or a list"))


def _control(written: Any, mistakes: Mistakes, info: ValidationInfo) -> Control | None:
    """A ControlNet, or None once its mistakes are noted."""
    if not isinstance(written, Mapping):
        mistakes.add(f"expected {{network, hint, weight, from, until}}, found {found(written)}")
        return None
    readers = _readers(info)
    mistakes.check_keys(written, tuple(readers))
    parts: dict[str, Any] = {}
    for name, (field, reader) in readers.items():
        if name in written:
            parts[field] = mistakes.at(name).attempt(reader, written[name])
        elif name in _REQUIRED:
            mistakes.add(f"{name} is missing")
    if mistakes.problems:
        return None
    control = Control(str(written["network"]), **parts)
    if not control.start < control.until:
        above = f"found {control.until:g}; it is above `from`, which is {control.start:g}"
        mistakes.at("until").add(above)
        return None
    return control


def _readers(info: ValidationInfo) -> Mapping[str, tuple[str, Callable[[Any], Any]]]:
    """The keys of a ControlNet, with the field and the reader of each."""
    folder = context_of(info).folder
    return {
        "network": ("source", partial(read_source, folder=folder, role=Role.CONTROLNET)),
        "hint": ("hint", partial(one_of, get_args(Hint))),
        "weight": (
            "weight",
            partial(read_moving, allowed=_CONTROL_WEIGHT, info=info, name="weight"),
        ),
        "from": ("start", progress_of),
        "until": ("until", progress_of),
    }
