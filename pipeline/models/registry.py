"""The presets: named sets of models, and the settings that suit them. Imports no torch.

A preset says where its models lie, which picture sizes its denoiser allows, and what a scene gets
for every sampler and guidance setting that it does not write itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pipeline.digest import bytes_digest, file_digest
from pipeline.errors import ModelError

_STARTER = Path(__file__).with_name("starter")


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of models."""

    name: str
    denoiser: Path
    """A diffusers folder."""
    encoder: Path
    """An open_clip folder."""
    depth: Path
    """A folder of `pipeline.models.depth`."""
    size_multiple: int
    """Width and height of a frame are multiples of this."""
    defaults: Mapping[str, Mapping[str, object]]
    """Section of the scene -> setting -> value, beneath what the author wrote."""

    def folders(self) -> dict[str, Path]:
        """The folders of all models, by their role."""
        return {"denoiser": self.denoiser, "encoder": self.encoder, "depth": self.depth}


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "starter": Preset(
            name="starter",
            denoiser=_STARTER / "denoiser",
            encoder=_STARTER / "clip",
            depth=_STARTER / "depth",
            size_multiple=16,
            defaults={
                "sampler": {"steps": 25, "skip_steps": {"first": 0, "then": "40%"}, "eta": 0.8},
                "guidance": {
                    "cfg_scale": 2.0,
                    "clip_guidance_scale": 300.0,
                    "clamp_max": 0.05,
                    "cutn_batches": 1,
                    "cut_overview": 2,
                    "cut_innercut": 2,
                },
                "output": {"upscale": "starter"},
            },
        )
    }
)


UPSCALER = _STARTER / "upscaler"
"""The folder of the network behind `output.upscale: starter`."""

_NETWORK_FILES = frozenset({".safetensors", ".json"})


def fingerprints(preset: Preset) -> dict[str, str]:
    """The SHA-256 of each file that makes up the preset's networks, by role and file name.

    Raises:
        ModelError: a folder is missing or empty, or a file cannot be read.
    """
    return {
        f"{role}/{path.relative_to(folder).as_posix()}": _digest(path)
        for role, folder in preset.folders().items()
        for path in _network_files(folder, preset.name)
    }


def upscaler_fingerprint() -> str:
    """The SHA-256 over the files of the upscaler.

    Raises:
        ModelError: the folder is missing or empty, or a file cannot be read.
    """
    files = _network_files(UPSCALER, "starter")
    return bytes_digest(" ".join(map(_digest, files)).encode())


def _network_files(folder: Path, preset: str) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in _NETWORK_FILES)
    if not files:
        raise ModelError(
            f"{folder}: the models of the preset {preset!r} are not here; install the package again"
        )
    return files


def _digest(path: Path) -> str:
    try:
        return file_digest(path)
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); install the package again"
        ) from error
