"""What a scene names as a network: a published one, a folder or a file of one's own.

A published name comes before a folder of that name, and files are named from the scene file's
folder. An encoder `architecture/pretrained` may be any that open_clip has, by its own lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from keyframes.mistakes import Mistakes, found
from keyframes.nearest import nearest
from keyframes.quoting import quoted_path
from pipeline.catalogue.facts import CLIP_CONFIG, STARTER_FOLDERS
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_depth import DEPTH_CONFIGURATIONS
from pipeline.scene.reading.checkpoints import (
    config_beside_of,
    config_of,
    file_of,
    model_errors_told,
    weights,
)
from pipeline.scene.reading.paths import path_from, relative_to
from pipeline.spec.sources import (
    DIS,
    STARTER,
    CheckpointSource,
    FolderSource,
    NamedSource,
    Source,
)

_OPEN_CLIP_NAME = re.compile(r"[\w.-]*\w/\w[\w.-]*")
_OPENAI = "/openai"
_BETWEEN = re.compile("[^0-9a-z]")
_HINTS = {
    Role.DENOISER: "a diffusers folder, or {file: my.pt, config: my.json}",
    Role.SECONDARY: "none, or a .pth file",
    Role.ENCODER: "any architecture/pretrained of open_clip, or an open_clip folder",
    Role.DEPTH: "a folder, or {file: my.pt, config: dpt_large}",
    Role.FLOW: "a .pth file of torchvision's RAFT",
    Role.AUTOENCODER: "full, linear, or a diffusers folder of an AutoencoderTiny",
    Role.REFINER: "none, or a diffusers folder",
    Role.SECOND_STAGE: "none, or a diffusers folder",
    Role.CONTROLNET: "a diffusers folder of a ControlNet",
    Role.IP_ADAPTER: "none, or a folder of an IP-Adapter",
    Role.LORA: "a .safetensors file of a LoRA",
    Role.EMBEDDING: "a .safetensors or .pt file of textual inversion",
}
AnySource = TypeVar("AnySource", bound=Source)
_NOUNS = {
    Role.SECONDARY: "secondary model",
    Role.DEPTH: "depth estimator",
    Role.FLOW: "optical flow",
}
_SHIPPED: Mapping[Role, tuple[str, ...]] = {
    **dict.fromkeys(STARTER_FOLDERS, (STARTER,)),
    Role.FLOW: (DIS,),
}
"""What needs no download, by its names."""
_SINGLE_FILES = (Role.SECONDARY, Role.FLOW, Role.LORA, Role.EMBEDDING)
"""Roles whose networks are no folders."""


def _looked_at(source: AnySource, role: Role) -> AnySource:
    if not isinstance(source, NamedSource):
        # What most scenes need not wait for.
        from pipeline.catalogue.own_networks import check_own

        with model_errors_told():
            check_own(source, role)
    return source


def read_checkpoint(written: dict[Any, Any], folder: Path) -> CheckpointSource:
    """The checkpoint of `{file, config}`: of guided-diffusion or Stable Diffusion.

    Raises NotationError with its mistakes.
    """
    mistakes = Mistakes()
    mistakes.check_keys(written, ("file", "config"))
    file = mistakes.at("file").attempt(
        lambda name: str(weights(file_of(name, folder))), written.get("file")
    )
    config = None
    if "config" in written:
        config = mistakes.at("config").attempt(
            lambda name: config_of(name, folder), written["config"]
        )
    elif file is not None and not mistakes.problems:
        config = mistakes.attempt(config_beside_of, Path(file))
    mistakes.raise_any()
    return _looked_at(CheckpointSource(str(file), config), Role.DENOISER)


def read_depth_file(
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

    file = mistakes.at("file").attempt(
        lambda name: str(weights(file_of(name, folder))), written["file"]
    )
    there = mistakes.at("config") if "config" in written else mistakes
    config = there.attempt(config_of, written.get("config"))
    if file is None or config is None:
        return None
    return mistakes.attempt(partial(_looked_at, role=Role.DEPTH), CheckpointSource(file, config))


def read_source(value: Any, folder: Path, role: Role) -> Source:
    """The network that `value` names for a role; ValueError for one that a render would refuse."""
    return _looked_at(_named(value, folder, role), role)


def _named(value: Any, folder: Path, role: Role) -> Source:
    known = [name for name, entry in PUBLISHED.items() if entry.role is role]
    known += _SHIPPED.get(role, ())
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a name or {_HINTS[role]}; found {found(value)}")
    if value in known:
        return NamedSource(value)
    own = _own(path_from(folder, value), role)
    if own is not None:
        return own
    candidates = known
    if role is Role.ENCODER and _OPEN_CLIP_NAME.fullmatch(value):
        from pipeline.catalogue.open_clip_encoders import check_usable, is_listed, listed_names

        if is_listed(value):
            with model_errors_told():
                check_usable(value)
            return NamedSource(value)
        candidates = [*known, *listed_names()]
    meant = _of_openai(value, known) or nearest(value, candidates)
    raise ValueError(
        f"there is no {_NOUNS.get(role, role)} {found(value)}{meant}; "
        f"{_listed(known)}{_HINTS[role]}, {relative_to(value)}"
    )


def _listed(known: Sequence[str]) -> str:
    return f"known: {', '.join(sorted(known))}; or " if known else "write "


def _of_openai(value: str, known: Sequence[str]) -> str:
    """The end of a message for names that OpenAI and Disco have: `ViT-B/32`, `ViTB32`, `RN50x4`."""
    theirs = {_squeezed(name[: -len(_OPENAI)]): name for name in known if name.endswith(_OPENAI)}
    name = theirs.get(_squeezed(value).removesuffix("px"))
    return f' (did you mean "{name}"?)' if name else ""


def _squeezed(name: str) -> str:
    return _BETWEEN.sub("", name.lower())


def _own(path: Path, role: Role) -> Source | None:
    """The folder or file at `path` as a network; None where there is nothing of that kind."""
    try:
        is_dir, is_file = path.is_dir(), path.is_file()
    except OSError:
        # Longer than a name can be.
        return None
    if is_dir and role is Role.ENCODER and not (path / CLIP_CONFIG).is_file():
        raise ValueError(
            f'"{quoted_path(path)}" is no open_clip folder: there is no {CLIP_CONFIG} in it'
        )
    if is_file and role is Role.DEPTH:
        raise ValueError(
            f'"{quoted_path(path)}" is a file; say what it is a network of: '
            f"{{file: {path.name}, config: dpt_large}}, or another of "
            f"{', '.join(DEPTH_CONFIGURATIONS)}"
        )
    if is_dir and role not in _SINGLE_FILES:
        return FolderSource(str(path))
    if is_file and role is Role.DENOISER:
        return CheckpointSource(str(weights(path)), config_beside_of(path))
    if is_file and role in _SINGLE_FILES:
        return CheckpointSource(str(weights(path)), None)
    return None
