"""Readers of the networks of a scene: names of published ones, folders, files of one's own.

A published name comes before a folder of that name, and files are named from the scene file's
folder. An encoder `architecture/pretrained` may be any that open_clip has; which there are is
asked when it is needed, so that a scene can be checked without open_clip.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationInfo

from keyframes.mistakes import Mistakes, found
from keyframes.nearest import nearest
from keyframes.quoting import quoted_path
from pipeline.catalogue.facts import STARTER_FOLDERS, most_steps, size_multiple
from pipeline.catalogue.guided_config import CONFIGURATIONS, config_beside
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_depth import DEPTH_CONFIGURATIONS
from pipeline.errors import ModelError
from pipeline.scene.reading.context import context_of
from pipeline.scene.reading.fields import Range, Reader, between, is_number
from pipeline.scene.reading.paths import path_from
from pipeline.scene.reading.percent import read_percent
from pipeline.spec.sources import (
    CHECKPOINTS,
    STARTER,
    CheckpointSource,
    DepthSource,
    FolderSource,
    NamedSource,
    Source,
)

_OPEN_CLIP_NAME = re.compile(r"[\w.-]*\w/\w[\w.-]*")
_ENCODER_CONFIG = "open_clip_config.json"
_HINTS = {
    Role.DENOISER: "a diffusers folder, or {file: my.pt, config: my.json}",
    Role.SECONDARY: "none, or a .pth file",
    Role.ENCODER: "any architecture/pretrained of open_clip, or an open_clip folder",
    Role.DEPTH: "a folder, or {file: my.pt, config: dpt_large}",
}
_NOUNS = {Role.SECONDARY: "secondary model", Role.DEPTH: "depth estimator"}


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """An encoder that guides, how much it counts, and from when until when."""

    name: str
    """As the author wrote it."""
    source: Source
    weight: float = 1.0
    start: float = 0.0
    """Progress of the denoising, from 0 (noise) to 1 (picture)."""
    until: float = 1.0


STARTER_ENCODERS = (EncoderChoice(STARTER, NamedSource(STARTER)),)


def denoiser() -> Reader:
    """A name, a diffusers folder, or `{file, config}`: a guided-diffusion checkpoint."""

    def read(value: Any, info: ValidationInfo) -> Source:
        folder = context_of(info).folder
        if isinstance(value, dict):
            source: Source = _read_checkpoint(value, folder)
        else:
            source = _read_source(value, folder, Role.DENOISER)
        try:
            # What the rest of the scene is going to ask.
            size_multiple(source), most_steps(source)
        except ModelError as error:
            raise ValueError(str(error)) from error
        return source

    return Reader(read)


def secondary() -> Reader:
    """A name or a file."""

    def read(value: Any, info: ValidationInfo) -> Source:
        return _read_source(value, context_of(info).folder, Role.SECONDARY)

    return Reader(read)


def depth() -> Reader:
    """One depth estimator or a list of them to blend, each a name or a folder.

    Or `{name, weight}`, or `{file, config, weight}`: a checkpoint and the name of its architecture.
    Shares are weights divided by their sum.
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

    return Reader(read)


def _read_estimator(written: Any, folder: Path, mistakes: Mistakes) -> DepthSource | None:
    """A depth estimator with its weight for a share, or None once its mistakes are noted."""

    def source_of(name: Any) -> Source:
        return _read_source(name, folder, Role.DEPTH)

    if not isinstance(written, dict):
        source = mistakes.attempt(source_of, written)
        return None if source is None else DepthSource(written, source)
    if "file" in written:
        mistakes.check_keys(written, ("file", "config", "weight"))
        name, source = written["file"], _read_depth_file(written, folder, mistakes)
    else:
        mistakes.check_keys(written, ("name", "weight"))
        name = written.get("name")
        source = mistakes.at("name").attempt(source_of, name)
    above_0 = _number(Range(0, 1000, open_low=True))
    weight = mistakes.at("weight").attempt(above_0, written.get("weight", 1))
    if source is None or weight is None:
        return None
    return DepthSource(name, source, weight)


def _read_depth_file(
    written: dict[Any, Any], folder: Path, mistakes: Mistakes
) -> CheckpointSource | None:
    """A checkpoint of MiDaS or DPT, or None once its mistakes are noted."""

    def config_of(name: Any) -> str:
        if isinstance(name, str) and name in DEPTH_CONFIGURATIONS:
            return name
        hint = nearest(name, DEPTH_CONFIGURATIONS) if isinstance(name, str) else ""
        fault = f"there is no depth network {found(name)}{hint}" if name else "config is missing"
        raise ValueError(
            f"{fault}; write the network that the file was trained as: "
            f"{', '.join(DEPTH_CONFIGURATIONS)}"
        )

    file = mistakes.at("file").attempt(partial(_file_of_weights, folder), written["file"])
    there = mistakes.at("config") if "config" in written else mistakes
    config = there.attempt(config_of, written.get("config"))
    return None if file is None or config is None else CheckpointSource(file, config)


