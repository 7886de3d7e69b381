"""What a scene names as a network: a published one, a folder or a file of one's own.

A published name comes before a folder of that name, and files are named from the scene file's
folder. An encoder `architecture/pretrained` may be any that open_clip has, by its own lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from keyframes.mistakes import Mistakes, found
from keyframes.nearest import nearest
from keyframes.quoting import quoted_path
from pipeline.catalogue.facts import CLIP_CONFIG, STARTER_FOLDERS
from pipeline.catalogue.guided_config import CONFIGURATIONS, config_beside
from pipeline.catalogue.ldm_files import is_ldm_file, ldm_kinds_of
from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_depth import DEPTH_CONFIGURATIONS
from pipeline.errors import ModelError
from pipeline.scene.reading.paths import path_from, relative_to
from pipeline.spec.sources import (
    CHECKPOINTS,
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


@contextmanager
def model_errors_told() -> Iterator[None]:
    """Make a mistake of the setting that is read of what is wrong with its network."""
    try:
        yield
    except ModelError as error:
        raise ValueError(str(error)) from error


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
        lambda name: str(_weights(_file_of(name, folder))), written.get("file")
    )
    config = None
    if "config" in written:
        config = mistakes.at("config").attempt(
            lambda name: _config_of(name, folder), written["config"]
        )
    elif file is not None and not mistakes.problems:
        config = mistakes.attempt(_config_beside, Path(file))
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
        lambda name: str(_weights(_file_of(name, folder))), written["file"]
    )
    there = mistakes.at("config") if "config" in written else mistakes
    config = there.attempt(config_of, written.get("config"))
    if file is None or config is None:
        return None
    return mistakes.attempt(partial(_looked_at, role=Role.DEPTH), CheckpointSource(file, config))


def _file_of(name: Any, folder: Path) -> Path:
    if not isinstance(name, str) or not name:
        raise ValueError(f"expected the name of a file, found {found(name)}")
    path = path_from(folder, name)
    if not _is_file(path):
        raise ValueError(f'"{quoted_path(path)}" is no file; names are {relative_to(name)}')
    return path


def _config_of(name: Any, folder: Path) -> str:
    known = (*CONFIGURATIONS, *LDM_ARCHITECTURES)
    if isinstance(name, str) and (name in known or _is_file(path_from(folder, name))):
        return name if name in known else str(_file_of(name, folder))
    hint = nearest(name, known) if isinstance(name, str) else ""
    raise ValueError(
        f"there is no configuration {found(name)}{hint}; known: "
        f"{', '.join(known)}; or a JSON file, {relative_to(name)}"
    )


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
    """The configuration of a checkpoint that the scene names none of."""
    beside = file.with_suffix(".json")
    with model_errors_told():
        if beside.exists() or not is_ldm_file(file):
            config_beside(file)
            return str(beside)
        kinds = ldm_kinds_of(file)
    if len(kinds) > 1:
        raise ValueError(
            f'"{quoted_path(file)}" can be any of {", ".join(kinds)}, which only differ in what '
            f"they predict; say which: {{file: {file.name}, config: {kinds[0]}}}"
        )
    return kinds[0]


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
        return CheckpointSource(str(_weights(path)), _config_beside(path))
    if is_file and role in _SINGLE_FILES:
        return CheckpointSource(str(_weights(path)), None)
    return None