def _file_of_weights(folder: Path, name: Any) -> str:
    return str(_weights(Path(_existing(folder, name))))


def _existing(folder: Path, name: Any) -> str:
    """The absolute path of a file that is there."""
    if not isinstance(name, str) or not name:
        raise ValueError(f"expected the name of a file, found {found(name)}")
    path = path_from(folder, name)
    if not _is_file(path):
        raise ValueError(f'"{path}" is no file; names are relative to the scene file')
    return str(path)


def encoders() -> Reader:
    """One encoder or a list of them, each a name or a folder, or `{name, weight, from, until}`."""

    def read(value: Any, info: ValidationInfo) -> tuple[EncoderChoice, ...]:
        folder = context_of(info).folder
        return _read_each(
            value,
            lambda written, there: _read_encoder(written, folder, there),
            none="an empty list; name at least one encoder, such as ViT-B-32/openai",
        )

    return Reader(read)


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
        return _read_source(name, folder, Role.ENCODER)

    if not isinstance(written, dict):
        source = mistakes.attempt(source_of, written)
        return None if source is None else EncoderChoice(written, source)
    mistakes.check_keys(written, ("name", "weight", "from", "until"))
    source = mistakes.at("name").attempt(source_of, written.get("name"))
    weight = mistakes.at("weight").attempt(_number(between(0, 1000)), written.get("weight", 1))
    start = mistakes.at("from").attempt(_share, written.get("from", 0))
    until = mistakes.at("until").attempt(_share, written.get("until", 1))
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


def _share(value: Any) -> float:
    """Of the denoising: `0.4` or `40%`."""
    share = read_percent(value)
    return _number(between(0, 1))(value if share is None else float(share))


def _read_checkpoint(written: dict[Any, Any], folder: Path) -> CheckpointSource:
    mistakes = Mistakes()
    mistakes.check_keys(written, ("file", "config"))

    def config_of(name: Any) -> str:
        if isinstance(name, str) and (name in CONFIGURATIONS or _is_file(path_from(folder, name))):
            return name if name in CONFIGURATIONS else _existing(folder, name)
        hint = nearest(name, CONFIGURATIONS) if isinstance(name, str) else ""
        raise ValueError(
            f"there is no configuration {found(name)}{hint}; known: "
            f"{', '.join(CONFIGURATIONS)}; or a JSON file, relative to the scene file"
        )

    file = mistakes.at("file").attempt(partial(_file_of_weights, folder), written.get("file"))
    config = None
    if "config" in written:
        config = mistakes.at("config").attempt(config_of, written["config"])
    elif file is not None and not mistakes.problems:
        config = mistakes.attempt(_config_beside, Path(file))
    mistakes.raise_any()
    return CheckpointSource(str(file), config)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # Longer than a name can be.
        return False


def _weights(file: Path) -> Path:
    """`file`, if its name ends as those of checkpoints do."""
    if file.suffix.lower() not in CHECKPOINTS:
        raise ValueError(
            f'"{quoted_path(file)}" is no file of weights by its name, which ends in one of: '
            f"{', '.join(CHECKPOINTS)}"
        )
    return file


def _config_beside(file: Path) -> str:
    try:
        config_beside(file)
    except ModelError as error:
        raise ValueError(str(error)) from error
    return str(file.with_suffix(".json"))


def _read_source(value: Any, folder: Path, role: Role) -> Source:
    known = [name for name, entry in PUBLISHED.items() if entry.role is role]
    known += [STARTER] if role in STARTER_FOLDERS else []
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a name or {_HINTS[role]}; found {found(value)}")
    if value in known:
        return NamedSource(value)
    path = path_from(folder, value)
    try:
        is_dir, is_file = path.is_dir(), path.is_file()
    except OSError:
        # Longer than a name can be.
        is_dir = is_file = False
    if is_dir and role is Role.ENCODER and not (path / _ENCODER_CONFIG).is_file():
        raise ValueError(f'"{path}" is no open_clip folder: there is no {_ENCODER_CONFIG} in it')
    if is_file and role is Role.DEPTH:
        raise ValueError(
            f'"{path}" is a file; say what it is a network of: '
            f"{{file: {value}, config: dpt_large}}, or another of {', '.join(DEPTH_CONFIGURATIONS)}"
        )
    if is_dir and role is not Role.SECONDARY:
        return FolderSource(str(path))
    if is_file and role is Role.DENOISER:
        return CheckpointSource(str(_weights(path)), _config_beside(path))
    if is_file and role is Role.SECONDARY:
        return CheckpointSource(str(_weights(path)), None)
    if role is Role.ENCODER and _OPEN_CLIP_NAME.fullmatch(value):
        return NamedSource(value)
    raise ValueError(
        f"there is no {_NOUNS.get(role, role)} {found(value)}{nearest(value, known)}; known: "
        f"{', '.join(sorted(known))}; or {_HINTS[role]}, relative to the scene file"
    )
